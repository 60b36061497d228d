import { Runnable } from "@langchain/core/runnables";
import {
  interrupt,
  isInterrupted,
  type LangGraphRunnableConfig,
  MemorySaver,
  MessagesAnnotation,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { ambientConfig, withAmbientConfig } from "../../src/langgraph/ambient-config.js";

/** A node that is a runnable, and pauses the run. */
class Pausing extends Runnable {
  override lc_namespace = ["test"];
  readonly seen: (LangGraphRunnableConfig | undefined)[] = [];

  constructor(private readonly isBelow: boolean) {
    super();
  }

  override async invoke(_state: unknown, config: LangGraphRunnableConfig): Promise<object> {
    const run = () => {
      this.seen.push(ambientConfig());
      return { messages: [String(interrupt("Continue?"))] };
    };
    return this.isBelow ? withAmbientConfig(config, run) : run();
  }
}

const running = (node: Pausing) =>
  new StateGraph(MessagesAnnotation)
    .addNode("node", node)
    .addEdge(START, "node")
    .compile({ checkpointer: new MemorySaver() })
    .invoke({ messages: "Q" }, { configurable: { thread_id: "1" } });

describe("withAmbientConfig", () => {
  it("lets a node that is a runnable pause its run, which LangGraph by itself does not", async () => {
    const [plain, below] = [new Pausing(false), new Pausing(true)];
    await expect(running(plain)).rejects.toThrow("outside the context of a graph");
    expect(plain.seen).toEqual([undefined]);
    expect(isInterrupted(await running(below))).toBe(true);
    expect(below.seen[0]?.metadata).toMatchObject({ langgraph_node: "node" });
  });

  it("leaves nothing behind", () => {
    const config = { tags: ["a"] };
    expect(withAmbientConfig(config, ambientConfig)).toMatchObject(config);
    expect(ambientConfig()).toBeUndefined();
  });
});
