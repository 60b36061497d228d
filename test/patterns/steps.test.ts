import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { type Runnable, type RunnableConfig, RunnableLambda, RunnableSequence } from "@langchain/core/runnables";
import type { FakeBuiltModel } from "@langchain/core/testing";
import { Command, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  AllModelsFailedError,
  asChatModel,
  callsOf,
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  InvalidOptionError,
  longest,
  type ModelEntry,
  OrchestrationError,
  StepLimitError,
  type Verify,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";

const many = (count: number) => Array.from({ length: count }, (_, index) => `draft ${index}`);
const never = check(() => false);
const down = (): ModelEntry => ({ model: saying(...many(9).map(() => httpError(500))), retry: false });
const record = <Value>(count: number, make: (index: number) => Value) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index}`, make(index)]));
const gateOf = (maxRevisions: number, verify: Verify = never) =>
  createQualityGate({ model: saying(...many(200)), verify, maxRevisions });
/** A pattern, whatever its nodes are called. */
interface Pattern {
  compile(): { invoke(input: object, options: object): Promise<object> };
}
const question = { messages: "Hi" };
/** Scores that rise to the third candidate and fall again. */
const rising: Verify = ({ candidates }) => ({ pass: false, score: [0.1, 0.2, 0.9, 0.3][candidates.length - 1]! });

describe("a pattern whose caller sets no recursionLimit", () => {
  it("takes as many steps as its options allow", async () => {
    expect((await gateOf(20).compile().invoke(question)).candidates).toHaveLength(21);
    const tiers = createCascade({ models: record(30, (index) => saying(`tier ${index}`)), verify: never });
    expect(await tiers.compile().invoke(question)).toMatchObject({ modelUsed: "m29", verdict: { pass: false } });
    const chain = createFallback({ models: { ...record(40, down), last: saying("here") } });
    const result = await chain.compile().invoke(question);
    expect(result).toMatchObject({ modelUsed: "last" });
    expect(result.calls).toHaveLength(41);
    const stages = record(30, (index) => saying(`stage ${index}`));
    expect((await createPipeline({ stages }).compile().invoke(question)).modelUsed).toBe("m29");
  });

  it("does so however it is run", async () => {
    const passes = (run: unknown) => expect((run as { candidates: unknown }).candidates).toHaveLength(16);
    const graph = gateOf(15).compile();
    for (const run of await graph.batch([question, question])) passes(run);
    passes(await graph.invoke(question, { recursionLimit: undefined as unknown as number }));
    passes(await RunnableSequence.from([RunnableLambda.from(() => question), graph as Runnable]).invoke("Hi"));
    passes(await graph.withConfig({ tags: ["mine"] }).invoke(question));
    let last: unknown;
    for await (const event of graph.streamEvents(question, { version: "v2" })) {
      if (event.event === "on_chain_end" && event.name === graph.getName()) last = event.data.output;
    }
    passes(last);
    expect((await asChatModel(graph).invoke("Hi")).text).toBe("draft 111");
  });

  it("does so within another graph, whatever limit that has", async () => {
    const visits = (pattern: ReturnType<typeof gateOf>, limit?: number) => {
      const app = new StateGraph(MessagesAnnotation)
        .addNode("plain", pattern.compile())
        .addNode("called", async (state, config) => {
          const { messages } = await pattern.compile().invoke(state, config);
          return { messages: messages.slice(-1) };
        })
        .addNode("model", async ({ messages }, config) => ({
          messages: await asChatModel(pattern).invoke(messages, config),
        }))
        .addEdge(START, "plain")
        .addEdge("plain", "called")
        .addEdge("called", "model")
        .compile();
      return app.invoke({ messages: [new HumanMessage("Hi")] }, limit === undefined ? {} : { recursionLimit: limit });
    };
    for (const limit of [undefined, 6, 100]) {
      const { messages } = await visits(gateOf(15), limit);
      expect(messages.map(({ text }) => text)).toEqual(["Hi", "draft 15", "draft 31", "draft 47"]);
    }
  });

  it("does so as a model of another pattern, to any depth, whatever limit that has", async () => {
    const inner = createCascade({ models: { a: saying("A", "A"), gate: gateOf(15) }, verify: never });
    for (const limits of [{}, { recursionLimit: 4 }]) {
      const result = await createFallback({ models: { inner } }).compile().invoke(question, limits);
      expect(result.modelUsed).toBe("inner/gate/revise");
      expect(result.calls).toHaveLength(17);
    }
  });

  it("gives an agent or foreign graph in it the limit that graph has of its own", async () => {
    const limits: unknown[] = [];
    const foreign = (own?: number) => {
      const graph = new StateGraph(MessagesAnnotation)
        .addNode("work", (_state, config) => {
          limits.push((config as RunnableConfig).recursionLimit);
          return { messages: [{ role: "ai", content: "done" }] };
        })
        .addEdge(START, "work")
        .compile();
      return own === undefined ? graph : graph.withConfig({ recursionLimit: own });
    };
    const run = (own: number | undefined, config: object) =>
      createFallback({ models: { f: foreign(own) as unknown as ModelEntry["model"] } })
        .compile()
        .invoke(question, config);
    await run(undefined, {});
    await run(80, {});
    await run(80, { recursionLimit: 12 });
    expect(limits).toEqual([25, 80, 12]);
  });
});

describe("a pattern whose caller sets a recursionLimit", () => {
  it("ends a gate with the answer of the highest score so far, and says so", async () => {
    for (const [recursionLimit, count, best] of [
      [3, 1, "draft 0"],
      [5, 2, "draft 1"],
      [6, 2, "draft 1"],
      [9, 4, "draft 2"],
    ] as const) {
      const result = await gateOf(20, rising).compile().invoke(question, { recursionLimit });
      expect(result.candidates).toHaveLength(count);
      expect(result.messages.at(-1)!.text).toBe(best);
      expect(result.verdict).toMatchObject({ pass: false });
      expect(result.confidence).toBe(result.verdict!.score);
      expect(result.decisions.at(-1)).toMatchObject({ kind: "stop" });
      expect(result.decisions.at(-1)!.reason).toMatch(`recursionLimit of ${recursionLimit}`);
      expect(result.calls).toHaveLength(count);
    }
  });

  it("ends a gate or cascade with its fallback, where one step is left for it", async () => {
    const gate = createQualityGate({
      model: saying(...many(9)),
      verify: never,
      maxRevisions: 9,
      fallback: saying("F"),
    });
    const result = await gate.compile().invoke(question, { recursionLimit: 6 });
    expect(result).toMatchObject({ modelUsed: "fallback" });
    expect(result.decisions.map(({ kind, chosen }) => `${kind} ${chosen}`)).toEqual([
      "revise revise",
      "stop fallback",
      "fallback fallback",
    ]);
  });

  it("ends a cascade with the last answer where there are no scores", async () => {
    const graph = createCascade({
      models: record(9, (index) => saying(`tier ${index}`, `tier ${index}`)),
      verify: never,
    }).compile();
    expect((await graph.invoke(question, { recursionLimit: 8 })).modelUsed).toBe("m2");
    expect((await graph.withConfig({ recursionLimit: 6 }).invoke(question)).modelUsed).toBe("m1");
  });

  it("ends a chain with its default response, else in an error that keeps the ledger", async () => {
    const models = () => ({ ...record(9, down), last: saying("never") });
    const said = await createFallback({ models: models(), defaultResponse: "Later." })
      .compile()
      .invoke(question, { recursionLimit: 5 });
    expect(said).toMatchObject({ modelUsed: "default_response" });
    expect(said.decisions.filter(({ kind }) => kind === "stop")).toHaveLength(1);
    const error: unknown = await createFallback({ models: models() })
      .compile()
      .invoke(question, { recursionLimit: 5 })
      .catch((thrown: unknown) => thrown);
    expect(error).toSatisfy(StepLimitError.isInstance);
    expect(error).toMatchObject({
      limit: 5,
      failures: [{ name: "m0" }, { name: "m1" }, { name: "m2" }, { name: "m3" }],
    });
    expect(callsOf(error)).toHaveLength(4);
  });

  it("ends a pipeline with the last output, or that of its answer stage", async () => {
    const stages = record(9, (index) => saying(`stage ${index}`));
    const result = await createPipeline({ stages }).compile().invoke(question, { recursionLimit: 5 });
    expect(result).toMatchObject({ modelUsed: "m3" });
    expect(result.decisions).toMatchObject([{ kind: "stop", chosen: "__end__" }]);
    expect(result.calls).toHaveLength(4);
    const other = createPipeline({ stages: record(9, (index) => saying(`stage ${index}`)), answer: "m1" });
    expect((await other.compile().invoke(question, { recursionLimit: 5 })).modelUsed).toBe("m1");
  });

  it("asks no fallback of an ensemble or router for which no step is left", async () => {
    const fallback = saying("never");
    const ensemble = createEnsemble({
      models: { a: down() },
      aggregate: longest(),
      fallback,
      defaultResponse: "Later.",
    });
    expect((await ensemble.compile().invoke(question, { recursionLimit: 4 })).modelUsed).toBe("default_response");
    const router = createRouter({ models: { a: down() }, route: () => "a", fallback }).compile();
    const run = router.invoke(question, { recursionLimit: 3 });
    await expect(run).rejects.toSatisfy(StepLimitError.isInstance);
    expect(fallback.callCount).toBe(0);
  });

  it("ends an experiment before a draw no step is left for, in an error that keeps the ledger", async () => {
    const models = () => ({ a: down(), b: down(), c: saying("here") });
    const weights = { a: 1e9, b: 1e9, c: 1e-9 };
    for (const [recursionLimit, count] of [
      [3, 1],
      [4, 1],
      [5, 2],
      [6, 2],
    ] as const) {
      const error: unknown = await createExperiment({ models: models(), weights })
        .compile()
        .invoke(question, { recursionLimit })
        .catch((thrown: unknown) => thrown);
      expect(error).toSatisfy(StepLimitError.isInstance);
      expect((error as StepLimitError).failures).toHaveLength(count);
      expect(callsOf(error)).toHaveLength(count);
    }
    const enough = createExperiment({ models: models(), weights }).compile();
    expect((await enough.invoke(question, { recursionLimit: 7 })).modelUsed).toBe("c");
    const failed = createExperiment({ models: { a: down(), b: down() }, weights: { a: 1, b: 1 } }).compile();
    await expect(failed.invoke(question, { recursionLimit: 5 })).rejects.toSatisfy(AllModelsFailedError.isInstance);
  });

  it("lets the model that made tool calls go on only where a step is left for it", async () => {
    const call = { name: "look", args: {}, id: "call-1", type: "tool_call" as const };
    const made = new AIMessage({
      content: "",
      tool_calls: [call],
      response_metadata: { orchestration: { modelUsed: "b" } },
    });
    const messages = [new HumanMessage("Hi"), made, new ToolMessage({ content: "found", tool_call_id: "call-1" })];
    const pass = check(() => true);
    for (const [recursionLimit, chainUses, cascadeUses] of [
      [3, "b", "a"],
      [4, "b", "a"],
      [5, "b", "b"],
    ] as const) {
      const models = () => ({ a: saying("A"), b: saying("B") });
      const chain = await createFallback({ models: models() }).compile().invoke({ messages }, { recursionLimit });
      expect([recursionLimit, chain.modelUsed]).toEqual([recursionLimit, chainUses]);
      const cascade = createCascade({ models: models(), verify: pass }).compile();
      expect((await cascade.invoke({ messages }, { recursionLimit })).modelUsed).toBe(cascadeUses);
    }
    const short = createFallback({ models: { a: saying("A"), b: saying("B") } }).compile();
    expect((await short.invoke({ messages }, { recursionLimit: 2 })).modelUsed).toBe("a");
  });

  it.each<[string, (models: { a: ModelEntry; b: ModelEntry }) => Pattern]>([
    ["createFallback", (models) => createFallback({ models })],
    ["createCascade", (models) => createCascade({ models, verify: never })],
    ["createQualityGate", ({ a, b }) => createQualityGate({ model: a, verify: never, maxRevisions: 4, fallback: b })],
    ["createRouter", ({ a, b }) => createRouter({ models: { a }, route: () => "a", verify: never, fallback: b })],
    [
      "createRouter with affinity",
      ({ a, b }) => createRouter({ models: { a }, route: () => "a", fallback: b, affinity: { by: "thread" } }),
    ],
    ["createExperiment", (models) => createExperiment({ models, weights: { a: 1, b: 1 } })],
    [
      "createExperiment with a fallback",
      ({ a, b }) => createExperiment({ models: { a }, weights: { a: 1 }, fallback: b }),
    ],
    [
      "createExperiment with affinity",
      (models) => createExperiment({ models, weights: { a: 1, b: 1 }, affinity: { by: "thread" } }),
    ],
    ["createEnsemble", ({ a, b }) => createEnsemble({ models: { a }, aggregate: longest(), fallback: b })],
    ["createMapReduce", ({ a, b }) => createMapReduce({ plan: () => ["1", "2"], worker: a, reduce: b })],
    ["createMapReduce with a planner", ({ a, b }) => createMapReduce({ plan: a, worker: b, reduce: b })],
    ["createPipeline", (stages) => createPipeline({ stages })],
    [
      "createPipeline that sends work back",
      ({ a, b }) => createPipeline({ stages: { a, b: { ...b, next: () => "a" } } }),
    ],
  ])("%s ends within any limit, and knows every call that was made", async (_, build) => {
    const working = () => ({ model: saying(...many(20)), retry: false as const });
    for (const make of [down, working]) {
      for (let recursionLimit = 1; recursionLimit <= 10; recursionLimit++) {
        const models = { a: make(), b: make() };
        const ended: unknown = await build(models)
          .compile()
          .invoke(question, { recursionLimit })
          .catch((thrown: unknown) => thrown);
        const made = [models.a, models.b].reduce((sum, { model }) => sum + (model as FakeBuiltModel).callCount, 0);
        const { calls } = ended instanceof Error ? { calls: callsOf(ended) } : (ended as { calls: object[] });
        expect([recursionLimit, calls.length]).toEqual([recursionLimit, made]);
        if (ended instanceof Error) expect(ended).toSatisfy(OrchestrationError.isInstance);
      }
    }
  });

  const model = () => saying(...many(9));
  it.each<[string, number, () => Pattern]>([
    ["createFallback", 2, () => createFallback({ models: { a: model() } })],
    ["createCascade", 3, () => createCascade({ models: { a: model() }, verify: never })],
    ["createQualityGate", 3, () => gateOf(1)],
    ["createRouter", 3, () => createRouter({ models: { a: model() }, route: () => "a" })],
    [
      "createRouter with a verifier",
      4,
      () => createRouter({ models: { a: model() }, route: () => "a", verify: never }),
    ],
    ["createExperiment", 3, () => createExperiment({ models: { a: model() }, weights: { a: 1 } })],
    ["createEnsemble", 4, () => createEnsemble({ models: { a: model(), b: model() }, aggregate: longest() })],
    ["createMapReduce", 4, () => createMapReduce({ plan: () => ["x"], worker: model(), reduce: model() })],
    ["createPipeline", 2, () => createPipeline({ stages: { a: model(), b: model() } })],
  ])("refuses one too low for any answer of %s, before anything is paid", async (_, least, build) => {
    for (let recursionLimit = 1; recursionLimit < least; recursionLimit++) {
      const error: unknown = await build()
        .compile()
        .invoke(question, { recursionLimit })
        .catch((thrown: unknown) => thrown);
      expect(error).toSatisfy(InvalidOptionError.isInstance);
      expect((error as Error).message).toBe(
        `recursionLimit is ${recursionLimit}; give at least ${least}, or leave it out`,
      );
      expect(callsOf(error)).toEqual([]);
    }
    expect(await build().compile().invoke(question, { recursionLimit: least })).toHaveProperty("modelUsed");
  });

  it.each([0, -3, Number.NaN, "5"])("refuses %o, which is no limit", async (recursionLimit) => {
    const run = gateOf(1)
      .compile()
      .invoke(question, { recursionLimit: recursionLimit as number });
    await expect(run).rejects.toSatisfy(InvalidOptionError.isInstance);
  });

  it("counts from the start of each run on a thread, and anew when a run is resumed", async () => {
    const thread = { configurable: { thread_id: "1" }, recursionLimit: 6 };
    const app = gateOf(20).compile({ checkpointer: new MemorySaver() });
    for (let turn = 0; turn < 3; turn++) expect((await app.invoke(question, thread)).candidates).toHaveLength(2);
    const paused = gateOf(20).compile({ checkpointer: new MemorySaver(), interruptBefore: ["verifier"] });
    await paused.invoke(question, thread);
    for (let steps = 0; steps < 5; steps++) await paused.invoke(null, thread);
    expect((await paused.getState(thread)).values.candidates).toHaveLength(6);
    const free = gateOf(20).compile({ checkpointer: new MemorySaver(), interruptAfter: ["draft"] });
    await free.invoke(question, thread);
    const rest = await free.invoke(new Command({ resume: true }), thread);
    expect(rest.decisions.at(-1)).toMatchObject({ kind: "stop" });
    expect(rest.candidates.length).toBeGreaterThanOrEqual(3);
  });
});
