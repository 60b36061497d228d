// Makes every mistake with a chat model in the wrong place, and prints what node prints of the error. It runs as a user's program does.
import { inspect } from "node:util";
import { ChatOpenAI } from "@langchain/openai";
import * as library from "langgraph-multimodel";
import { loadConfig, parseConfig } from "langgraph-multimodel/config";
import { compareVariants, formatComparison } from "langgraph-multimodel/evaluation";
import * as learned from "langgraph-multimodel/learned";
import { drawGraph, drawSteps, frontierChart, ledgerTable, step, toPng } from "langgraph-multimodel/notebook";
import { createApp, serve } from "langgraph-multimodel/server";

const m = new ChatOpenAI({
  model: "gpt-4o-mini",
  apiKey: "Planted-in-apiKey-orchid/lantern+1=velvet",
  configuration: { defaultHeaders: { "x-gate": "Planted-in-header-orchid/lantern+2=velvet" } },
});
const models = { small: m };
const { asChatModel, createCascade, createEnsemble, createExperiment, createFallback, createMapReduce } = library;
const { createPipeline, createQualityGate, createRouter, longest, check, judgeWith } = library;
const verify = check(() => true);
const route = () => "small";

/** Options each factory cannot do without. */
const factories = {
  createFallback: [createFallback, { models }],
  createCascade: [createCascade, { models, verify }],
  createRouter: [createRouter, { models, route }],
  createEnsemble: [createEnsemble, { models, aggregate: longest() }],
  createQualityGate: [createQualityGate, { model: m, verify }],
  createPipeline: [createPipeline, { stages: models }],
  createMapReduce: [createMapReduce, { plan: () => ["a"], worker: m, reduce: m }],
  createExperiment: [createExperiment, { models, weights: { small: 1 } }],
};

/** Options of which a chat model is a right value. */
const takesModel = /^(model|worker|reduce|plan|fallback|reviser)$/;

const ofFactories = Object.entries(factories).flatMap(([name, [create, right]]) => [
  [`${name}(m)`, () => create(m)],
  [`${name}([m])`, () => create([m])],
  [`${name}()`, () => create()],
  [`${name}({ …, fallbak: m })`, () => create({ ...right, fallbak: m })],
  [`${name}({ …, entry with modle })`, () => create({ ...right, fallback: { model: m, modle: m } })],
  [`${name}({ …, entry with retry: m })`, () => create({ ...right, fallback: { model: m, retry: m } })],
  [`${name}({ …, fallback: [m] })`, () => create({ ...right, fallback: [m] })],
  ...Object.keys(right).flatMap((option) => [
    ...(takesModel.test(option) ? [] : [[`${name}({ …, ${option}: m })`, () => create({ ...right, [option]: m })]]),
    [`${name}({ …, ${option}: [m] })`, () => create({ ...right, [option]: [m] })],
    [`${name}({ …, ${option}: { "0": { m } } })`, () => create({ ...right, [option]: { 0: { m } } })],
    [`${name}({ …, ${option}: undefined })`, () => create({ ...right, [option]: undefined })],
  ]),
]);

const entryFields = ["price", "limit", "timeout", "firstTokenTimeout", "contextWindow", "capabilities", "tags", "tier"];
const ofEntries = [...entryFields, "description", "provider", "systemPrompt", "retry", "parameters"].map((field) => [
  `entry.${field}: m`,
  () => createFallback({ models: { small: { model: m, [field]: field === "parameters" ? { apiKye: m } : m } } }),
]);

