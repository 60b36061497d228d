import { StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createFallback, OrchestrationState } from "../../src/index.js";
import { saying } from "../support/fakes.js";

interface Compiled {
  readonly channels: Readonly<Record<string, { isAvailable(): boolean }>>;
}

describe("patternGraph", () => {
  it("leaves no optional key of the state empty, as LangGraph does, which reads such a one by an error", () => {
    const plain = new StateGraph(OrchestrationState)
      .addNode("a", () => ({}))
      .addEdge("__start__", "a")
      .compile();
    const pattern = createFallback({ models: { a: saying("A") } }).compile();
    const emptyOf = ({ channels }: Compiled) =>
      Object.keys(OrchestrationState.fields).filter((key) => !channels[key]!.isAvailable());
    expect(emptyOf(plain as unknown as Compiled)).toContain("modelUsed");
    expect(emptyOf(pattern as unknown as Compiled)).toEqual([]);
  });
});
