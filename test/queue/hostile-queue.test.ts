import { Queue } from "bullmq";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BatchInput, type BatchRow, createFallback, runBatch } from "../../src/index.js";
import { type BullQueueOptions, type BullWorkerOptions, bullQueue, bullWorker } from "../../src/queue/index.js";
import { EchoModel } from "../batch/echo-model.js";
import { freePort } from "../support/port.js";
import { noRedis, type RedisServer, startRedis } from "../support/redis.js";

const chain = (model: EchoModel, systemPrompt?: string) =>
  createFallback({ models: { echo: { model, retry: false, breaker: false, ...(systemPrompt && { systemPrompt }) } } });
const all = async (rows: AsyncIterable<BatchRow>) => {
  const list: BatchRow[] = [];
  for await (const row of rows) list.push(row);
  return list.sort((one, other) => Number(one.id) - Number(other.id));
};

describe.skipIf(noRedis !== undefined)(`a queue${noRedis === undefined ? "" : ` (skipped: ${noRedis})`}`, () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.stop());

  let number = 0;
  function open(options: BullQueueOptions = {}) {
    const name = `hostile-${++number}`;
    const queue = bullQueue(redis.url, { name, backoffMs: 1, pollMs: 100, ...options });
    const workers = new Set<{ close(drainMs?: number): Promise<void> }>();
    return {
      queue,
      work: async (given: BullWorkerOptions) => {
        const worker = await bullWorker(redis.url, { name, ...given });
        workers.add(worker);
        return worker;
      },
      [Symbol.asyncDispose]: async () => {
        await Promise.all([...workers].map((worker) => worker.close(0)));
        await queue.close();
      },
    };
  }

  it("gives each of two batches of one name, which run at the same time, all rows", async () => {
    await using place = open();
    const model = new EchoModel();
    const inputs = Array.from({ length: 20 }, (_, index) => `${index}`);
    const both = [0, 1].map(() => all(runBatch({ queue: place.queue, inputs, name: "same" })));
    await place.work({ graph: chain(model) });
    const [one, other] = await Promise.all(both);
    expect(one).toEqual(other);
    expect([one!.length, model.asked.length]).toEqual([20, 20]);
  });

  it("tries an item that fails at once as often as it may, however fast its worker is", async () => {
    await using place = open({ attempts: 1 });
    const model = new EchoModel(() => Promise.reject(new Error("no")));
    await place.work({ graph: chain(model), concurrency: 16 });
    const inputs = Array.from({ length: 100 }, (_, index) => `${index}`);
    const rows = await all(runBatch({ queue: place.queue, inputs, name: "fails" }));
    expect(rows.filter(({ error }) => error === undefined)).toEqual([]);
    expect(model.asked.length).toBe(100);
  });

  it("takes no answer of another graph from an earlier try", async () => {
    await using place = open();
    const answers = async () => (await all(runBatch({ queue: place.queue, inputs: ["x"], name: "exam" })))[0]!.text;
    const texts: unknown[] = [];
    const graphs = ["a", "a", "b", "a"].map((text) => chain(new EchoModel(() => text), text));
    for (const graph of graphs) {
      const worker = await place.work({ graph });
      texts.push(await answers());
      await worker.close(0);
      texts.push(await answers()); // also while no worker runs
    }
    expect(texts).toEqual(["a", "a", "a", "a", "b", "b", "a", "a"]);
  });

  it("gives an input that is no JSON as a row, and takes a job that is no item for a dead letter at once", async () => {
    await using place = open();
    const raw = new Queue(place.queue.name, { connection: { url: redis.url } });
    const junk = [{}, null, { batch: "b", id: 1, asked: { messages: [{ role: "wizard" }] } }];
    for (const [index, data] of junk.entries()) await raw.add("item", data, { jobId: `junk${index}`, attempts: 5 });
    const model = new EchoModel();
    await place.work({ graph: chain(model) });
    const big = [{ role: "user", content: [{ type: "text", text: "x", size: 1n }] }] as BatchInput;
    const rows = await all(runBatch({ queue: place.queue, inputs: ["one", big, "two"], name: "odd" }));
    expect(rows.map(({ text, error }) => error?.name ?? text)).toEqual([
      "You said: one",
      "InvalidInputError",
      "You said: two",
    ]);
    await expect.poll(() => raw.getFailedCount()).toBe(3);
    expect((await place.queue.deadLetters()).map(({ attempts }) => attempts)).toEqual([1, 1, 1]);
    await raw.close();
  });

  it("goes on after a Redis that was away, and gives each row once", async () => {
    await using own = await startRedis();
    const queue = bullQueue(own.url, { name: "away", backoffMs: 1, pollMs: 100 });
    const model = new EchoModel();
    const worker = await bullWorker(own.url, { name: "away", graph: chain(model), concurrency: 2, lockMs: 2_000 });
    const rows: BatchRow[] = [];
    const inputs = Array.from({ length: 60 }, (_, index) => `${index}`);
    for await (const row of runBatch({ queue, inputs, name: "long", concurrency: 8 })) {
      rows.push(row);
      if (rows.length === 10) await (await own.crash())();
    }
    expect(rows.filter(({ error }) => error !== undefined)).toEqual([]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(60);
    expect(rows.length).toBe(60);
    await worker.close(0);
    await queue.close();
  });

  it("ends with its batch when Redis is away", async () => {
    const queue = bullQueue(`redis://127.0.0.1:${await freePort()}`, { pollMs: 50 });
    const leaving = new AbortController();
    const rows = all(runBatch({ queue, inputs: ["one", "two"], name: "away", signal: leaving.signal }));
    await new Promise(setImmediate);
    leaving.abort(new Error("enough"));
    await expect(rows).rejects.toThrow("enough");
    await queue.close();
  });
});
