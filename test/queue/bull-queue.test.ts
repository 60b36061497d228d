import { MemorySaver } from "@langchain/langgraph";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BatchRow, createFallback, runBatch } from "../../src/index.js";
import { type BullQueueOptions, type BullWorkerOptions, bullQueue, bullWorker } from "../../src/queue/index.js";
import { EchoModel, never } from "../batch/echo-model.js";
import { noRedis, type RedisServer, startRedis } from "../support/redis.js";

const chain = (model: EchoModel) => createFallback({ models: { echo: { model, retry: false } } });
const all = async (rows: AsyncIterable<BatchRow>) => {
  const list: BatchRow[] = [];
  for await (const row of rows) list.push(row);
  return list;
};

describe("bullQueue", () => {
  it.each<[string, () => unknown, string]>([
    [
      "no address",
      () => bullQueue("localhost:6379"),
      'bullQueue.connection is "localhost:6379"; give redis://host:6379',
    ],
    ["a password", () => bullQueue("me:hunter2@localhost"), 'bullQueue.connection is "…@localhost"; give redis://'],
    ["no attempts", () => bullQueue("redis://h", { attempts: 0 }), "bullQueue.attempts is 0"],
    ["a name with a colon", () => bullQueue("redis://h", { name: "a:b" }), 'bullQueue.name is "a:b"'],
    ["a typo", () => bullQueue("redis://h", { attempt: 1 } as BullQueueOptions), "did you mean attempts"],
  ])("refuses %s at once", (_, make, message) => {
    expect(make).toThrow(message);
  });

  it("has its budget, graph and checkpointer at its workers", () => {
    const queue = bullQueue("redis://127.0.0.1:1");
    expect(() => runBatch({ queue, inputs: [], budget: 1 })).toThrow("runBatch.budget is 1; leave it out");
  });
});

describe.skipIf(noRedis !== undefined)(
  `a queue in Redis${noRedis === undefined ? "" : ` (skipped: ${noRedis})`}`,
  () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis?.stop());

    let number = 0;
    /** A queue of its own, and its workers. */
    function open(options: BullQueueOptions = {}) {
      const name = `queue-${++number}`;
      const queue = bullQueue(redis.url, { name, backoffMs: 1, pollMs: 100, ...options });
      const workers: { close(drainMs?: number): Promise<void> }[] = [];
      return {
        queue,
        work: async (given: BullWorkerOptions) => {
          const worker = await bullWorker(redis.url, { name, ...given });
          workers.push(worker);
          return worker;
        },
        [Symbol.asyncDispose]: async () => {
          await Promise.all(workers.map((worker) => worker.close(0)));
          await queue.close();
        },
      };
    }

    it("gives the rows of its workers, and those of an earlier try without a call", async () => {
      await using place = open();
      const model = new EchoModel();
      await place.work({ graph: chain(model) });
      const inputs = ["one", { id: "b", prompt: "two" }];
      const rows = await all(runBatch({ queue: place.queue, inputs, name: "numbers" }));
      expect(rows.sort((one, other) => (String(one.id) < String(other.id) ? -1 : 1))).toMatchObject([
        { id: 1, prompt: "one", target: "numbers", text: "You said: one", calls: [{ status: "ok" }] },
        { id: "b", prompt: "two", target: "numbers", text: "You said: two" },
      ]);
      const again = await all(runBatch({ queue: place.queue, inputs, name: "numbers" }));
      expect([again.length, model.asked.length]).toEqual([2, 2]);
      await all(runBatch({ queue: place.queue, inputs, name: "another batch" }));
      expect(model.asked.length).toBe(4);
    });

    it("makes a dead letter of what fails n times, with the calls of all attempts, and takes it back", async () => {
      await using place = open({ attempts: 3 });
      let broken = true;
      const model = new EchoModel(() => (broken ? Promise.reject(new Error("no")) : "ok"));
      await place.work({ graph: chain(model) });
      const [row] = await all(runBatch({ queue: place.queue, inputs: ["one"], name: "batch" }));
      expect(row).toMatchObject({ error: { name: "AllModelsFailedError" }, calls: [{}], earlierCalls: [{}, {}] });
      const [dead] = await place.queue.deadLetters();
      expect(dead).toMatchObject({ batch: "batch", id: 1, asked: { prompt: "one" }, attempts: 3, error: row!.error });
      broken = false;
      const [answered] = await all(runBatch({ queue: place.queue, inputs: ["one"], name: "batch" }));
      expect(answered).toMatchObject({ text: "ok", earlierCalls: [{}, {}, {}] });
      expect([await place.queue.deadLetters(), model.asked.length]).toEqual([[], 4]);
    });

    it("takes what is put into it by others, and hands back what is under way when a worker drains", async () => {
      await using place = open();
      const saver = new MemorySaver();
      const stuck = new EchoModel(never);
      const first = await place.work({ graph: chain(stuck), checkpointer: saver });
      const id = await place.queue.add("batch", { id: "a", prompt: "one" });
      expect(await place.queue.add("batch", { id: "a", prompt: "one" })).toBe(id);
      await expect.poll(() => stuck.open).toBe(1);
      await first.close(1);
      expect(stuck.asked).toEqual(["one"]);
      const model = new EchoModel();
      await place.work({ graph: chain(model), checkpointer: saver });
      const [row] = await all(runBatch({ queue: place.queue, inputs: [{ id: "a", prompt: "one" }], name: "batch" }));
      expect(row).toMatchObject({ text: "You said: one" });
      expect(model.asked).toEqual(["one"]);
    });

    it("loses what no worker has taken when its batch is aborted", async () => {
      await using place = open();
      const controller = new AbortController();
      const inputs = ["one", "two", "three"];
      const rows = all(runBatch({ queue: place.queue, inputs, signal: controller.signal, name: "batch" }));
      await using client = Object.assign(new Redis(redis.url), {
        [Symbol.asyncDispose]: async () => client.disconnect(),
      });
      const waiting = () => client.llen(`bull:${place.queue.name}:wait`);
      await expect.poll(waiting).toBe(3);
      controller.abort(new Error("enough"));
      await expect(rows).rejects.toThrow("enough");
      expect(await waiting()).toBe(0);
    });
  },
);
