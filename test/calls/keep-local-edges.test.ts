import { InMemoryCache } from "@langchain/core/caches";
import { AIMessage, ChatMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { asChatModel, createFallback, createMapReduce, keepLocal } from "../../src/index.js";
import { saying } from "../support/fakes.js";

const secret = "4111-7777";
const allow = ({ tags }: { readonly tags?: readonly string[] }) => tags?.includes("local") === true;
const privacy = keepLocal({ detect: (text) => text.includes(secret), allow });
const house = () => ({ model: saying("near", "near"), tags: ["local"] });

describe("what a detector sees", () => {
  it.each([
    ["the id of a tool's result", [new HumanMessage("Hi"), new ToolMessage({ content: "ok", tool_call_id: secret })]],
    ["the role of a message", [new ChatMessage("Hi", secret), new HumanMessage("Hi")]],
    ["a field that a provider reads", [new AIMessage({ content: "a", additional_kwargs: { note: { [secret]: 1 } } })]],
  ])("includes %s", async (_, messages) => {
    const far = saying("far");
    const graph = createFallback({ models: { far, near: house() }, privacy }).compile();
    await graph.invoke({ messages: [...messages, new HumanMessage("So?")] }).catch(() => {});
    expect(far.callCount).toBe(0);
  });
});

it("is kept in no cache of a chat model around", () => {
  const graph = createFallback({ models: { near: house() }, privacy });
  for (const cache of [true, new InMemoryCache()])
    expect(() => asChatModel(graph, { cache })).toThrow("asChatModel.cache is");
  expect(asChatModel(graph, { cache: false })).toBeDefined();
});

it("says what to do once, also where the error of a part is that of the run", async () => {
  const far = () => saying("far", "far", "far");
  const graph = createMapReduce({ plan: () => [secret], worker: far(), reduce: far(), privacy }).compile();
  const error = await graph.invoke({ messages: "Hi" }).then(
    () => new Error("an answer"),
    (thrown: Error) => thrown,
  );
  expect(error.message.match(/add a model that/g)).toHaveLength(1);
});

it.each(["without LangGraph's loop", "with it"])(
  "keeps the parts of a marked run in, which show nothing themselves, %s",
  async (how) => {
    const far = saying("far", "far", "far");
    const graph = createMapReduce({
      ...{ plan: () => ["one part", "another"], worker: far, reduce: house(), privacy },
    });
    const compiled = how === "with it" ? graph.compile({ checkpointer: new MemorySaver() }) : graph.compile();
    const run = compiled.invoke({ messages: `Of ${secret}.` }, { configurable: { thread_id: "one" } });
    await expect(run).rejects.toThrow("not_allowed");
    expect(far.callCount).toBe(0);
  },
);
