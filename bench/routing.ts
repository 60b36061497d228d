// What a decision costs that asks no model: microseconds, median over many, for a short, a long and a huge request.
//   npx tsx bench/routing.ts
import { cpus } from "node:os";
import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { trainRouter } from "../src/learned/train-router.js";
import { observedLatency, withLatency } from "../src/resilience/latency.js";
import { byCapability } from "../src/routing/by-capability.js";
import { byComplexity } from "../src/routing/by-complexity.js";
import { byContextWindow } from "../src/routing/by-context-window.js";
import { byCost } from "../src/routing/by-cost.js";
import { byKeyword } from "../src/routing/by-keyword.js";
import { byLatency } from "../src/routing/by-latency.js";
import { byTask } from "../src/routing/by-task.js";
import { byTokens } from "../src/routing/by-tokens.js";
import { firstOf } from "../src/routing/first-of.js";
import { latencyOptimized } from "../src/routing/latency-optimized.js";
import { qualityFocused } from "../src/routing/quality-focused.js";
import type { Route, RouteTurn } from "../src/routing/route.js";
import { weighted } from "../src/routing/weighted.js";
import { median } from "./statistics.js";

type Name = "small" | "large";
const lengths = [200, 2_000, 100_000] as const;
/** Most a decision may take, in microseconds. */
const most = { 200: 20, 2000: 20, 100000: 1_000 } as const;

const client = {};
for (let call = 0; call < 64; call++) await withLatency(client, async () => {});
const facts = { price: { input: 1, output: 2 }, contextWindow: 200_000, capabilities: ["tools"] } as const;
const latency = (percentile: number, patience?: number) => observedLatency(client, percentile, { patience });
const models = [
  { name: "small", ...facts, latency },
  { name: "large", ...facts, latency },
] as const;

/** Twenty words each, as they are in earnest. */
const code =
  "debug function code class variable compile exception python typescript refactor regex algorithm loop array syntax test API SQL bug stack-trace";
const prose =
  "poem story novel rhyme haiku lyrics fiction character plot essay metaphor slogan tagline limerick sonnet dialogue screenplay narrative verse prose";
const learned = await trainRouter(
  Array.from({ length: 300 }, (_, index) => ({
    prompt: index % 2 === 0 ? `What is ${index} + 1?` : `Prove theorem ${index} about the fox and the dog.`,
    outcomes: { small: 1 - (index % 2), large: 1 },
  })),
);

const routes: Readonly<Record<string, Route<Name, string>>> = {
  byCapability: byCapability(),
  byComplexity: byComplexity({ simple: "small", complex: "large" }),
  byContextWindow: byContextWindow(),
  byCost: byCost({ quality: { small: 0.6, large: 0.9 }, min: 0.5 }),
  byKeyword: byKeyword({ large: ["debug", "equation"], small: ["hello"] }),
  "byKeyword, 2 x 20": byKeyword({ large: code.split(" "), small: prose.split(" ") }),
  byLatency: byLatency({ deadlineMs: 1_000 }),
  byTask: byTask({ task: "parsing", table: { parsing: { simple: "small" } }, default: "large" }),
  byTokens: byTokens({ 500: "small" }, "large"),
  latencyOptimized: latencyOptimized(),
  qualityFocused: qualityFocused(),
  TrainedRouter: learned.route({ tradeoff: 0.2 }),
  weighted: weighted({ small: 0.9, large: 0.1 }),
  "weighted, sticky": weighted({ small: 0.9, large: 0.1 }, { stickyBy: () => "session-1" }),
  "firstOf of three": firstOf<Name>(byCapability(), byTokens({ 10: "small" }), byComplexity({ complex: "large" })),
};

/** None of the words any route looks for, so that every one of them is searched to the end. */
function turnOf(length: number, run: number): RouteTurn<Name> {
  const text = `${run} the quick brown fox jumps over the lazy dog; `.repeat(Math.ceil(length / 45)).slice(0, length);
  const messages = [new HumanMessage("Hi"), new AIMessage("Good day"), new HumanMessage(text)];
  return { messages, models, state: {}, config: {}, ask: () => Promise.reject(new Error("no model is asked")) };
}

async function microseconds(route: Route<Name, string>, length: number): Promise<number> {
  const batch = length > 10_000 ? 5 : 50;
  const samples: number[] = [];
  for (let round = 0; round < 60; round++) {
    const turns = Array.from({ length: batch }, (_, run) => turnOf(length, round * batch + run));
    const started = performance.now();
    for (const turn of turns) await route(turn);
    samples.push(((performance.now() - started) * 1_000) / batch);
  }
  return median(samples.slice(20)); // the first rounds compile
}

console.log(`${cpus()[0]!.model}, Node ${process.version}`);
console.log("microseconds a decision, by characters\n");
console.log(["".padEnd(18), ...lengths.map((length) => String(length).padStart(9))].join(""));
for (const [name, route] of Object.entries(routes)) {
  const cells: string[] = [];
  for (const length of lengths) {
    const taken = await microseconds(route, length);
    cells.push(`${taken.toFixed(1)}${taken > most[length] ? "!" : " "}`.padStart(9));
  }
  console.log([name.padEnd(18), ...cells].join(""));
}
console.log(
  `\n"!" is over ${Object.entries(most)
    .map(([length, limit]) => `${limit} at ${length}`)
    .join(", ")}`,
);
