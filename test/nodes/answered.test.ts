import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { scopeOf } from "../../src/calls/scope.js";
import { createFallback } from "../../src/index.js";
import { answered } from "../../src/nodes/answered.js";
import { saying } from "../support/fakes.js";
import { stateOf } from "./run-state.js";

const scope = scopeOf("a", { turnId: "turn" }, {});
const messageOf = (id: string | undefined, ...before: readonly (string | undefined)[]) => {
  const messages = before.map((each) => new HumanMessage({ content: "Hi", ...(each && { id: each }) }));
  const message = new AIMessage({ content: "Hello", ...(id && { id }) });
  const update = answered(stateOf({ messages }), scope, { message, modelUsed: "a", confidence: null });
  return (update.messages as AIMessage[])[0]!;
};

describe("answered", () => {
  it("keeps the id of an answer, and gives a new one to an id the conversation has", () => {
    expect(messageOf("1", "0", undefined).id).toBe("1");
    const repeated = messageOf("1", "0", "1");
    expect([repeated.id, repeated.text]).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), "Hello"]);
    expect(messageOf(undefined, undefined).id).toBeUndefined();
  });

  it("appends both answers of a model that numbers each alike", async () => {
    const same = (content: string) => new AIMessage({ id: "chatcmpl-1", content });
    const model = saying(same("one"), same("two"));
    const graph = createFallback({ models: { model } }).compile({ checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "first" }, thread);
    const { messages } = await graph.invoke({ messages: "second" }, thread);
    expect(messages.map(({ text }) => text)).toEqual(["first", "one", "second", "two"]);
  });
});
