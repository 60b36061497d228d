import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { HumanMessage } from "@langchain/core/messages";
import {
  getConfig,
  InMemoryStore,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { createAgent } from "langchain";
import { afterEach, describe, expect, it, vi } from "vitest";
import { asChatModel, createFallback, createRouter, subscribe } from "../../src/index.js";
import { CompiledPattern } from "../../src/langgraph/compiled-pattern.js";
import { fastPlan } from "../../src/langgraph/fast-plan.js";
import { instrument } from "../../src/tracing/index.js";
import { saying } from "../support/fakes.js";
import { memoryTraces } from "../tracing/support/traced.js";

const input = { messages: "Q" };
const switchKey = "LANGGRAPH_MULTIMODEL_FAST";
afterEach(() => vi.unstubAllEnvs());

/** Runs a graph, and says whether LangGraph's loop ran it. */
async function looped(options: object = {}, compile: object = {}): Promise<boolean> {
  const graph = createFallback({ models: { a: saying("A"), b: saying("B") } }).compile(compile);
  const stream = vi.spyOn(graph, "stream");
  const { modelUsed } = await graph.invoke(input, options);
  expect(modelUsed).toBe("a");
  return stream.mock.calls.length > 0;
}

describe("LangGraph's loop", () => {
  it("does not run what nothing observes", async () => {
    expect(await looped()).toBe(false);
    expect(await looped({ tags: ["t"], metadata: { a: 1 }, configurable: { thread_id: "1" }, runName: "r" })).toBe(
      false,
    );
    const undo = subscribe({ onCall: () => {} });
    expect(await looped()).toBe(false);
    undo();
  });

  it.each<[string, object, object]>([
    ["a callback", { callbacks: [BaseCallbackHandler.fromMethods({})] }, {}],
    ["a checkpointer", { configurable: { thread_id: "1" } }, { checkpointer: new MemorySaver() }],
    ["a store", { store: new InMemoryStore() }, {}],
    ["a store of the graph", {}, { store: new InMemoryStore() }],
    ["a limit of parallel nodes", { maxConcurrency: 2 }, {}],
    ["chosen keys", { outputKeys: ["modelUsed", "messages"] }, {}],
    ["an option it does not know", { futureOption: true }, {}],
  ])("runs with %s", async (_, options, compile) => {
    expect(await looped(options, compile)).toBe(true);
  });

  it("does not run a pattern as a chat model, which sets no limit of parallel nodes", async () => {
    const stream = vi.spyOn(CompiledPattern.prototype, "stream");
    const chat = asChatModel(createFallback({ models: { a: saying("A", "A"), b: saying("B") } }));
    expect((await chat.invoke("Q")).text).toBe("A");
    expect(stream).not.toHaveBeenCalled();
    await chat.invoke("Q", { callbacks: [BaseCallbackHandler.fromMethods({})] });
    expect(stream).toHaveBeenCalledOnce();
    stream.mockRestore();
  });

  it.each(["1", "0"])("takes given tags and metadata in the place of those around (fast: %s)", async (fast) => {
    vi.stubEnv(switchKey, fast);
    const seen: unknown[] = [];
    const graph = createRouter({
      models: { a: saying("A", "A"), b: saying("B") },
      route: ({ config: { metadata, tags } }) => {
        seen.push([metadata?.around, metadata?.own, tags]);
        return "a";
      },
    }).compile();
    const around = new StateGraph(MessagesAnnotation)
      .addNode("node", async () => {
        await graph.invoke(input, { metadata: { own: 1 }, tags: ["own"] });
        await graph.invoke(input);
        return {};
      })
      .addEdge(START, "node")
      .compile();
    await around.invoke(input, { metadata: { around: 1 }, tags: ["around"] });
    expect(seen).toEqual([
      [undefined, 1, ["own"]],
      [1, undefined, ["around"]],
    ]);
  });

  it("runs where it is asked to by the environment, and where a tracer is", async () => {
    vi.stubEnv(switchKey, "0");
    expect(await looped()).toBe(true);
    vi.unstubAllEnvs();
    const { tracerProvider, spans } = memoryTraces();
    const undo = instrument({ tracerProvider });
    expect(await looped()).toBe(true);
    undo();
    expect(spans().length).toBeGreaterThan(0);
    expect(await looped()).toBe(false);
  });

  it("runs a graph with a node of the user", async () => {
    const graph = createFallback({ models: { a: saying("A") } });
    expect(fastPlan(graph.compile() as never)).toBeDefined();
    const own = createFallback({ models: { a: saying("A") } })
      .addNode("after", () => ({}))
      .addEdge("a" as never, "after")
      .compile();
    expect(fastPlan(own as never)).toBeUndefined();
    expect((await own.invoke(input)).modelUsed).toBe("a");
  });

  it("runs a pattern below a graph that is streamed with its subgraphs", async () => {
    const inner = createFallback({ models: { a: saying("A") } }).compile();
    const outer = new StateGraph(MessagesAnnotation).addNode("inner", inner).addEdge(START, "inner").compile();
    const places: unknown[] = [];
    for await (const [place] of await outer.stream(
      { messages: [new HumanMessage("Q")] },
      { streamMode: "updates", subgraphs: true },
    ))
      places.push((place as string[]).length);
    expect(places).toContain(1);
  });
});

describe("a run without the loop", () => {
  it("leaves no listener on the caller's signal, and ends with its reason", async () => {
    const { signal } = new AbortController();
    const added = vi.spyOn(signal, "addEventListener");
    const removed = vi.spyOn(signal, "removeEventListener");
    await createFallback({ models: { a: saying("A") } })
      .compile()
      .invoke(input, { signal });
    expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
    const reason = new Error("enough");
    const aborted = createFallback({ models: { a: saying("A") } })
      .compile()
      .invoke(input, { signal: AbortSignal.abort(reason) });
    await expect(aborted).rejects.toBe(reason);
  });

  it("gives strategies what the loop gives them: configuration, namespace, and an interrupt that names what is missing", async () => {
    const seen: unknown[] = [];
    const graph = createRouter({
      models: { a: saying("A"), b: saying("B") },
      route: ({ config }) => {
        seen.push(
          getConfig()?.configurable?.tenant,
          config.metadata?.langgraph_node,
          config.signal?.aborted,
          config.tags,
        );
        return "a";
      },
    }).compile();
    await graph.invoke(input, { configurable: { tenant: "t" }, tags: ["x"] });
    expect(seen).toEqual(["t", "router", false, ["x"]]);
    const pausing = createRouter({
      models: { a: saying("A"), b: saying("B") },
      route: () => interrupt("which?"),
    }).compile();
    await expect(pausing.invoke(input)).rejects.toThrow("No checkpointer set");
  });

  it("runs an agent below, with its calls in the ledger", async () => {
    const agent = createAgent({ model: saying("from the agent"), tools: [] });
    const graph = createFallback({ models: { agent } }).compile();
    const { messages, calls } = await graph.invoke(input);
    expect([messages.at(-1)?.text, calls.map(({ path, status }) => [path.split("/")[0], status])]).toEqual([
      "from the agent",
      [["agent", "ok"]],
    ]);
  });
});
