import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createFallback } from "../../src/index.js";
import { isCompiledGraph, isWithinRun, withOwnSignal } from "../../src/langgraph/private-keys.js";
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
});
