import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expectTypeOf, it } from "vitest";
import { createRouter } from "../../src/patterns/create-router.js";
import { byCapability } from "../../src/routing/by-capability.js";
import { byComplexity } from "../../src/routing/by-complexity.js";
import { byContextWindow } from "../../src/routing/by-context-window.js";
import { byCost } from "../../src/routing/by-cost.js";
import { byKeyword } from "../../src/routing/by-keyword.js";
import { byLatency } from "../../src/routing/by-latency.js";
import { bySimilarity } from "../../src/routing/by-similarity.js";
import { byTask } from "../../src/routing/by-task.js";
import { byTokens } from "../../src/routing/by-tokens.js";
import { classifyWith } from "../../src/routing/classify-with.js";
import { detectComplexity } from "../../src/routing/detect-complexity.js";
import { firstOf } from "../../src/routing/first-of.js";
import { latencyOptimized } from "../../src/routing/latency-optimized.js";
import { qualityFocused } from "../../src/routing/quality-focused.js";
import type { Route } from "../../src/routing/route.js";
import { weighted } from "../../src/routing/weighted.js";

const small = new ChatOpenAI({ model: "gpt-4o-mini" });
const models = { small, large: small };
const embeddings = {} as EmbeddingsInterface;

describe("routes that name models", () => {
  it("take the keys of a router's models", () => {
    createRouter({ models, route: byComplexity({ simple: "small", complex: "large" }) });
    createRouter({ models, route: byComplexity({ simple: "small" }, { detect: small }) });
    createRouter({ models, route: byComplexity({ simple: "small" }, { detect: async () => "critical" as const }) });
    createRouter({ models, route: byTask({ table: { parsing: { simple: "small" } }, default: "large" }) });
    createRouter({
      models,
      route: byTask({ task: "x", complexity: detectComplexity, table: { x: { simple: "small" } } }),
    });
    createRouter({ models, route: byCost({ quality: { small: 0.5, large: 1 }, min: 0.8 }) });
    createRouter({ models, route: byCost({ quality: async () => ({ small: 0.5, large: 1 }), min: 0.8 }) });
    createRouter({ models, route: byTokens({ 500: "small" }, "large") });
    createRouter({ models, route: weighted({ small: 0.9, large: 0.1 }, { stickyBy: "sessionId" }) });
    createRouter({ models, route: bySimilarity({ embeddings, examples: { small: ["Hi"] }, threshold: 0.5 }) });
    expectTypeOf(weighted({ a: 1, b: 2 })).toEqualTypeOf<Route<"a" | "b", string>>();
  });

  it("refuse a name that is not there", () => {
    // @ts-expect-error there is no such model
    createRouter({ models, route: byComplexity({ simple: "smal", complex: "large" }) });
    // @ts-expect-error there is no such model
    createRouter({ models, route: byTask({ table: { parsing: { simple: "smal" } }, default: "large" }) });
    // @ts-expect-error there is no such model
    createRouter({ models, route: byTask({ table: { parsing: { simple: "small" } }, default: "larg" }) });
    // @ts-expect-error there is no such model
    createRouter({ models, route: byCost({ quality: { small: 0.5, larg: 1 }, min: 0.8 }) });
    // @ts-expect-error there is no such model
    createRouter({ models, route: byCost({ quality: () => ({ smal: 0.5 }), min: 0.8 }) });
    // @ts-expect-error there is no such model
    createRouter({ models, route: byTokens({ 500: "smal" }, "large") });
    // @ts-expect-error there is no such model
    createRouter({ models, route: byTokens({ 500: "small" }, "larg") });
    // @ts-expect-error there is no such model
    createRouter({ models, route: weighted({ small: 0.9, larg: 0.1 }) });
    // @ts-expect-error there is no such model
    createRouter({ models, route: bySimilarity({ embeddings, examples: { smal: ["Hi"] }, threshold: 0.5 }) });
    // @ts-expect-error there is no such model, also inside a composition
    createRouter({ models, route: firstOf(byTokens({ 500: "smal" }), () => "large") });
  });

  it("refuse a level, an option or a word that does not exist", () => {
    // @ts-expect-error no such level
    byComplexity({ easy: "small" });
    // @ts-expect-error no such level
    byComplexity({ simple: "small" }, { detect: () => "easy" });
    // @ts-expect-error no such capability
    byCapability({ needs: ["sight"] });
    // @ts-expect-error it needs a deadline
    byLatency({});
    // @ts-expect-error budgets are numbers
    byTokens({ many: "small" });
  });
});

