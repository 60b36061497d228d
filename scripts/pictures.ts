// `npm run pictures`: draws every pattern and a timeline for the README. The drawings are text, and the same every time, so a test
// can tell whether they are up to date.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { RunnableLambda } from "@langchain/core/runnables";
import { inDark } from "../src/drawing/dark.js";
import {
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  majorityVote,
  untilApproved,
} from "../src/index.js";
import { type Drawable, drawGraph, runTimeline } from "../src/notebook/index.js";
import { timelineRun } from "./timeline-run.js";

const folder = new URL("../docs/images/patterns/", import.meta.url);
const model = RunnableLambda.from(() => "An answer.");
const verify = check(() => true);

/** One graph for each pattern, as small as it can be and still show what the pattern is. */
const patterns: Readonly<Record<string, Drawable>> = {
  router: createRouter({ models: { code: model, chat: model, math: model }, route: () => "chat" }),
  cascade: createCascade({ models: { small: model, large: model }, verify }),
  fallback: createFallback({ models: { primary: model, backup: model } }),
  ensemble: createEnsemble({ models: { a: model, b: model, c: model }, aggregate: majorityVote() }),
  "quality-gate": createQualityGate({ model, verify, fallback: model }),
  pipeline: createPipeline({
    stages: { plan: { model }, write: { model }, review: { model, next: untilApproved("write") } },
  }),
  "map-reduce": createMapReduce({ plan: model, worker: model, reduce: model }),
  experiment: createExperiment({ models: { control: model, candidate: model }, weights: { control: 9, candidate: 1 } }),
  hybrid: createRouter({
    models: {
      everyday: createCascade({ models: { small: model, large: model }, verify }),
      careful: createEnsemble({ models: { a: model, b: model, c: model }, aggregate: majorityVote() }),
    },
    route: () => "everyday",
  }),
};

/** The chart of the demo in the colours of dark pages. */
export function darkFrontier(): string {
  return inDark(readFileSync(new URL("../frontier.svg", folder), "utf8"));
}

/** The timeline of a run, in both themes, by the name of its file. */
export function drawTimelines(): Record<string, string> {
  return { "timeline.svg": runTimeline(timelineRun), "timeline-dark.svg": runTimeline(timelineRun, { theme: "dark" }) };
}

/** SVG by the name of its file. */
export async function drawPatterns(): Promise<Record<string, string>> {
  const pictures: Record<string, string> = {};
  for (const [name, graph] of Object.entries(patterns)) {
    pictures[`${name}.svg`] = await drawGraph(graph);
    pictures[`${name}-dark.svg`] = await drawGraph(graph, { theme: "dark" });
  }
  return pictures;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  mkdirSync(folder, { recursive: true });
  const pictures = Object.entries(await drawPatterns());
  for (const [file, svg] of pictures) writeFileSync(new URL(file, folder), svg);
  writeFileSync(new URL("../frontier-dark.svg", folder), darkFrontier());
  for (const [file, svg] of Object.entries(drawTimelines())) writeFileSync(new URL(`../${file}`, folder), svg);
  process.stdout.write(`${pictures.length + 3} pictures in ${fileURLToPath(new URL("../", folder))}\n`);
}
