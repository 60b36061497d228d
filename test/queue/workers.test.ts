import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noPostgres, type PostgresServer, startPostgres } from "../support/postgres.js";
import { noRedis, type RedisServer, startRedis } from "../support/redis.js";
import { runTrial } from "./support/trial.js";

const reason = noRedis ?? noPostgres;

describe.skipIf(reason !== undefined)(`multimodel worker${reason === undefined ? "" : ` (skipped: ${reason})`}`, () => {
  let redis: RedisServer;
  let postgres: PostgresServer;
  beforeAll(async () => {
    [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  });
  afterAll(async () => {
    await redis?.stop();
    await postgres?.stop();
  });

  it("answers each item once over two processes, and pays nothing again that was saved when one is killed", async () => {
    const { rows, requests, paidTwice, lost, kills } = await runTrial({
      ...{ redis: redis.url, postgres: postgres.url, queue: "killed", lockSeconds: 8 },
      ...{ items: 60, workers: 2, concurrency: 4, delayMs: 20, killEvery: 40, mostKills: 1 },
    });
    expect(rows.map(({ id }) => Number(id)).sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, id) => id));
    expect(rows.filter(({ error }) => error !== undefined)).toEqual([]);
    for (const { text, calls, threadId } of rows) {
      expect([text?.startsWith("edit "), typeof threadId]).toEqual([true, "string"]);
      expect(calls.filter(({ status }) => status === "ok").map(({ model }) => model)).toEqual(["draft", "edit"]);
    }
    expect([kills, paidTwice]).toEqual([1, []]);
    expect(lost).toBeLessThanOrEqual(4); // under way in the worker that was killed
    expect(requests).toBe(120 + lost);
  });
});
