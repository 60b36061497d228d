import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import {
  Annotation,
  GraphRecursionError,
  GraphValueError,
  InvalidUpdateError,
  interrupt,
  MessagesAnnotation,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { createAgent, createMiddleware } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  allOf,
  anyOf,
  asChatModel,
  callsOf,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  longest,
  type Model,
} from "../../src/index.js";
import { belongsToGraph } from "../../src/langgraph/graph-errors.js";
import { saying } from "../support/fakes.js";

const model = () => saying("answer", "answer", "answer");
const asks = () => {
  interrupt("May I?");
  return undefined as never;
};

/** A graph of somebody else whose one node does this. */
const foreign = (work: () => unknown) =>
  new StateGraph(MessagesAnnotation)
    .addNode("work", async () => ({ messages: (await work()) as AIMessage }))
    .addEdge(START, "work")
    .compile() as unknown as Model;

const call = () => new AIMessage({ content: "", tool_calls: [{ id: "1", name: "act", args: {} }] });
const act = tool(() => "acted", { name: "act", description: "Acts", schema: z.object({}) });

/** An agent that asks a person before a tool runs, or after the model answered. LangChain wraps what its middleware throws. */
const agents = (["wrapToolCall", "afterModel"] as const).map((place) => {
  const middleware = [createMiddleware({ name: "person", [place]: asks })];
  return () => createAgent({ model: saying(call(), "done") as never, tools: [act], middleware }) as unknown as Model;
});

/** A verifier that runs a tool, which asks a person. */
const asking = tool(() => asks(), { name: "ask", description: "Asks", schema: z.object({}) });

/** A graph that never ends. */
const endless = () =>
  new StateGraph(MessagesAnnotation)
    .addNode("again", () => ({ messages: new AIMessage("again") }))
    .addEdge(START, "again")
    .addEdge("again", "again")
    .compile() as unknown as Model;

/** Two nodes write one key in one step. */
const twice = () => {
  const State = Annotation.Root({ ...MessagesAnnotation.spec, last: Annotation<string> });
  const write = (last: string) => () => ({ last });
  return new StateGraph(State)
    .addNode("a", write("a"))
    .addNode("b", write("b"))
    .addEdge(START, "a")
    .addEdge(START, "b")
    .compile() as unknown as Model;
};

const spare = { fallback: model() };
/** Every place a function or a model of the user's runs in, with somewhere else to go where the pattern has such a place. */
const places: Readonly<Record<string, (asking: () => never, broken: () => Model) => { compile(): unknown }>> = {
  "verify of a cascade": (asking) => createCascade({ models: { a: model(), b: model() }, verify: asking, ...spare }),
  "verify of a router": (asking) =>
    createRouter({ models: { a: model() }, route: () => "a", verify: asking, ...spare }),
  "verify of a gate": (asking) => createQualityGate({ model: model(), verify: asking, ...spare }),
  "verify, within allOf": (asking) =>
    createQualityGate({ model: model(), verify: allOf(asking, () => ({ pass: true })) }),
  "verify, within anyOf": (asking) =>
    createQualityGate({ model: model(), verify: anyOf(asking, () => ({ pass: true })) }),
  "route of a router": (asking) => createRouter({ models: { a: model() }, route: asking, ...spare }),
  "aggregate of an ensemble": (asking) =>
    createEnsemble({ models: { a: model(), b: model() }, aggregate: asking, ...spare }),
  "next of a stage": (asking) => createPipeline({ stages: { a: { model: model(), next: asking }, b: model() } }),
  "context of a stage": (asking) => createPipeline({ stages: { a: { model: model(), context: asking }, b: model() } }),
  "keep of a context": (asking) => {
    const context = Object.assign(() => [new HumanMessage("Q")], { keep: async () => asking() });
    return createPipeline({ stages: { a: { model: model(), context }, b: model() } });
  },
  plan: (asking) => createMapReduce({ plan: asking, worker: model(), reduce: model() }),
  reduce: (asking) => createMapReduce({ plan: () => ["x"], worker: model(), reduce: asking }),
  "a model of a chain": (_, broken) =>
    createFallback({ models: { a: broken(), b: model() }, defaultResponse: "Sorry" }),
  "a tier of a cascade": (_, broken) =>
    createCascade({ models: { a: broken(), b: model() }, verify: () => ({ pass: true }) }),
  "a model of a router": (_, broken) => createRouter({ models: { a: broken() }, route: () => "a", ...spare }),
  "a variant of an experiment": (_, broken) => createExperiment({ models: { a: broken() }, weights: { a: 1 } }),
  "a lane of an ensemble": (_, broken) => createEnsemble({ models: { a: broken(), b: model() }, aggregate: longest() }),
  "the model of a gate": (_, broken) =>
    createQualityGate({ model: broken(), verify: () => ({ pass: true }), ...spare }),
  "a stage": (_, broken) => createPipeline({ stages: { a: broken(), b: model() } }),
  "a worker": (_, broken) => createMapReduce({ plan: () => ["x", "y"], worker: broken(), reduce: model() }),
  "the judge": (_, broken) =>
    createCascade({
      models: { a: model(), b: model() },
      verify: async ({ ask, messages }) => ({ pass: (await ask(messages, { model: broken() })).text === "yes" }),
    }),
};
const invoke = (pattern: { compile(): unknown }) =>
  (pattern.compile() as { invoke(input: object): Promise<unknown> })
    .invoke({ messages: "Q" })
    .catch((error: unknown) => error);

