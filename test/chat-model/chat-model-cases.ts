import {
  asChatModel,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createPipeline,
  createQualityGate,
  createRouter,
  type Model,
  majorityVote,
  type PatternGraph,
  synthesizeWith,
} from "../../src/index.js";
import type { AnswerReply, LoopbackRequest, LoopbackServer } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";

/** A pattern over models called `one`, `two` and `three`; its answer is always that of the model in `answers`. */
export interface ChatModelCase {
  readonly pattern: string;
  readonly build: (model: (name: "one" | "two" | "three") => Model) => Pick<PatternGraph, "compile">;
  readonly answers: "one" | "two" | "three";
  /** Calls that are paid for one answer. */
  readonly paid: number;
  /** Calls paid where the answer asks for a tool. */
  readonly paidStep: number;
  /** Tokens are shown as they come. */
  readonly live: boolean;
}

const good = check(({ answer }) => !answer.text.startsWith("bad"));

export const patterns: readonly ChatModelCase[] = [
  {
    pattern: "createRouter",
    build: (model) => createRouter({ models: { one: model("one"), two: model("two") }, route: () => "two" }),
    ...{ answers: "two", paid: 1, paidStep: 1, live: true },
  },
  {
    pattern: "createCascade",
    build: (model) => createCascade({ models: { one: model("one"), two: model("two") }, verify: good }),
    ...{ answers: "two", paid: 2, paidStep: 1, live: false },
  },
  {
    pattern: "createFallback",
    build: (model) => createFallback({ models: { two: model("two"), three: model("three") } }),
    ...{ answers: "two", paid: 1, paidStep: 1, live: true },
  },
  {
    pattern: "createEnsemble by vote",
    build: (model) =>
      createEnsemble({
        models: { two: model("two"), three: model("three") },
        aggregate: majorityVote(),
        stopEarly: false,
      }),
    ...{ answers: "two", paid: 2, paidStep: 2, live: false },
  },
  {
    pattern: "createEnsemble by synthesis",
    build: (model) =>
      createEnsemble({
        models: { one: model("one"), two: model("two") },
        aggregate: synthesizeWith(model("three")),
      }),
    ...{ answers: "three", paid: 3, paidStep: 2, live: true },
  },
  {
    pattern: "createQualityGate",
    build: (model) => createQualityGate({ model: model("two"), verify: good }),
    ...{ answers: "two", paid: 1, paidStep: 1, live: false },
  },
  {
    pattern: "createPipeline",
    build: (model) => createPipeline({ stages: { plan: model("one"), write: model("two") } }),
    ...{ answers: "two", paid: 2, paidStep: 2, live: true },
  },
  {
    pattern: "a router in a fallback",
    build: (model) =>
      createFallback({
        models: { inner: createRouter({ models: { two: model("two") }, route: () => "two" }), three: model("three") },
      }),
    ...{ answers: "two", paid: 1, paidStep: 1, live: true },
  },
];

export const clients = Object.keys(providers) as Provider[];

export const cases = patterns.flatMap((each) => clients.map((client) => ({ ...each, client })));

/** The tokens every scripted call reports. */
export const perCall = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };

const usage = { inputTokens: 10, outputTokens: 5 };

/**
 * What a model says that has tools: it calls the first one until a result is there, and else repeats what it was asked.
 * The model `one` answers badly.
 */
export function reply({ tools, messages, model }: LoopbackRequest): AnswerReply {
  const result = messages.findLast(({ role }) => role === "tool");
  const asked = messages.findLast(({ role, text }) => role === "user" && !/^<(output|answer)/.test(text))?.text ?? "";
  if (result !== undefined) return { text: `The tool says ${result.text}`, usage };
  if (tools.length > 0) return { toolCalls: [{ name: tools[0]!, args: { city: "Oslo", days: 2 } }], usage };
  return { text: model === "one" ? "bad answer" : `You asked: ${asked}`, usage };
}

/** The pattern as a chat model over real clients of a server. */
export function chatModel(
  { build, client }: { build: ChatModelCase["build"]; client: Provider },
  server: LoopbackServer,
) {
  return asChatModel(
    build((name) => providers[client](server, name)),
    { name: "support" },
  );
}
