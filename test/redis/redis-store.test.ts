import { Redis } from "ioredis";
import { createClient } from "redis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type BudgetEvent,
  BudgetExceededError,
  budget,
  createFallback,
  subscribe,
  totalCost,
} from "../../src/index.js";
import { redisStore, type Store } from "../../src/redis/index.js";
import { limiterOf } from "../../src/resilience/limiter.js";
import { noRedis, type RedisServer, startRedis } from "../support/redis.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();
const dollars = { input: 0, output: 1_000_000 };

describe.skipIf(noRedis !== undefined).each(["ioredis", "redis"] as const)("redisStore over %s", (kind) => {
  let redis: RedisServer;
  let store: Store;
  let impatient: Store;
  let disconnect: () => unknown;

  beforeAll(async () => {
    redis = await startRedis();
    if (kind === "ioredis") {
      const client = new Redis(redis.url, { maxRetriesPerRequest: 1 });
      client.on("error", () => {});
      [store, disconnect] = [redisStore(client, { prefix: "test:", patienceMs: 60_000 }), () => client.disconnect()];
      impatient = redisStore(client, { prefix: "test:" });
    } else {
      const client = createClient({ url: redis.url });
      client.on("error", () => {});
      await client.connect();
      [store, disconnect] = [redisStore(client, { prefix: "test:", patienceMs: 60_000 }), () => client.disconnect()];
      impatient = redisStore(client, { prefix: "test:" });
    }
  });

  afterAll(async () => {
    await disconnect();
    await redis.stop();
  });

  it("keeps, forgets and deletes values", async () => {
    await store.set("a", "1", 60_000);
    expect(await store.get("a")).toBe("1");
    await store.delete("a");
    expect(await store.get("a")).toBeUndefined();
  });

  it("counts a window, and adds nothing that does not fit", async () => {
    const take = async (amount: number) => (await store.consume("w", amount, 10, 60_000)).granted;
    expect([await take(6), await take(5), await take(4), await take(1)]).toEqual([true, false, true, false]);
    const { msLeft } = await store.consume("w", 1, 10, 60_000);
    expect(msLeft).toBeGreaterThan(0);
    expect(msLeft).toBeLessThanOrEqual(60_000);
  });

  it("reserves atomically, and settles", async () => {
    const reserve = (id: string, amount: number) =>
      store.reserve({ id, key: "b", amount, limit: 100, leaseMs: 60_000, windowMs: 60_000 });
    const all = await Promise.all(Array.from({ length: 50 }, (_, index) => reserve(`${index}`, 7)));
    expect(all.filter(({ granted }) => granted)).toHaveLength(14);
    expect(await store.used("b")).toBe(98);
    const granted = all.flatMap((each, index) => (each.granted ? [`${index}`] : []));
    await Promise.all(granted.map((id) => store.settle({ id, key: "b", windowMs: 60_000 }, 2)));
    expect(await store.used("b")).toBe(28);
  });

  it("gives back a reservation whose lease is over, and counts what it spent all the same", async () => {
    const of = { key: "lease", windowMs: 60_000 };
    await store.reserve({ ...of, id: "dead", amount: 90, limit: 100, leaseMs: 1 });
    await store.set("tick", "1", 60_000);
    let used = await store.used("lease");
    while (used > 0) used = await store.used("lease"); // its lease of 1 ms ends by the clock of Redis
    const again = await store.reserve({ ...of, id: "next", amount: 90, limit: 100, leaseMs: 60_000 });
    expect(again).toEqual({ granted: true, used: 90 });
    await store.settle({ ...of, id: "dead" }, 5);
    expect(await store.used("lease")).toBe(95);
  });

  it("keeps the reservation of a call that had begun, and says when it is too late to begin", async () => {
    const of = { key: "begun", windowMs: 60_000 };
    await store.reserve({ ...of, id: "sent", amount: 60, limit: 100, leaseMs: 100_000 });
    await store.reserve({ ...of, id: "waits", amount: 30, limit: 100, leaseMs: 1 });
    expect(await store.begin!({ ...of, id: "sent" })).toBe(true);
    while ((await store.used("begun")) > 60); // the lease of 1 ms ends by the clock of Redis
    expect(await store.begin!({ ...of, id: "waits" })).toBe(false);
    await store.settle({ ...of, id: "sent" }, 45);
    expect(await store.used("begun")).toBe(45);
  });

  it("holds one budget over graphs that share nothing else", async () => {
    for (let index = 0; index < 40; index++)
      server.reply("a", { text: "yes", usage: { inputTokens: 1, outputTokens: 3 } });
    const graphs = Array.from({ length: 4 }, () =>
      createFallback({
        models: {
          a: {
            ...{ model: openai("a"), price: dollars, maxOutputTokens: 3, retry: false },
            budget: budget({ usd: 30, per: "month", name: `shared-${kind}`, store }),
          },
        },
      }).compile(),
    );
    const runs = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => graphs[index % 4]!.invoke({ messages: "Hi" })),
    );
    const paid = runs.flatMap((run) => (run.status === "fulfilled" ? [totalCost(run.value.calls)!] : []));
    expect(paid.reduce((sum, cost) => sum + cost, 0)).toBe(30);
    for (const run of runs) if (run.status === "rejected") expect(run.reason).toBeInstanceOf(BudgetExceededError);
  });

  it("shares places: at most as many calls at once as the limit, and those of a process that died are free again", async () => {
    const alive = { id: "alive", key: "places", leaseMs: 600_000, windowMs: 600_000 };
    const dead = { ...alive, id: "dead", leaseMs: 1 };
    for (const place of [alive, dead]) await store.reserve({ ...place, amount: 1, limit: 2 });
    while ((await store.used("places")) > 1); // a lease of 1 ms ends by the clock of Redis
    await store.renew!({ ...dead, leaseMs: 600_000 });
    await store.renew!(alive);
    expect(await store.used("places")).toBe(1);
    await store.renew!({ ...alive, leaseMs: 1 });
    while ((await store.used("places")) > 0);

    const limit = { concurrency: 3, store, key: "lanes" };
    const limiters = [1, 2, 3, 4].map(() => limiterOf({ ...limit }));
    let [running, most, done] = [0, 0, 0];
    const calls = Array.from({ length: 24 }, async (_, index) => {
      const leave = await limiters[index % 4]!.enter({ client: {}, tokens: 1, stops: [], movesOn: () => false });
      most = Math.max(most, ++running);
      await store.get("anything");
      running--;
      done++;
      leave(1);
    });
    await Promise.all(calls);
    expect([most <= 3, done]).toEqual([true, 24]);
    while ((await store.used("limit:lanes:running")) > 0); // the last places are given back
  }, 120_000);

  it("is done without while it is down: a budget refuses, or goes on with its share, and says so once", async () => {
    const events: BudgetEvent[] = [];
    const end = subscribe({ onBudget: (event) => events.push(event) });
    const entry = (share: number) => ({
      ...({ model: openai("a"), price: dollars, maxOutputTokens: 3, retry: false } as const),
      budget: budget({ usd: 30, per: "month", name: `down-${share}`, store: impatient, share }),
    });
    await redis.stop();
    for (let index = 0; index < 6; index++)
      server.reply("a", { text: "yes", usage: { inputTokens: 1, outputTokens: 3 } });
    const none = createFallback({ models: { a: entry(0) } }).compile();
    await expect(none.invoke({ messages: "Hi" })).rejects.toThrow(BudgetExceededError);
    const some = createFallback({ models: { a: entry(0.2) } }).compile();
    await some.invoke({ messages: "Hi" });
    await some.invoke({ messages: "Hi" });
    await expect(some.invoke({ messages: "Hi" })).rejects.toThrow(BudgetExceededError);
    end();
    expect(events.filter((event) => event.kind === "store_lost").map((event) => event.budget)).toEqual([
      "down-0",
      "down-0.2",
    ]);
  });
});

it("refuses what is no client", () => {
  expect(() => redisStore("redis://127.0.0.1" as never)).toThrow(/give a client/);
});