/** Strategies that are functions of options, or of a model and options. */
const ofStrategies = Object.entries({
  "judgeWith({ m })": () => judgeWith({ m }),
  "judgeWith([m])": () => judgeWith([m]),
  "judgeWith(m, { scale: m })": () => judgeWith(m, { scale: m }),
  "judgeWith(m, { threshold: m })": () => judgeWith(m, { threshold: m }),
  "classifyWith()": () => library.classifyWith(undefined),
  "classifyWith({ m })": () => library.classifyWith({ m }),
  "classifyWith(m, { labels: m })": () => library.classifyWith(m, { labels: m }),
  "weightedVote({ weights: m })": () => library.weightedVote({ weights: m }),
  "weightedVote({ weights: { m } })": () => library.weightedVote({ weights: { m } }),
  "majorityVote({ ties: m })": () => library.majorityVote({ ties: m }),
  "bestOf({ m })": () => library.bestOf({ m }),
  "bestOf(m, { seed: m })": () => library.bestOf(m, { seed: m }),
  "synthesizeWith({ m })": () => library.synthesizeWith({ m }),
  "byKeyword(m)": () => library.byKeyword({ small: m }),
  "byTask({ map: m })": () => library.byTask(m),
  "weighted(m)": () => library.weighted({ small: m }),
  "bySimilarity({ embeddings: m })": () => library.bySimilarity({ embeddings: m, examples: { small: ["a"] } }),
  "byComplexity(m)": () => library.byComplexity(m),
  "byCapability({ needs: m })": () => library.byCapability({ needs: m }),
  "byCapability({ choose: m })": () => library.byCapability({ choose: m }),
  "byLatency(m)": () => library.byLatency({ percentile: m }),
  "firstOf(m)": () => library.firstOf(m),
  "check(m)": () => check(m),
  "allOf(m)": () => library.allOf(m),
  "anyOf(m)": () => library.anyOf(m),
  "matchesSchema(m)": () => library.matchesSchema(m),
  "groundedIn({ sources: m })": () => library.groundedIn({ sources: m }),
  "consistency({ samples: m })": () => library.consistency({ samples: m }),
  "selfReported({ threshold: m })": () => library.selfReported({ threshold: m }),
  "lastMessages(m)": () => library.lastMessages(m),
  "summarizeWith({ m })": () => library.summarizeWith({ m }),
  "extractWith(m)": () => library.extractWith(m),
  "untilApproved(m)": () => library.untilApproved(m),
  "asChatModel(m)": () => asChatModel(m),
  "asChatModel({ m })": () => asChatModel({ m }),
  "asChatModel(graph, { name: m })": () => asChatModel(createFallback({ models }), { name: m }),
  "defineModels(m)": () => library.defineModels({ small: { m } }),
  "trainRouter(m)": () => learned.trainRouter({ examples: m }),
  "loadRouter(m)": () => learned.loadRouter(m),
});

const ofRooms = Object.entries({
  "createApp({ models: [m] })": () => createApp({ models: [[m]] }),
  "createApp({ graphs: { it: m } })": () => createApp({ graphs: { it: { m } } }),
  "createApp({ onError: m })": () => createApp({ models, onError: m }),
  "createApp({ model: m })": () => createApp({ models, model: m }),
  "createApp({ apiKeys: m })": () => createApp({ models, apiKeys: m }),
  "createApp({ defaultModel: m })": () => createApp({ models, defaultModel: m }),
  "serve({ models: [m] })": () => serve({ models: [[m]] }),
  "serve({ models }, { host: m })": () => serve({ models }, { host: m }),
  "loadConfig(m)": () => loadConfig(m),
  "parseConfig(name, m)": () => parseConfig("models.yaml", m),
  "step(m)": () => step({ m }, { messages: "Hi" }).next(),
  "drawGraph(m)": () => drawGraph(m),
  "drawSteps(m)": () => drawSteps(m, m),
  "frontierChart(m)": () => frontierChart(m),
  "ledgerTable(m)": () => ledgerTable(m),
  "compareVariants(m)": () => compareVariants(m),
  "compareVariants([m])": () => compareVariants([m]),
  "compareVariants([], { by: m })": () => compareVariants([], { by: { m } }),
  "formatComparison(m)": () => formatComparison(m),
  "toPng(m)": () => toPng(m, { scale: m }),
});

const ofRuns = Object.entries({
  "route returns m": createRouter({ models, route: () => m }),
  "verify returns m": createCascade({ models: { small: asChatModel(says()) }, verify: () => m }),
  "aggregate returns m": createEnsemble({ models: { a: says(), b: says() }, aggregate: () => ({ message: m }) }),
  "plan returns m": createMapReduce({ plan: () => [m], worker: says(), reduce: says() }),
}).map(([name, graph]) => [name, () => graph.compile().invoke({ messages: "Hi" })]);

function says() {
  return createFallback({ models: { never: { invoke: () => "x" } }, defaultResponse: "So." });
}

const mistakes = [...ofFactories, ...ofEntries, ...ofStrategies, ...ofRooms, ...ofRuns];

/** What node writes of an error no one catches, below the line of the program. */
async function printed([name, make]) {
  try {
    const made = await make();
    await made?.close?.();
    return { name, text: String(made), thrown: false };
  } catch (error) {
    return { name, text: inspect(error), thrown: true };
  }
}

const [, , how] = process.argv;
if (how === "thrown") createFallback({ models, fallbak: m });
else if (how === "rejected") void Promise.resolve().then(() => createFallback({ models, fallbak: m }));
else {
  const all = [];
  for (const mistake of mistakes) all.push(await printed(mistake));
  process.stdout.write(JSON.stringify(all), () => process.exit());
}
