import type { Queue, Worker } from "bullmq";

/** Writes into Redis which graph the workers of a queue answer with: that of the one that started last. */
export async function noteGraph(worker: Worker, fingerprint: string): Promise<void> {
  const client = await worker.getBackend().client;
  await client.set(worker.toKey(key), fingerprint);
}

/** Reads which graph the workers of a queue answer with, also while none of them runs; `undefined` before the first one. */
export async function graphOfWorkers(queue: Queue): Promise<string | undefined> {
  const client = await queue.getBackend().client;
  return (await client.get(queue.toKey(key))) ?? undefined;
}

const key = "multimodel:graph";
