import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BatchRow, runBatch } from "../../src/index.js";
import { bullQueue } from "../../src/queue/index.js";
import { type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";
import { noRedis, type RedisServer, startRedis } from "../support/redis.js";
import { startWorker } from "./support/worker-process.js";

describe.skipIf(noRedis !== undefined)(
  `SIGTERM of a worker${noRedis === undefined ? "" : ` (skipped: ${noRedis})`}`,
  () => {
    let redis: RedisServer;
    let server: LoopbackServer;
    const folder = mkdtempSync(join(tmpdir(), "drain-"));
    beforeAll(async () => {
      [redis, server] = await Promise.all([startRedis(), startLoopbackServer()]);
      const model = `{ provider: openai, model: small, baseUrl: "${server.openaiUrl}", apiKey: test, retry: false }`;
      writeFileSync(join(folder, "models.yaml"), `models:\n  small: ${model}\n`);
    });
    afterAll(async () => {
      await redis?.stop();
      await server?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const start = (queue: string, drain: number) =>
      startWorker(folder, ["-m", "small", "--redis", redis.url, "--queue", queue, "--drain", `${drain}`, "-c", "1"]);
    const ask = async (queue: string, prompts: readonly string[]) => {
      const place = bullQueue(redis.url, { name: queue, attempts: 1 });
      const rows: BatchRow[] = [];
      for await (const row of runBatch({ queue: place, inputs: prompts, name: "batch" })) rows.push(row);
      await place.close();
      return rows.sort((one, other) => Number(one.id) - Number(other.id));
    };

    it("lets it finish the item under way, takes nothing new, and leaves the rest to others", async () => {
      let answer = () => {};
      const gate = new Promise<void>((resolve) => {
        answer = resolve;
      });
      server.reply("small", () => gate.then(() => "finished"), "by another");
      const before = server.requests.length;
      const worker = await start("finish", 120);
      const rows = ask("finish", ["one", "two"]);
      await server.received(before + 1);
      const stopped = worker.stop();
      await worker.says("Stopping");
      answer();
      expect(await stopped).toBe(0);
      expect(worker.said.at(-1)).toMatch(/^Stopped: 1 answered, 0 failed/);
      expect(server.requests.length).toBe(before + 1);
      const next = await start("finish", 120);
      expect((await rows).map(({ text }) => text)).toEqual(["finished", "by another"]);
      expect(await next.stop()).toBe(0);
    });

    it("hands back an item that takes longer than --drain, which costs it none of its attempts", async () => {
      server.reply("small", { text: "too late", delayMs: 600_000 }, "by another");
      const before = server.requests.length;
      const worker = await start("back", 1);
      const rows = ask("back", ["one"]);
      await server.received(before + 1);
      expect(await worker.stop()).toBe(0);
      const next = await start("back", 1);
      expect(await rows).toMatchObject([{ text: "by another", earlierCalls: [{ status: "cancelled" }] }]);
      expect(await next.stop()).toBe(0);
    });
  },
);
