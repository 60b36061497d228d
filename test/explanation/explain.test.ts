import { InMemoryStore } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import {
  budget,
  byKeyword,
  byLatency,
  classifyWith,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  type Explanation,
  explain,
  firstOf,
  InvalidInputError,
  InvalidOptionError,
  judgeWith,
  sharedMemory,
  subscribe,
  synthesizeWith,
  weighted,
} from "../../src/index.js";
import { down, entry, provider } from "./support.js";

const namesIn = ({ order }: Explanation) =>
  order.map(({ name, skipped, otherwise }) => `${skipped ? "-" : otherwise ? "?" : ""}${name}`);

describe("explain", () => {
  it("says which models a fallback chain calls, and which only after a failure, and calls none of them", async () => {
    const api = provider();
    const graph = createFallback({ models: { a: entry(api), b: entry(api) } });
    const explanation = await explain(graph, "Why is the sky blue?");
    expect(namesIn(explanation)).toEqual(["a", "?b"]);
    expect(explanation.order[1]!.reason).toBe("only if what is before it fails or is rejected");
    expect(await explain(graph.compile(), { messages: "Why is the sky blue?" })).toEqual(explanation);
    expect(api.calls).toBe(0);
  });

  it("prices the answers that are expected, and the most that a run can cost", async () => {
    const graph = createFallback({
      models: { a: entry(provider()), b: entry(provider(), { retry: { maxRetries: 1 } }) },
    });
    const { cost } = await explain(graph, "x".repeat(400));
    expect(cost.expected).toBeCloseTo((104 + 1_000) / 1e6, 4);
    const once = (400 + 32 + 2_000) / 1e6;
    expect(cost.worst).toBeCloseTo(3 * once, 4);
    const unknown = createFallback({ models: { a: entry(provider(), { price: null }) } });
    expect((await explain(unknown, "Hi")).cost).toEqual({ expected: null, worst: null });
  });

  it("names the route, and gives the reasons of the router and of models that it skips", async () => {
    const models = {
      small: entry(provider(), { contextWindow: 10 }),
      large: entry(provider()),
    };
    const graph = createRouter({
      models,
      route: firstOf(byKeyword({ small: ["sky"] }), () => "large"),
      fallback: models.large,
    });
    const explanation = await explain(graph, `Why is the sky blue? ${"really ".repeat(40)}`);
    expect(explanation.route).toBe("small");
    expect(namesIn(explanation)).toEqual(["-small", "fallback"]);
    expect(explanation.order[0]!.reason).toMatch(/do not fit its window of 10/);
  });

  it("skips a model whose breaker is open, without taking its probe", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const api = provider(down);
      const a = entry(api, { breaker: { failures: 1, openMs: 1_000 } });
      const graph = createFallback({ models: { a, b: entry(provider()) } }).compile();
      await graph.invoke({ messages: "Hi" });
      const [first] = (await explain(graph, "Hi")).order;
      expect(first).toMatchObject({ name: "a", skipped: true, reason: expect.stringMatching(/^breaker open until/) });
      vi.setSystemTime(Date.now() + 2_000);
      api.answer = () => "Hello";
      expect(namesIn(await explain(graph, "Hi"))).toEqual(["a", "?b"]);
      expect(namesIn(await explain(graph, "Hi"))).toEqual(["a", "?b"]);
      expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("a");
    } finally {
      vi.useRealTimers();
    }
  });

  it("says that a budget has no room, as the error of the run, and reserves nothing", async () => {
    const purse = budget({ usd: 0.000_1, per: "day" });
    const graph = createFallback({ models: { a: entry(provider()) }, budget: purse });
    const explanation = await explain(graph, "Hi");
    expect(namesIn(explanation)).toEqual(["-a"]);
    expect(explanation.error).toMatchObject({ name: "BudgetExceededError" });
    expect(explanation.cost).toEqual({ expected: 0, worst: 0 });
    const room = createFallback({ models: { a: entry(provider()) }, budget: budget({ usd: 0.003, per: "day" }) });
    for (let times = 0; times < 5; times++) expect(namesIn(await explain(room, "Hi"))).toEqual(["a"]);
  });

  it("lists judges, revisions and the fallback of gates and cascades", async () => {
    const judge = entry(provider());
    const cascade = createCascade({ models: { a: entry(provider()), b: entry(provider()) }, verify: judgeWith(judge) });
    expect(namesIn(await explain(cascade, "Hi"))).toEqual(["a", "verifier", "?b"]);
    const gate = createQualityGate({
      model: entry(provider()),
      verify: judgeWith(judge),
      maxRevisions: 1,
      fallback: judge,
    });
    const [draft, ...rest] = namesIn(await explain(gate, "Hi"));
    expect([draft!.startsWith("?"), rest[0]]).toEqual([false, "verifier"]);
    expect(rest.at(-1)).toBe("?fallback");
    expect(rest).toContain("?revise");
  });

  it("enters nested patterns, stages and workers", async () => {
    const inner = createFallback({ models: { x: entry(provider()), y: entry(provider()) } });
    const pipeline = createPipeline({ stages: { outline: inner, write: entry(provider()) } });
    expect(namesIn(await explain(pipeline, "Hi"))).toEqual(["outline/x", "?outline/y", "write"]);
    const parts = createMapReduce({ plan: () => ["one", "two"], worker: entry(provider()), reduce: entry(provider()) });
    expect(namesIn(await explain(parts, "Hi"))).toEqual(["worker", "worker", "reduce"]);
    const lanes = createEnsemble({
      models: { a: inner, b: entry(provider()) },
      aggregate: synthesizeWith(entry(provider())),
    });
    expect(namesIn(await explain(lanes, "Hi"))).toEqual(["b", "a/x", "?a/y", "aggregator"]);
  });

  it("calls no classifier and lists every model that it may choose, unless told to classify", async () => {
    const classifier = provider(() => "b");
    const graph = createRouter({
      models: { a: entry(provider()), b: entry(provider()) },
      route: classifyWith(entry(classifier)),
    });
    const open = await explain(graph, "Hi");
    expect([open.route, classifier.calls]).toEqual([undefined, 0]);
    expect(namesIn(open)).toEqual(["router", "a", "b"]);
    expect(open.order.map(({ share }) => share)).toEqual([undefined, undefined, undefined]);
    const { route, order } = await explain(graph, "Hi", { classify: true });
    expect([route, classifier.calls]).toEqual(["b", 1]);
    expect(order.map(({ name }) => name)).toEqual(["router", "b"]);
  });

  it("gives the shares of what chance decides", async () => {
    const models = { a: entry(provider()), b: entry(provider(), { price: { input: 10, output: 20 } }) };
    const explanation = await explain(createRouter({ models, route: weighted({ a: 3, b: 1 }) }), "Hi");
    expect(explanation.order.map(({ name, share }) => [name, share])).toEqual([
      ["a", 0.75],
      ["b", 0.25],
    ]);
    const one = await explain(createFallback({ models: { a: models.a } }), "Hi");
    expect(explanation.cost.expected).toBeCloseTo(one.cost.expected! * (0.75 + 0.25 * 10), 9);
    const test = createExperiment({ models, weights: { a: 1, b: 1 } });
    expect((await explain(test, "Hi")).order.map(({ name, share }) => [name, share])).toEqual([
      ["a", 0.5],
      ["b", 0.5],
    ]);
  });

  it("changes no draw, no affinity and no measurement, and publishes no decision", async () => {
    const models = { a: entry(provider()), b: entry(provider()) };
    const seeded = () => createRouter({ models, route: weighted({ a: 1, b: 1 }, { seed: 7 }) }).compile();
    const [explained, plain] = [seeded(), seeded()];
    const published: unknown[] = [];
    const stop = subscribe({ onDecision: (decision) => void published.push(decision) });
    for (let run = 0; run < 6; run++) {
      const before = published.length;
      const { route } = await explain(explained, "Hi");
      expect(published.length).toBe(before);
      expect((await explained.invoke({ messages: "Hi" })).route).toBe(route);
      expect((await plain.invoke({ messages: "Hi" })).route).toBe(route);
    }
    stop();
    const sticky = createRouter({
      models,
      route: ({ messages }) => (messages.at(-1)!.text === "b" ? "b" : "a"),
      affinity: { by: "sessionId" },
    });
    const context = { sessionId: "s" };
    expect((await explain(sticky, "b", { context })).route).toBe("b");
    expect((await explain(sticky, "a", { context })).route).toBe("a");
    const quick = createRouter({ models, route: firstOf(byLatency({ deadlineMs: 1_000 }), () => "a") });
    expect((await explain(quick, "Hi")).route).toBe((await explain(quick, "Hi")).route);
  });

  it("throws for mistakes, and for graphs that it cannot walk", async () => {
    const graph = createFallback({ models: { a: entry(provider()) } });
    await expect(explain(entry(provider()).model as never, "Hi")).rejects.toThrow(InvalidOptionError);
    await expect(explain(graph, "Hi", { classify: 1 as never })).rejects.toThrow(/explain\.classify/);
    await expect(explain(graph, "Hi", { clasify: true } as never)).rejects.toThrow(/clasify/);
    await expect(explain(graph, [])).rejects.toThrow(InvalidInputError);
  });

  it("reads what a graph remembers, at any depth, and remembers nothing", async () => {
    const store = new InMemoryStore();
    const memory = sharedMemory({ namespace: "all" });
    const remembering = () =>
      createPipeline({ stages: { a: entry(provider()), b: entry(provider()) }, context: memory });
    const outer = createPipeline({
      stages: { inner: { model: remembering() }, last: entry(provider()) },
      context: memory,
    });
    for (const graph of [remembering().compile({ store }), outer.compile({ store })]) {
      const before = JSON.stringify(await store.search([]));
      const explained = await explain(graph, "Why is the sky blue?");
      expect(JSON.stringify(await store.search([]))).toBe(before);
      const { calls } = await graph.invoke({ messages: "Why is the sky blue?" });
      expect(namesIn(explained)).toEqual(calls.map(({ path }) => path));
      expect((await store.search([])).length).toBeGreaterThan(0);
    }
  });
});
