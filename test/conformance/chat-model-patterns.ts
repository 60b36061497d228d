import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import {
  asChatModel,
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  type Model,
  majorityVote,
  type PatternGraph,
  synthesizeWith,
} from "../../src/index.js";
import type { LoopbackServer } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";

type Give = (name: "final" | "draft") => Model;

/** Every pattern over a model `draft`, whose answers are replaced, and a model `final`, whose answer is returned. */
interface Row {
  readonly pattern: string;
  readonly build: (give: Give) => Pick<PatternGraph, "compile">;
  /** Its answer comes token by token. */
  readonly live: boolean;
  /** Calls that are paid for an answer, and for a step that calls tools. */
  readonly paid: readonly [answer: number, step: number];
  /** `final` is asked exactly what the chat model was. */
  readonly verbatim: boolean;
}

const accepted = check(({ answer }) => answer.text !== "a draft");

const rows: readonly Row[] = [
  {
    pattern: "createRouter",
    build: (give) => createRouter({ models: { draft: give("draft"), final: give("final") }, route: () => "final" }),
    ...{ live: true, paid: [1, 1], verbatim: true },
  },
  {
    pattern: "createCascade",
    build: (give) => createCascade({ models: { draft: give("draft"), final: give("final") }, verify: accepted }),
    ...{ live: false, paid: [2, 2], verbatim: true },
  },
  {
    pattern: "createFallback",
    build: (give) => createFallback({ models: { final: give("final"), draft: give("draft") } }),
    ...{ live: true, paid: [1, 1], verbatim: true },
  },
  {
    pattern: "createEnsemble by vote",
    build: (give) =>
      createEnsemble({
        models: { final: give("final"), other: give("final"), draft: give("draft") },
        aggregate: majorityVote(),
        stopEarly: false,
      }),
    ...{ live: false, paid: [3, 3], verbatim: true },
  },
  {
    pattern: "createEnsemble by synthesis",
    build: (give) =>
      createEnsemble({
        models: { draft: give("draft"), other: give("draft") },
        aggregate: synthesizeWith(give("final")),
      }),
    ...{ live: true, paid: [3, 3], verbatim: false },
  },
  {
    pattern: "createQualityGate",
    build: (give) =>
      createQualityGate({ model: give("draft"), verify: accepted, fallback: give("final"), maxRevisions: 0 }),
    ...{ live: true, paid: [2, 2], verbatim: true },
  },
  {
    pattern: "createPipeline",
    build: (give) => createPipeline({ stages: { plan: give("draft"), write: give("final") } }),
    ...{ live: true, paid: [2, 2], verbatim: false },
  },
  {
    pattern: "createMapReduce",
    build: (give) => createMapReduce({ plan: () => ["one"], worker: give("draft"), reduce: give("final") }),
    ...{ live: true, paid: [2, 2], verbatim: false },
  },
  {
    pattern: "createExperiment",
    build: (give) =>
      createExperiment({ models: { final: give("final"), other: give("final") }, weights: { final: 1, other: 0 } }),
    ...{ live: true, paid: [1, 1], verbatim: true },
  },
  {
    pattern: "a nested chat model",
    build: (give) =>
      createFallback({
        models: { inner: asChatModel(createRouter({ models: { final: give("final") }, route: () => "final" })) },
      }),
    ...{ live: true, paid: [1, 1], verbatim: true },
  },
];

/** A row of the table: a pattern over the clients of one provider. */
export interface Conformance extends Row {
  readonly client: Provider;
}

export const table: readonly Conformance[] = rows.flatMap((row) =>
  (Object.keys(providers) as Provider[]).map((client) => ({ ...row, client })),
);

/** The plain client, and the pattern as a chat model over clients of the same server. */
export function pair({ build, client }: Conformance, server: LoopbackServer) {
  const give = (name: string): BaseChatModel => providers[client](server, name);
  return { plain: give("final"), ours: asChatModel(build(give)) };
}
