import { z } from "zod";
import { InvalidOptionError } from "../errors/index.js";
import {
  type Aggregate,
  agreement,
  allOf,
  anyOf,
  bestOf,
  byCapability,
  byComplexity,
  byContextWindow,
  byCost,
  byKeyword,
  byLatency,
  bySimilarity,
  byTask,
  byTokens,
  type Context,
  classifyWith,
  consistency,
  extractWith,
  firstAnswer,
  firstOf,
  fullHistory,
  judgeWith,
  lastMessages,
  latencyOptimized,
  latestOnly,
  localEmbeddings,
  logprobs,
  longest,
  type ModelEntry,
  majorityVote,
  matchesSchema,
  type Normalize,
  normalizeChoice,
  normalizeJson,
  normalizeNumber,
  normalizeText,
  normalizeYesNo,
  qualityFocused,
  type Route,
  selfReported,
  sharedMemory,
  summarizeWith,
  synthesizeWith,
  type Verify,
  weighted,
  weightedVote,
} from "../index.js";
import type { AggregateSpec, ContextSpec, NormalizeSpec, RouteSpec, VerifySpec } from "./strategy-spec.js";

/** Finds a model or graph by the name a file gives it. */
export type Find = (name: string) => ModelEntry;

export function toNormalize(spec: NormalizeSpec | undefined): { readonly normalize?: Normalize } {
  if (spec === undefined) return {};
  if (typeof spec === "object") {
    return { normalize: "choice" in spec ? normalizeChoice(spec.choice) : normalizeJson(spec.json) };
  }
  return { normalize: { text: normalizeText, number: normalizeNumber, yesNo: normalizeYesNo }[spec] };
}

export function toRoute(spec: RouteSpec, find: Find): Route<string> {
  if (typeof spec === "string") {
    const named = { capability: byCapability, contextWindow: byContextWindow, latencyOptimized, qualityFocused };
    return named[spec]() as Route<string>;
  }
  if ("always" in spec) return () => spec.always;
  if ("classify" in spec) {
    const { classify, ...options } = spec;
    return classifyWith(find(classify), options);
  }
  if ("keywords" in spec) return byKeyword(spec.keywords);
  if ("complexity" in spec) {
    return byComplexity(spec.complexity, spec.detect === undefined ? {} : { detect: find(spec.detect) });
  }
  if ("table" in spec) return byTask(spec);
  if ("quality" in spec) return byCost(spec) as Route<string>;
  if ("deadlineMs" in spec) return byLatency(spec) as Route<string>;
  if ("tokens" in spec) return byTokens(spec.tokens, spec.otherwise);
  if ("weights" in spec) return weighted(spec.weights, spec.stickyBy === undefined ? {} : { stickyBy: spec.stickyBy });
  if ("firstOf" in spec) return firstOf(...spec.firstOf.map((route) => toRoute(route, find)));
  return bySimilarity({ embeddings: localEmbeddings(), ...spec });
}

export function toVerify(spec: VerifySpec, find: Find): Verify {
  if (typeof spec === "string") return { selfReported, logprobs, agreement }[spec]();
  if ("judge" in spec) {
    const { judge, ...options } = spec;
    return judgeWith(find(judge), options);
  }
  if ("selfReported" in spec) return selfReported({ threshold: spec.selfReported });
  if ("logprobs" in spec) return logprobs({ threshold: spec.logprobs, ...(spec.reduce && { reduce: spec.reduce }) });
  if ("agreement" in spec) return agreement({ need: spec.agreement, ...toNormalize(spec.normalize) });
  if ("consistency" in spec) {
    const { consistency: samples, threshold, normalize } = spec;
    return consistency({ samples, ...(threshold === undefined ? {} : { threshold }), ...toNormalize(normalize) });
  }
  if ("schema" in spec) return matchesSchema(toSchema(spec.schema, "matchesSchema"));
  return "allOf" in spec
    ? allOf(...spec.allOf.map((each) => toVerify(each, find)))
    : anyOf(...spec.anyOf.map((each) => toVerify(each, find)));
}

function toSchema(schema: object, owner: string) {
  try {
    return z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  } catch {
    const expected = "write a JSON schema: { type: object, properties: { title: { type: string } } }";
    throw new InvalidOptionError(`${owner}.schema`, schema, expected); // what zod says shows values
  }
}

export function toAggregate(spec: AggregateSpec, find: Find): Aggregate {
  if (typeof spec === "string") return { majorityVote, longest, firstAnswer }[spec]();
  if ("majorityVote" in spec) {
    const { normalize, ...options } = spec.majorityVote;
    return majorityVote({ ...options, ...toNormalize(normalize) });
  }
  if ("weightedVote" in spec) return weightedVote({ weights: spec.weightedVote, ...toNormalize(spec.normalize) });
  if ("bestOf" in spec) return bestOf(find(spec.bestOf), spec.rubric === undefined ? {} : { rubric: spec.rubric });
  const { synthesize, ...options } = spec;
  return synthesizeWith(find(synthesize), options);
}

export function toContext(spec: ContextSpec, find: Find): Context {
  if (typeof spec === "string") return { fullHistory, latestOnly }[spec]();
  if ("lastMessages" in spec) return lastMessages(spec.lastMessages);
  if ("summarize" in spec) {
    const { summarize, ...options } = spec;
    return summarizeWith(find(summarize), options);
  }
  if ("extract" in spec) return extractWith(find(spec.extract), toSchema(spec.schema, "extractWith"));
  const { sharedMemory: namespace, ...options } = spec;
  return sharedMemory({ namespace, ...options });
}
