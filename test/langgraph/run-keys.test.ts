import { BaseChatModel, type BaseChatModelCallOptions } from "@langchain/core/language_models/chat_models";
import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ChatResult } from "@langchain/core/outputs";
import type { RunnableConfig } from "@langchain/core/runnables";
import { InMemoryStore, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { withoutRunKeys, withRunConfig } from "../../src/langgraph/run-keys.js";

interface Options extends BaseChatModelCallOptions {
  readonly context?: unknown;
}

/** A chat model that keeps the options its calls come with. */
class Kept extends BaseChatModel<Options> {
  readonly seen: object[] = [];

  constructor(private readonly isPatched = false) {
    super({});
  }

  override _llmType(): string {
    return "kept";
  }

  override async _generate(_messages: BaseMessage[], options: object): Promise<ChatResult> {
    this.seen.push(options);
    return { generations: [{ text: "A", message: new AIMessage("A") }] };
  }

  override bindTools(tools: object[]) {
    return this.withConfig({ tools } as Partial<Options>);
  }

  protected override _separateRunnableConfigFromCallOptionsCompat(
    given?: Partial<Options>,
  ): [RunnableConfig, this["ParsedCallOptions"]] {
    const split = super._separateRunnableConfigFromCallOptionsCompat(given);
    return this.isPatched ? withRunConfig(split, given) : split;
  }
}

const config = {
  configurable: { thread_id: "1" },
  tags: ["a"],
  metadata: { tenant: "b" },
  recursionLimit: 70,
  context: { key: "value" },
};

describe("withoutRunKeys", () => {
  it("leaves no key of a node's configuration among the options of a model", async () => {
    const model = new Kept(true);
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("node", async ({ messages }, given) => ({ messages: [await model.invoke(messages, given)] }))
      .addEdge(START, "node")
      .compile({ checkpointer: new MemorySaver(), store: new InMemoryStore() });
    await graph.invoke({ messages: "Q" }, { ...config, signal: new AbortController().signal, durability: "sync" });
    expect(model.seen.map(withoutRunKeys)).toEqual([{}]);
    expect(Object.keys(model.seen[0]!).length).toBeGreaterThan(5);
  });

  it("leaves of what an agent calls its model with the tools", async () => {
    const model = new Kept(true);
    const agent = createAgent({ model, tools: [{ type: "web_search" }] });
    await agent.invoke({ messages: [{ role: "user", content: "Q" }] }, config);
    expect(model.seen.map((options) => Object.keys(withoutRunKeys(options)))).toEqual([["tools"]]);
  });

  it("keeps options of a model that are set", () => {
    expect(withoutRunKeys({ stop: ["."], tools: undefined, __pregel: 1, tags: [] })).toEqual({ stop: ["."] });
  });
});

describe("withRunConfig", () => {
  it("gives a chat model what LangChain drops", async () => {
    const [plain, patched] = [new Kept(), new Kept(true)];
    for (const model of [plain, patched]) await model.invoke("Q", config as never);
    const { configurable, tags, metadata, recursionLimit } = plain.seen[0] as RunnableConfig;
    expect([configurable, tags, metadata, recursionLimit]).toEqual([undefined, undefined, undefined, undefined]);
    expect(patched.seen[0]).toMatchObject(config);
  });

  it("gives no limit where its caller set none, whose default would take the place of a graph's", async () => {
    const model = new Kept(true);
    await model.invoke("Q");
    expect((model.seen[0] as RunnableConfig).recursionLimit).toBeUndefined();
  });
});
