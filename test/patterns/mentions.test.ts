import { FakeEmbeddings } from "@langchain/core/utils/testing";
import { describe, expect, it } from "vitest";
import {
  agreement,
  allOf,
  anyOf,
  byCapability,
  byComplexity,
  byContextWindow,
  byCost,
  byKeyword,
  bySimilarity,
  byTask,
  byTokens,
  check,
  classifyWith,
  createCascade,
  createEnsemble,
  createExperiment,
  createQualityGate,
  createRouter,
  firstOf,
  InvalidOptionError,
  type Route,
  type Verify,
  weighted,
  weightedVote,
} from "../../src/index.js";
import { loadRouter, trainRouter } from "../../src/learned/index.js";
import { saying } from "../support/fakes.js";

type Names = Route<"small" | "large">;
const model = saying("small");
const models = { small: model, large: model };
const embeddings = new FakeEmbeddings();
const examples = (other: string) =>
  Array.from({ length: 10 }, (_, n) => ({ prompt: `What is ${n} + 1?`, outcomes: { small: 1, [other]: 0 } }));
const trained = async (other: string) => (await trainRouter(examples(other))).route({ tradeoff: 0.2 });
const loaded = async (other: string) =>
  loadRouter(JSON.stringify(await trainRouter(examples(other)))).route({ tradeoff: 0.2 });

/** Every route that names models: the option that does, and the route with a name in it. */
const routes: readonly (readonly [option: string, make: (name: string) => unknown])[] = [
  ["byKeyword.keywords", (name) => byKeyword({ small: ["x"], [name]: ["y"] })],
  ["byComplexity.levels", (name) => byComplexity({ simple: "small", complex: name })],
  ["byTask.table.t.simple", (name) => byTask({ table: { t: { simple: name } }, default: "small" })],
  ["byTask.default", (name) => byTask({ table: { t: { simple: "small" } }, default: name })],
  ["byTokens.budgets.500", (name) => byTokens({ 500: name, 900: "small" }, "large")],
  ["byTokens.otherwise", (name) => byTokens({ 500: "small" }, name)],
  ["byCost.quality", (name) => byCost({ quality: { small: 0.5, [name]: 0.9 }, min: 0.4 })],
  ["bySimilarity.examples", (name) => bySimilarity({ embeddings, examples: { [name]: ["Hi"] }, threshold: 0.1 })],
  ["weighted.weights", (name) => weighted({ small: 1, [name]: 1 })],
  ["classifyWith.labels", (name) => classifyWith(model, { labels: { EASY: "small", HARD: name } })],
  ["classifyWith.examples", (name) => classifyWith(model, { examples: [{ question: "Hi", label: name }] })],
  ["TrainedRouter.route", trained],
  ["TrainedRouter.route", loaded],
  ["byTokens.otherwise", (name) => firstOf(() => "small", firstOf(byTokens({ 500: "small" }, name)))],
  ["weighted.weights", (name) => byCapability({ choose: weighted({ [name]: 1 }) })],
  ["weighted.weights", (name) => byContextWindow({ choose: firstOf(weighted({ [name]: 1 })) })],
];

const verifiers: readonly (readonly [option: string, make: (name: string) => Verify])[] = [
  ["agreement.weights", (name) => agreement({ weights: { small: 1, [name]: 2 } })],
  [
    "agreement.weights",
    (name) =>
      allOf(
        check(() => true),
        agreement({ weights: { [name]: 2 } }),
      ),
  ],
  [
    "agreement.weights",
    (name) =>
      anyOf(
        allOf(agreement({ weights: { [name]: 2 } })),
        check(() => true),
      ),
  ],
];

function refusal(build: () => unknown): InvalidOptionError {
  try {
    build();
  } catch (error) {
    if (InvalidOptionError.isInstance(error)) return error;
    throw error;
  }
  throw new Error("it was not refused");
}

describe("a name of a strategy that is no model of the pattern", () => {
  it.each(routes)("is refused as %s, with the models there are and the nearest of them", async (option, make) => {
    const right = (await make("large")) as Names;
    expect(() => createRouter({ models, route: right })).not.toThrow();
    for (const verify of [undefined, check(() => true)]) {
      const wrong = (await make("larg")) as Names;
      const error = refusal(() => createRouter({ models, route: wrong, ...(verify && { verify }), fallback: model }));
      expect(error.option).toBe(option);
      expect(error.message).toContain('is "larg"; the models of createRouter are small, large; did you mean large?');
    }
    const fallback = (await make("fallback")) as Names;
    expect(refusal(() => createRouter({ models, route: fallback, fallback: model })).option).toBe(option); // no route chooses it
  });

  it.each(verifiers)("is refused as %s, in a cascade, a router and a gate", (option, make) => {
    expect(() => createCascade({ models, verify: make("large") })).not.toThrow();
    expect(() => createRouter({ models, route: () => "small", verify: make("large") })).not.toThrow();
    for (const build of [
      () => createCascade({ models, verify: make("larg") }),
      () => createRouter({ models, route: () => "small" as const, verify: make("larg") }),
    ]) {
      expect(refusal(build)).toMatchObject({ option, message: expect.stringContaining("did you mean large?") });
    }
    expect(() => createQualityGate({ model, verify: agreement({ weights: { draft: 1, revise: 2 } }) })).not.toThrow();
    expect(refusal(() => createQualityGate({ model, verify: make("larg") })).message).toContain("are draft, revise");
  });

  it("is refused as a weight of a vote, and of a variant", () => {
    const vote = (name: string) => weightedVote({ weights: { small: 1, [name]: 2 } });
    expect(() => createEnsemble({ models, aggregate: vote("large") })).not.toThrow();
    expect(refusal(() => createEnsemble({ models, aggregate: vote("larg") }))).toMatchObject({
      option: "weightedVote.weights",
      message: 'weightedVote.weights is "larg"; the models of createEnsemble are small, large; did you mean large?',
    });
    const weights = { small: 1, large: 1, larg: 1 };
    expect(refusal(() => createExperiment({ models, weights }))).toMatchObject({
      option: "createExperiment.weights.larg",
      message: expect.stringContaining("did you mean large?"),
    });
  });

  it("is refused of a strategy of the user's own that says what it names", () => {
    const mentions = [{ name: "larg", option: "mine" }];
    const route = Object.assign(() => "small" as const, { mentions });
    expect(refusal(() => createRouter({ models, route })).option).toBe("mine");
    expect(refusal(() => createRouter({ models, route: firstOf<"small">(route) })).option).toBe("mine");
  });

  it("is no matter where a function decides as it runs", () => {
    const route = byCost<string>({ quality: () => ({ small: 1, other: 1 }), min: 0.5 });
    expect(() => createRouter({ models, route: route as never })).not.toThrow();
  });
});
