import { Command, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createFallback } from "../../src/index.js";
import { isCompiledGraph, isWithinRun, splitUpdates, withOwnSignal } from "../../src/langgraph/private-keys.js";
import { saying } from "../support/fakes.js";

/** Runs a real graph of LangGraph, and returns the configuration one of its nodes is given. */
async function configurableInNode(): Promise<Record<string, unknown>> {
  let given: Record<string, unknown> = {};
  const graph = new StateGraph(MessagesAnnotation)
    .addNode("node", (_state, { configurable = {} }) => {
      given = configurable;
      return {};
    })
    .addEdge(START, "node")
    .compile();
  await graph.invoke({ messages: "Q" }, { signal: new AbortController().signal });
  return given;
}

describe("what LangGraph keeps for itself", () => {
  it("tells a node from code outside a run", async () => {
    expect(isWithinRun(await configurableInNode())).toBe(true);
    expect([isWithinRun(undefined), isWithinRun({ thread_id: "1" })]).toEqual([false, false]);
  });

  it("has the abort signals of a run, which a nested run is not given", async () => {
    const around = await configurableInNode();
    const [key] = Object.entries(around).find(([name, value]) => /signals/.test(name) && value !== undefined)!;
    const nested = withOwnSignal({ ...around, thread_id: "1" });
    expect(nested).toMatchObject({ thread_id: "1", [key]: undefined });
    expect(isWithinRun(nested)).toBe(true);
  });

  it("marks a compiled graph, and nothing else", () => {
    const builder = createFallback({ models: { a: saying("A") } });
    expect(isCompiledGraph(builder.compile())).toBe(true);
    for (const other of [builder, saying("A"), undefined, null, "graph"]) expect(isCompiledGraph(other)).toBe(false);
  });

  it("ends a nested run by its own signal once those of the run around are taken away", async () => {
    const seen: boolean[] = [];
    for (const configurableOf of [(given: object) => ({ ...given }), withOwnSignal]) {
      const own = new AbortController();
      const below = new StateGraph(MessagesAnnotation)
        .addNode("node", (_state, { signal }) => {
          own.abort();
          seen.push(signal!.aborted);
          return {};
        })
        .addEdge(START, "node")
        .compile();
      const around = new StateGraph(MessagesAnnotation)
        .addNode("node", async (state, { configurable = {}, ...config }) => {
          const nested = { ...config, configurable: configurableOf(configurable), signal: own.signal };
          await below.invoke(state, nested).catch(() => {});
          return {};
        })
        .addEdge(START, "node")
        .compile();
      await around.invoke({ messages: "Q" });
    }
    expect(seen).toEqual([false, true]);
  });

  it("says beside the updates of a resumed run which nodes ran before it", async () => {
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("done", () => ({}))
      .addNode("waits", () => ({ messages: [String(interrupt("Continue?"))] }))
      .addEdge(START, "done")
      .addEdge(START, "waits")
      .compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" }, streamMode: "updates" } as const;
    await graph.invoke({ messages: "Q" }, config);
    const split: unknown[] = [];
    for await (const chunk of await graph.stream(new Command({ resume: "yes" }), config)) {
      const { nodes, ranBefore } = splitUpdates(chunk as Record<string, unknown>);
      split.push([Object.keys(nodes), ranBefore]);
    }
    expect(split).toEqual([
      [["done"], true],
      [["waits"], false],
    ]);
  });
});
