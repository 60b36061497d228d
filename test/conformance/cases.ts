import {
  agreement,
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
  thompson,
  untilApproved,
} from "../../src/index.js";

/** A pattern, whatever its nodes are called. */
export type AnyPattern = Pick<PatternGraph, "compile">;

/** One pattern over models called `one`, `two` and `three`. */
export interface ConformanceCase {
  readonly title: string;
  readonly build: (model: (name: string) => Model) => AnyPattern;
  /** What each model says, call by call. */
  readonly says: Readonly<Record<string, readonly string[]>>;
  readonly answer: string;
  readonly modelUsed: string;
  /** Paths of the ledger. */
  readonly calls: readonly string[];
  /** The last answer is certain to be returned while it is made: its tokens stream one by one. */
  readonly live: boolean;
}

const good = check(({ answer }) => answer.text.startsWith("good"));

export const cases: readonly ConformanceCase[] = [
  {
    title: "createRouter",
    build: (model) => createRouter({ models: { one: model("one"), two: model("two") }, route: () => "two" }),
    says: { two: ["good answer of two"] },
    answer: "good answer of two",
    modelUsed: "two",
    calls: ["two"],
    live: true,
  },
  {
    title: "createRouter with verify and fallback",
    build: (model) =>
      createRouter({
        models: { one: model("one") },
        route: () => "one",
        verify: good,
        fallback: model("three"),
      }),
    says: { one: ["bad draft of one"], three: ["the spare answer"] },
    answer: "the spare answer",
    modelUsed: "fallback",
    calls: ["one", "fallback"],
    live: true,
  },
  {
    title: "createRouter with a context",
    build: (model) =>
      createRouter({
        models: { one: model("one"), two: model("two") },
        route: () => "two",
        context: ({ messages }) => messages.slice(-1),
      }),
    says: { two: ["good answer of two"] },
    answer: "good answer of two",
    modelUsed: "two",
    calls: ["two"],
    live: true,
  },
  {
    title: "createCascade",
    build: (model) =>
      createCascade({
        models: { one: model("one"), two: model("two"), three: model("three") },
        verify: good,
      }),
    says: { one: ["bad draft of one"], two: ["good answer of two"] },
    answer: "good answer of two",
    modelUsed: "two",
    calls: ["one", "two"],
    live: false,
  },
  {
    title: "createCascade by agreement",
    build: (model) =>
      createCascade({
        models: { one: model("one"), two: model("two"), three: model("three") },
        verify: agreement(),
      }),
    says: { one: ["It is blue."], two: ["it is BLUE"] },
    answer: "it is BLUE",
    modelUsed: "two",
    calls: ["one", "two"],
    live: false,
  },
  {
    title: "createFallback",
    build: (model) => createFallback({ models: { one: model("one"), two: model("two") } }),
    says: { one: ["good answer of one"] },
    answer: "good answer of one",
    modelUsed: "one",
    calls: ["one"],
    live: true,
  },
  {
    title: "createEnsemble by vote",
    build: (model) =>
      createEnsemble({
        models: { one: model("one"), two: model("two"), three: model("three") },
        aggregate: majorityVote(),
        stopEarly: false,
      }),
    says: { one: ["No."], two: ["yes"], three: ["Yes!"] },
    answer: "yes",
    modelUsed: "two",
    calls: ["one", "two", "three"],
    live: false,
  },
  {
    title: "createEnsemble by synthesis",
    build: (model) =>
      createEnsemble({
        models: { one: model("one"), two: model("two") },
        aggregate: synthesizeWith(model("three")),
      }),
    says: { one: ["a part"], two: ["another part"], three: ["one whole answer"] },
    answer: "one whole answer",
    modelUsed: "aggregator",
    calls: ["one", "two", "aggregator"],
    live: true,
  },
  {
    title: "createQualityGate",
    build: (model) => createQualityGate({ model: model("one"), verify: good, fallback: model("two") }),
    says: { one: ["bad draft", "good revision"] },
    answer: "good revision",
    modelUsed: "revise",
    calls: ["draft", "revise"],
    live: false,
  },
  {
    title: "createMapReduce",
    build: (model) => createMapReduce({ plan: model("one"), worker: model("two"), reduce: model("three") }),
    says: { one: ["Here is the plan:\n1. First\n2. Second"], two: ["a part", "a part"], three: ["one whole answer"] },
    answer: "one whole answer",
    modelUsed: "reduce",
    calls: ["plan", "worker", "worker", "reduce"],
    live: true,
  },
  {
    title: "createMapReduce with functions",
    build: (model) =>
      createMapReduce({
        plan: ({ messages }) => [messages.at(-1)!.text],
        worker: model("one"),
        reduce: ({ outputs }) => outputs.map(({ message }) => message.text).join("\n"),
      }),
    says: { one: ["good part of one"] },
    answer: "good part of one",
    modelUsed: "reduce",
    calls: ["worker"],
    live: false,
  },
  {
    title: "createExperiment",
    build: (model) =>
      createExperiment({ models: { one: model("one"), two: model("two") }, weights: { one: 0, two: 1 } }),
    says: { two: ["good answer of two"] },
    answer: "good answer of two",
    modelUsed: "two",
    calls: ["two"],
    live: true,
  },
  {
    title: "createExperiment with a reward",
    build: (model) =>
      createExperiment({
        models: { one: model("one"), two: model("two") },
        weights: { one: 0, two: 1 },
        adapt: thompson({ reward: () => 1 }),
      }),
    says: { two: ["good answer of two"] },
    answer: "good answer of two",
    modelUsed: "two",
    calls: ["two"],
    live: true,
  },
  {
    title: "createPipeline",
    build: (model) => createPipeline({ stages: { one: model("one"), two: model("two") } }),
    says: { one: ["a plan"], two: ["what was planned"] },
    answer: "what was planned",
    modelUsed: "two",
    calls: ["one", "two"],
    live: true,
  },
  {
    title: "createPipeline that sends work back to its first stage",
    build: (model) =>
      createPipeline({
        stages: {
          one: model("one"),
          two: { model: model("two"), next: ({ answer }) => (answer.text.startsWith("good") ? "three" : "one") },
          three: model("three"),
        },
      }),
    says: { one: ["a draft", "a better draft"], two: ["bad work", "good work"], three: ["the refined answer"] },
    answer: "the refined answer",
    modelUsed: "three",
    calls: ["one", "two", "one", "two", "three"],
    live: true,
  },
  {
    title: "createPipeline with a review, answered by the work",
    build: (model) =>
      createPipeline({
        stages: {
          one: { model: model("one"), maxVisits: 2 },
          two: { model: model("two"), next: untilApproved("one") },
        },
        answer: "one",
      }),
    says: { one: ["a draft", "a better draft"], two: ["Not approved: too short.", "Approved."] },
    answer: "a better draft",
    modelUsed: "one",
    calls: ["one", "two", "one", "two"],
    live: false,
  },
];
