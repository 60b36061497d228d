// What tracing costs a run: off beside the same again and beside an earlier build, and on with a batch exporter.
//   npm run bench:tracing                       2 minutes
//   npm run bench:tracing -- --against FOLDER   beside the build in FOLDER, the `dist` of an earlier commit
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { ChatOpenAI } from "@langchain/openai";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import * as library from "langgraph-multimodel";
import { openTelemetry } from "langgraph-multimodel/tracing";
import { startUpstream } from "./processes.js";
import { median, shuffled } from "./statistics.js";

const { values: given } = parseArgs({
  options: {
    against: { type: "string" },
    rounds: { type: "string", default: "60" },
    runs: { type: "string", default: "20" },
  },
});
const upstream = await startUpstream();
const baseURL = `http://127.0.0.1:${upstream.port}/v1`;
const model = () => new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "none", maxRetries: 0, configuration: { baseURL } });

/** A router over an ensemble with a fall-back chain in one lane: 12 spans a run, two of them calls. */
function graphOf({ createEnsemble, createFallback, createRouter, majorityVote }: typeof library) {
  const lane = createFallback({ models: { first: model(), second: model() } });
  const team = createEnsemble({ models: { lane, plain: model() }, aggregate: majorityVote() });
  return createRouter({ models: { team, plain: model() }, route: () => "team" }).compile();
}

const exporter = new OTLPTraceExporter({ url: `${baseURL}/traces` });
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] });
const callbacks = [openTelemetry({ tracerProvider })];
const graph = graphOf(library);
const input = { messages: "Which is larger, 9.9 or 9.11?" };

/** What LangChain itself does as soon as a run has a handler. */
const empty = [BaseCallbackHandler.fromMethods({ handleChainStart() {}, handleChatModelStart() {} })];

const variants: Record<string, () => Promise<unknown>> = {
  off: () => graph.invoke(input),
  "off, again": () => graph.invoke(input),
  "an empty handler": () => graph.invoke(input, { callbacks: empty }),
  "on, batch exporter": () => graph.invoke(input, { callbacks }),
};
if (given.against !== undefined) {
  const earlier = graphOf(await import(`${pathToFileURL(given.against).href}/esm/index.js`));
  variants["the other build"] = () => earlier.invoke(input);
}

/** Returns ms of CPU for each run, with what the exporter does of it. */
async function round(run: () => Promise<unknown>): Promise<number> {
  globalThis.gc?.();
  const before = process.cpuUsage();
  for (let left = Number(given.runs); left > 0; left--) await run();
  await tracerProvider.forceFlush();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / Number(given.runs);
}

const names = Object.keys(variants);
const taken = new Map<string, number[]>(names.map((name) => [name, []]));
for (const name of [...names, ...names]) await round(variants[name]!); // compiled, and connections open
for (let left = Number(given.rounds); left > 0; left--) {
  for (const name of shuffled(names)) taken.get(name)!.push(await round(variants[name]!));
}

const base = taken.get("off")!;
console.log(`${given.rounds} rounds of ${given.runs} runs, in shuffled order; ms of CPU for each run, medians`);
for (const name of names) {
  const ratios = taken.get(name)!.map((ms, index) => ms / base[index]!);
  const quarter = (part: number) => ratios.toSorted((one, other) => one - other)[Math.floor(ratios.length * part)]!;
  const spread =
    name === "off"
      ? ""
      : `  ${median(ratios).toFixed(3)} (quartiles ${quarter(0.25).toFixed(2)} to ${quarter(0.75).toFixed(2)})`;
  console.log(`${name.padEnd(20)} ${median(taken.get(name)!).toFixed(2).padStart(7)}${spread}`);
}
await tracerProvider.shutdown();
upstream.end();
