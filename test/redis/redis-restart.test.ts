import { once } from "node:events";
import { Redis } from "ioredis";
import { expect, it } from "vitest";
import {
  type BudgetEvent,
  BudgetExceededError,
  budget,
  createFallback,
  exactCache,
  subscribe,
} from "../../src/index.js";
import { redisStore } from "../../src/redis/index.js";
import type { LoopbackRequest } from "../../src/testing/index.js";
import { noRedis, startRedis } from "../support/redis.js";
import { useLoopback } from "../support/use-loopback.js";

/** Set by a test to what happens while a model answers. */
let meanwhile = async () => {};
const { server, openai } = useLoopback({
  reply: async (_request: LoopbackRequest) => {
    await meanwhile();
    return { text: "yes", usage: { inputTokens: 1, outputTokens: 3 } };
  },
});

it.skipIf(noRedis !== undefined)(
  "goes on while Redis is down, and shares one budget again when it is back",
  async () => {
    await using redis = await startRedis();
    const client = new Redis(redis.url);
    await using _connection = { [Symbol.asyncDispose]: async () => client.disconnect() };
    client.on("error", () => {});
    await once(client, "ready");
    const store = redisStore(client, { patienceMs: 1_500 });
    const protection = {
      breaker: { store },
      limit: { requestsPerMinute: 1_000, tokensPerMinute: 1_000_000, store, key: "a" },
      cache: exactCache({ ttlMs: 60_000, store }),
    };
    const settings = {
      model: openai("a"),
      price: { input: 0, output: 1_000_000 },
      maxOutputTokens: 3,
      retry: false,
    } as const;
    const thirty = budget({ usd: 30, per: "month", name: "thirty", store, share: 0.2 });
    const graph = createFallback({ models: { a: { ...settings, ...protection, budget: thirty } } }).compile();
    const unpaid = createFallback({ models: { a: { ...settings, ...protection } } }).compile();
    const lost: BudgetEvent[] = [];
    const end = subscribe({ onBudget: (event) => event.kind === "store_lost" && lost.push(event) });
    let number = 0;
    const ask = (of = graph) => of.invoke({ messages: `Question ${number++}` });
    const spent = () => 3 * server.requests.length;

    await ask();
    let restart = async () => {};
    meanwhile = async () => {
      restart = await redis.crash();
      meanwhile = async () => {};
    };
    await ask(); // Redis ends while the model answers
    await ask();
    await ask(); // 20 % of the budget are spent without Redis
    await expect(ask()).rejects.toThrow(BudgetExceededError);
    expect(spent()).toBe(12);
    expect(lost.map(({ kind }) => kind)).toEqual(["store_lost"]);
    for (let run = 0; run < 3; run++) await ask(unpaid); // breaker, limit and cache are done without
    const withoutBudget = 9;

    const back = new Promise((resolve) => client.once("ready", resolve)); // `once` of Node would end at an error before
    await restart();
    await back;
    for (let run = 0; run < 6; run++) await ask();
    expect(spent()).toBe(30 + withoutBudget);
    await expect(ask()).rejects.toThrow(BudgetExceededError);
    expect(lost).toHaveLength(1);
    end();
  },
);