describe.each(Object.entries(places))("%s", (_place, build) => {
  const pattern = () => build(asks, () => foreign(asks));

  it("passes on an interrupt without a checkpointer: the human gate stays shut", async () => {
    expect(belongsToGraph(await invoke(pattern()))).toBe(true);
  });

  it("passes it on through patterns around, as a model, a judge's neighbour or a chat model", async () => {
    const around = [
      createFallback({ models: { inner: pattern() as never, b: model() }, defaultResponse: "Sorry" }),
      createFallback({ models: { inner: asChatModel(pattern() as never), b: model() } }),
      createEnsemble({ models: { inner: pattern() as never, b: model() }, aggregate: longest() }),
      createRouter({
        models: { outer: createFallback({ models: { inner: pattern() as never, b: model() } }) },
        route: () => "outer",
        fallback: model(),
      }),
    ];
    for (const graph of around) expect(belongsToGraph(await invoke(graph))).toBe(true);
  });
});

describe("errors of a graph that is used wrongly", () => {
  it.each([
    ["an interrupt before a tool of an agent", agents[0]!, Error],
    ["an interrupt behind the model of an agent", agents[1]!, Error],
    ["the recursion limit", endless, GraphRecursionError],
    ["a concurrent update", twice, InvalidUpdateError],
  ])("%s is passed on by a chain, at any depth, and nothing behind it is asked", async (_what, broken, kind) => {
    const behind = saying("never");
    const chain = () => createFallback({ models: { broken: broken(), behind } });
    for (const graph of [chain(), createFallback({ models: { inner: chain(), behind } })]) {
      const error = await invoke(graph);
      expect(error).toBeInstanceOf(kind);
      expect(belongsToGraph(error)).toBe(true);
    }
    expect(behind.callCount).toBe(0);
  });

  it("keeps what was paid before", async () => {
    const graph = createFallback({ models: { agent: agents[0]!(), b: model() } });
    expect(callsOf((await invoke(graph)) as Error)).toMatchObject([{ status: "ok" }]);
  });

  it("is not taken for a judge that is down, whatever is said of one", async () => {
    for (const onUnverified of ["accept", "escalate", "throw"] as const) {
      const verify = async () => ({ pass: (await asking.invoke({})) === "yes" });
      const graph = createQualityGate({ model: model(), verify, onUnverified, fallback: model() });
      expect(await invoke(graph)).toBeInstanceOf(GraphValueError);
    }
  });
});
