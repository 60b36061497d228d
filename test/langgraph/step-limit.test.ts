import { type LangGraphRunnableConfig, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createFallback } from "../../src/index.js";
import { configuredLimit, noteStep, stepLimit, stepsLeft } from "../../src/langgraph/step-limit.js";
import { saying } from "../support/fakes.js";

describe("stepsLeft", () => {
  it("counts down from the limit in every run of a thread, over which LangGraph's number of a step goes on", async () => {
    const left: number[] = [];
    const node = (_state: object, config: LangGraphRunnableConfig) => {
      noteStep(config);
      left.push(stepsLeft(config));
      return {};
    };
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("one", node)
      .addNode("two", node)
      .addEdge(START, "one")
      .addEdge("one", "two")
      .compile({ checkpointer: new MemorySaver() });
    for (const messages of ["first", "second"])
      await graph.invoke({ messages }, { configurable: { thread_id: "1", ...configuredLimit(4, false) } });
    expect(left).toEqual([2, 1, 2, 1]);
  });

  it("has no end where no limit is set", () => {
    expect(stepsLeft({ configurable: {} })).toBe(Infinity);
  });
});

describe("a pattern's limit", () => {
  it("is the one its caller set, and not the default LangChain fills in", async () => {
    const limits: unknown[] = [];
    const limitIn = (config: LangGraphRunnableConfig) => void limits.push(stepLimit(config));
    const pattern = createFallback({ models: { a: saying("A", "A", "A") } });
    const graph = pattern
      .addNode(
        "look" as never,
        ((_state: object, config: LangGraphRunnableConfig) => {
          limitIn(config);
          return {};
        }) as never,
      )
      .addEdge(START, "look" as never)
      .compile();
    await graph.invoke({ messages: "Q" }, { recursionLimit: 7 });
    await graph.invoke({ messages: "Q" });
    await graph.batch([{ messages: "Q" }]); // LangChain sets 25
    expect(limits).toEqual([7, undefined, undefined]);
  });
});
