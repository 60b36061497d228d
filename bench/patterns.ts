// What the patterns do with time and memory: lanes that wait together, losers that are cancelled, many runs at once.
//   npm run bench:patterns              wall times over their ideal, median of 15
//   npm run bench:patterns -- --runs 1000   how many runs of the hybrid graph at once
import { fork } from "node:child_process";
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ChatOpenAI } from "@langchain/openai";
import {
  byKeyword,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createRouter,
  firstAnswer,
  majorityVote,
} from "langgraph-multimodel";
import type { Seen } from "./slow-upstream.js";
import { median } from "./statistics.js";

const { values } = parseArgs({
  options: { runs: { type: "string", default: "1000" }, rounds: { type: "string", default: "15" } },
});
const child = fork(fileURLToPath(new URL("./slow-upstream.ts", import.meta.url)), { execArgv: process.execArgv });
const heard = <Message>() =>
  new Promise<Message>((resolve) => child.once("message", (said) => resolve(said as Message)));
const { port } = await heard<{ port: number }>();
const seen = () => {
  const answer = heard<Seen>();
  child.send("seen");
  return answer;
};
const model = (name: string) =>
  new ChatOpenAI({ model: name, apiKey: "none", configuration: { baseURL: `http://127.0.0.1:${port}/v1` } });

interface Runnable {
  invoke(input: { messages: string }): Promise<{ messages: { text: string }[] }>;
}

/** Runs before the first that counts: a server compiles what it runs within its first seconds. */
const warmUp = 20;

/** Wall time of single runs, ms: median and slowest. */
async function wall(graph: Runnable): Promise<{ median: number; slowest: number }> {
  const times: number[] = [];
  for (let round = -warmUp; round < Number(values.rounds); round++) {
    const started = performance.now();
    const { messages } = await graph.invoke({ messages: "Say number 7" });
    if (round >= 0) times.push(performance.now() - started);
    if (!messages.at(-1)!.text.includes("answer is")) throw new Error(`Wrong answer: ${messages.at(-1)!.text}`);
  }
  return { median: median(times), slowest: Math.max(...times) };
}

const line = (title: string, taken: { median: number; slowest: number }, ideal: number, bar: string) =>
  console.log(
    `${title.padEnd(52)} ${taken.median.toFixed(0).padStart(5)} ms  ${(taken.median / ideal).toFixed(2)} x ideal, slowest ${(taken.slowest / ideal).toFixed(2)}  (bar: ${bar})`,
  );

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]!.model}\n`);

const eight = Object.fromEntries(Array.from({ length: 8 }, (_, lane) => [`m${lane}`, model(`ms-200-${lane}`)]));
const bare = {
  invoke: async () => ({
    messages: await Promise.all(Object.values(eight).map((each) => each.invoke("Say number 7"))),
  }),
};
line("the same 8 calls by Promise.all, for comparison", await wall(bare), 200, "none");
const ensemble = createEnsemble({ models: eight, aggregate: majorityVote(), stopEarly: false }).compile();
line("ensemble, 8 models of 200 ms", await wall(ensemble), 200, "1.15");

const items = 64;
const mapReduce = createMapReduce({
  plan: model(`plan-${items}`),
  worker: model("ms-200-worker"),
  reduce: model("ms-0-reduce"),
  maxItems: items,
  concurrency: 16,
}).compile();
line(`map-reduce, ${items} items of 200 ms, 16 at once`, await wall(mapReduce), (items / 16) * 200, "1.20");

await seen();
const uneven = Object.fromEntries([50, 50, 50, 500, 500].map((ms, lane) => [`m${lane}`, model(`ms-${ms}-${lane}`)]));
const early = createEnsemble({ models: uneven, aggregate: majorityVote() }).compile();
const taken = await wall(early);
await sleep(100);
const { aborted } = await seen();
line("stop early, 50/50/50/500/500 ms", taken, 50, "120 ms, that is 2.40");
console.log(`${"".padEnd(52)} ${aborted / (Number(values.rounds) + warmUp)} aborts a run seen upstream (bar: 2)\n`);

// Many runs of a hybrid graph at once: a router over a cascade, an ensemble and a chain whose first model is down.
const right = check(({ messages, answer }) => answer.text.endsWith(/number (\d+)/.exec(messages.at(-1)!.text)![1]!));
const hybrid = createRouter({
  models: {
    cascade: createCascade({ models: { tiny: model("ms-5-tiny"), large: model("ms-20-large") }, verify: right }),
    ensemble: createEnsemble({
      models: { a: model("ms-10-a"), b: model("ms-10-b"), c: model("ms-30-c") },
      aggregate: majorityVote(),
    }),
    fallback: createFallback({
      models: { down: { model: model("fail-ms-1"), retry: false, breaker: false }, backup: model("ms-10-backup") },
    }),
    first: createEnsemble({ models: { slow: model("ms-50"), fast: model("ms-5") }, aggregate: firstAnswer() }),
  },
  route: byKeyword({ cascade: ["one"], ensemble: ["two"], fallback: ["three"], first: [/./] }),
}).compile();

const runs = Number(values.runs);
const collect = async () => {
  for (let time = 0; time < 4; time++) {
    globalThis.gc?.();
    await sleep(50);
  }
  return process.memoryUsage().heapUsed / 2 ** 20;
};

async function wave(): Promise<{ wrong: number; mixed: number; peak: number; ms: number }> {
  let peak = 0;
  const meter = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage().heapUsed / 2 ** 20);
  }, 20);
  const started = performance.now();
  const kinds = ["one", "two", "three", "four"];
  const results = await Promise.all(
    Array.from({ length: runs }, async (_, run) => {
      const { messages, calls, turnId } = await hybrid.invoke({ messages: `${kinds[run % 4]} number ${run}` });
      const wrong = messages.at(-1)!.text !== `the answer is ${run}`;
      const mixed = messages.length !== 2 || calls.some((call) => call.turnId !== turnId);
      return { wrong, mixed, turnId };
    }),
  );
  clearInterval(meter);
  const shared = runs - new Set(results.map(({ turnId }) => turnId)).size;
  const count = (what: "wrong" | "mixed") => results.filter((result) => result[what]).length;
  return { wrong: count("wrong"), mixed: count("mixed") + shared, peak, ms: performance.now() - started };
}

await wave(); // compiles, and fills connection pools
const before = await collect();
const waves = [await wave(), await wave()];
const after = await collect();
for (const { wrong, mixed, peak, ms } of waves) {
  console.log(
    `hybrid, ${runs} runs at once: ${wrong} wrong, ${mixed} mixed up, ${(ms / 1_000).toFixed(1)} s, heap at its peak ${peak.toFixed(0)} MB`,
  );
}
console.log(
  `heap after a first wave ${before.toFixed(1)} MB, after two more ${after.toFixed(1)} MB (${globalThis.gc ? "collected" : "not collected: run with --expose-gc"})`,
);
child.disconnect();
