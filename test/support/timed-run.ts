import { vi } from "vitest";
import { httpError } from "./fakes.js";

/** A pattern, or anything that runs like one. */
export interface Runnable {
  invoke(input: { messages: string }, options?: object): Promise<{ modelUsed?: string | undefined }>;
}

/** An error of a busy model, with the seconds it asks to be left alone. */
export function limited(seconds?: number): Error {
  return httpError(429, "slow down", seconds === undefined ? {} : { headers: { "retry-after": String(seconds) } });
}

/** Runs under a faked clock that only goes on while the run waits, and says how long it waited. */
export async function timedRun<Graph extends Runnable>(graph: Graph, options?: object) {
  const began = Date.now();
  let open = true;
  const run = graph.invoke({ messages: "Why is the sky blue?" }, options).finally(() => {
    open = false;
  });
  run.catch(() => {});
  while (open) {
    await new Promise(setImmediate);
    if (open && vi.getTimerCount() > 0) await vi.advanceTimersByTimeAsync(50);
  }
  const waited = Date.now() - began;
  return { waited, result: (await run) as Awaited<ReturnType<Graph["invoke"]>> };
}
