import { FakeListChatModel } from "@langchain/core/utils/testing";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createPipeline } from "../../src/index.js";

/** Saves what tasks wrote, and dies before the checkpoint of their step. */
class DyingSaver extends MemorySaver {
  steps = 0;
  override async put(...given: Parameters<MemorySaver["put"]>) {
    if (given[2].source === "loop" && ++this.steps === 2) throw new Error("killed");
    return super.put(...given);
  }
}

describe("getState", () => {
  it("names no next node although the thread is not finished, if a run died between the writes of a step and its checkpoint", async () => {
    const saver = new DyingSaver();
    const says = (text: string) => new FakeListChatModel({ responses: [text] });
    const graph = createPipeline({ stages: { plan: says("Plan."), write: says("Text.") } }).compile({
      checkpointer: saver,
    });
    const config = { configurable: { thread_id: "1" }, durability: "sync" as const };
    await expect(graph.invoke({ messages: "Q" }, config)).rejects.toThrow("killed");

    const { next, tasks, values } = await graph.getState(config);
    expect(next).toEqual([]);
    expect(tasks.map(({ name }) => name)).toEqual(["plan"]);
    expect(values.modelUsed).toBeUndefined();

    const { messages, calls } = await graph.invoke(null, config);
    expect(messages.at(-1)?.text).toBe("Text.");
    expect(calls.map(({ path }) => path)).toEqual(["plan", "write"]);
    const finished = await graph.getState(config);
    expect([finished.next, finished.tasks]).toEqual([[], []]);
  });
});
