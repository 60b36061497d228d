import { HumanMessage } from "@langchain/core/messages";
import { Command, type GraphInterrupt, interrupt, isGraphInterrupt, MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { asChatModel, check, createCascade, createRouter, InvalidModelError } from "../../src/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai: model } = useLoopback({ reply: "Hello" });
const thread = { configurable: { thread_id: "1" } };
const heard = () => server.requests.map(({ messages }) => messages.map(({ text }) => text));

describe("a pattern with a checkpointer as a chat model", () => {
  const build = () =>
    createRouter({ models: { a: model("a") }, route: () => "a" }).compile({ checkpointer: new MemorySaver() });

  it("is told the whole conversation with every call: on a thread it takes the place of the one there", async () => {
    const graph = build();
    const chat = asChatModel(graph);
    const first = new HumanMessage("First");
    const answer = await chat.invoke([first], thread);
    await chat.invoke([first, answer, new HumanMessage("Second")], thread);
    await chat.invoke("Something else", thread);
    expect(heard()).toEqual([["First"], ["First", "Hello", "Second"], ["Something else"]]);
    const { values } = await graph.getState(thread);
    expect(values.messages.map(({ text }: { text: string }) => text)).toEqual(["Something else", "Hello"]);
    expect(values.calls).toHaveLength(1);
  });

  it("needs a thread, as the graph does", async () => {
    await expect(asChatModel(build()).invoke("Hi")).rejects.toThrow("thread_id");
  });

  it.each(["invoke", "stream"] as const)(
    "throws the interrupt that pauses %s; the graph is resumed on its thread",
    async (how) => {
      const verify = check(() => interrupt("Good?") === "yes");
      const graph = createCascade({ models: { a: model("a") }, verify }).compile({ checkpointer: new MemorySaver() });
      const chat = asChatModel(graph);
      const run = async () => {
        if (how === "invoke") return chat.invoke("Hi", thread);
        for await (const _chunk of await chat.stream("Hi", thread)) {
          // nothing may come
          throw new Error("a chunk");
        }
      };
      const error = await run().catch((thrown: unknown) => thrown);
      expect(isGraphInterrupt(error)).toBe(true);
      expect((error as GraphInterrupt).interrupts).toMatchObject([{ value: "Good?" }]);
      const { messages } = await graph.invoke(new Command({ resume: "yes" }), thread);
      expect(messages.at(-1)!.text).toBe("Hello");
      expect(server.requests).toHaveLength(1);
    },
  );

  it("says so where a breakpoint ends the run before an answer", async () => {
    const graph = createRouter({ models: { a: model("a") }, route: () => "a" }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["a"],
    });
    const error = await asChatModel(graph)
      .invoke("Hi", thread)
      .catch((thrown: unknown) => thrown);
    expect(isGraphInterrupt(error) || InvalidModelError.isInstance(error)).toBe(true);
    expect(server.requests).toEqual([]);
  });
});
