// Hedging where 5 % of the calls are slow: npm run bench:hedging
import { ChatOpenAI } from "@langchain/openai";
import { createFallback, type HedgeOptions } from "../src/index.js";
import { startLoopbackServer } from "../src/testing/index.js";

const calls = Number(process.env.CALLS ?? 400);
const [fast, slow] = [100, 2_000];

async function measured(hedge: HedgeOptions | undefined) {
  let requests = 0;
  const reply = () => {
    const share = (requests++ * 0.6180339887) % 1; // evenly spread, and the same in every row
    return { text: "No.", delayMs: share < 0.05 ? slow : fast };
  };
  await using server = await startLoopbackServer({ reply });
  const model = new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "none", configuration: { baseURL: server.openaiUrl } });
  const graph = createFallback({ models: { small: { model, ...(hedge && { hedge }) } } }).compile();
  const times: number[] = [];
  for (let index = 0; index < calls; index++) {
    const startedAt = performance.now();
    await graph.invoke({ messages: "Is 91 prime?" });
    times.push(performance.now() - startedAt);
  }
  times.sort((one, other) => one - other);
  const at = (percentile: number) => Math.round(times[Math.ceil(percentile * calls) - 1]!);
  return [at(0.5), at(0.95), at(0.99), requests, `${((100 * (requests - calls)) / calls).toFixed(1)} %`];
}

const rows: [string, HedgeOptions | undefined][] = [
  ["no hedge", undefined],
  [`{ afterMs: ${4 * fast} }`, { afterMs: 4 * fast }],
  ["{ percentile: 0.9 }", { percentile: 0.9 }],
  ["{ percentile: 0.95 }", { percentile: 0.95 }],
];
console.log(`| ${calls} calls, 95 % of ${fast} ms, 5 % of ${slow} ms | p50 | p95 | p99 | requests | more |`);
console.log("|---|---|---|---|---|---|");
for (const [name, hedge] of rows) console.log(`| \`${name}\` | ${(await measured(hedge)).join(" | ")} |`);