describe("routes that name none", () => {
  it("fit every router", () => {
    createRouter({ models, route: byCapability() });
    createRouter({ models, route: byContextWindow({ answerTokens: 5 }) });
    createRouter({ models, route: byLatency({ deadlineMs: 1_000 }) });
    createRouter({ models, route: latencyOptimized() });
    createRouter({ models, route: qualityFocused() });
  });

  it("compose with those that do, in one line", () => {
    createRouter({ models, route: firstOf(byCapability(), byTokens({ 500: "small" }), () => "large") });
    createRouter({ models, route: firstOf(byCapability(), byContextWindow(), byLatency({ deadlineMs: 5 })) });
    createRouter({ models, route: firstOf(byComplexity({ critical: "large" }), latencyOptimized()) });
    createRouter({ models, route: (turn) => byLatency<"small" | "large">({ deadlineMs: 5 })(turn) });
    createRouter({ models, route: byCapability({ choose: byLatency({ deadlineMs: 5 }) }) });
    createRouter({ models, route: byCapability({ choose: byContextWindow({ choose: byTokens({ 500: "small" }) }) }) });
    // @ts-expect-error there is no such model
    createRouter({ models, route: byCapability({ choose: byTokens({ 500: "smal" }) }) });
    // @ts-expect-error there is no such model
    createRouter({ models, route: byContextWindow({ choose: () => "smal" }) });
  });

  it("are called by hand, with the turn of any router", () => {
    createRouter({ models, route: (turn) => qualityFocused()(turn) });
    createRouter({ models, route: (turn) => (turn.messages.length > 5 ? qualityFocused()(turn) : "small") });
    createRouter({ models, route: async (turn) => (await byKeyword({ small: ["x"] })(turn)) ?? "large" });
    createRouter({ models, route: (turn) => classifyWith(small)(turn) });
    createRouter({ models, route: (turn) => weighted({ small: 1 })(turn) });
    createRouter({ models, route: (turn) => firstOf(byKeyword({ small: ["x"] }), () => "large")(turn) });
    createRouter({ models, route: ({ models }) => models[0]!.name });
    // @ts-expect-error there is no such model
    createRouter({ models, route: (turn) => byKeyword({ smal: ["x"] })(turn) });
    // @ts-expect-error there is no such model
    createRouter({ models, route: async (turn) => (await byKeyword({ small: ["x"] })(turn)) ?? "larg" });
  });

  it("compose with arrows that read the turn", () => {
    createRouter({
      models,
      route: firstOf(byKeyword({ small: ["x"] }), ({ messages }) => (messages.length > 5 ? "large" : undefined)),
    });
    createRouter({
      models,
      route: firstOf(({ messages }) => (messages.length > 5 ? "large" : undefined), byKeyword({ small: ["x"] })),
    });
    createRouter({ models, route: firstOf(byKeyword({ small: ["x"] }), ({ models }) => models[0]!.name) });
    createRouter({
      models,
      route: firstOf(byKeyword({ small: ["x"] }), async ({ config }) => ({
        name: "large",
        reason: String(config.tags),
      })),
    });
    const code = firstOf(byKeyword({ small: ["x"] }), ({ messages }) => (messages.length > 5 ? "large" : undefined));
    createRouter({ models, route: code });
    const wrong = firstOf(byKeyword({ small: ["x"] }), ({ messages }) => (messages.length > 5 ? "larg" : undefined));
    // @ts-expect-error there is no such model
    createRouter({ models, route: wrong });
  });
});

describe("the run context", () => {
  it("has task and complexity, both optional", async () => {
    const graph = createRouter({ models, route: () => "small" }).compile();
    await graph.invoke({ messages: "Hi" }, { context: { task: "parsing", complexity: "simple" } });
    // @ts-expect-error a complexity is a word
    await graph.invoke({ messages: "Hi" }, { context: { complexity: 3 } });
  });
});
