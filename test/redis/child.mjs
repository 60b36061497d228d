// One of several processes over one Redis: jobs come as lines of JSON on stdin, their results go out as lines of JSON.
import { createInterface } from "node:readline";
import { ChatOpenAI } from "@langchain/openai";
import { Redis } from "ioredis";
import { budget, createFallback, exactCache } from "langgraph-multimodel";
import { redisStore } from "langgraph-multimodel/redis";

const [redisUrl, baseURL, name] = process.argv.slice(2);
const client = new Redis(redisUrl);
const store = redisStore(client, { prefix: "processes:", patienceMs: 60_000 });
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const model = (id) => new ChatOpenAI({ model: id, apiKey: "test", maxRetries: 0, configuration: { baseURL } });
const once = { retry: false, price: { input: 0, output: 1_000_000 } };

const chain = (entry) =>
  createFallback({ models: { first: { ...once, ...entry }, other: { ...once, model: model("other") } } }).compile();
const graphs = {
  breaker: chain({ model: model("down"), breaker: { failures: 3, store } }),
  limit: chain({ model: model("limited"), limit: { requestsPerMinute: 5, store, key: "limited" } }),
  places: createFallback({
    models: {
      held: { ...once, model: model("held"), limit: { concurrency: 2, store, key: "places", leaseMs: 1_000 } },
    },
  }).compile(),
  cache: chain({ model: model("cached"), cache: exactCache({ ttlMs: 60_000, store }) }),
  budget: createFallback({
    models: {
      paid: {
        ...{ ...once, model: model("paid"), maxOutputTokens: 3, limit: { concurrency: 8 } },
        budget: budget({ usd: 2_400, per: "month", name: "children", store, leaseMs: 5_000 }),
      },
    },
  }).compile(),
};

async function run({ graph, runs }) {
  const all = Array.from({ length: runs }, () =>
    graphs[graph].invoke({ messages: graph === "budget" || graph === "places" ? name : "Hi" }),
  );
  const ended = await Promise.allSettled(all);
  return ended.map(({ value, reason }) => ({
    ...(value && { used: value.modelUsed, calls: value.calls.map(({ status }) => status) }),
    ...(value && { decisions: value.decisions.map((decision) => decision.reason) }),
    ...(reason && { error: reason.name }),
  }));
}

createInterface({ input: process.stdin }).on("line", async (line) => say(await run(JSON.parse(line))));
say("ready");
