import { describe, expect, it } from "vitest";
import { graph } from "../../graphs/orchestration.js";
import { shapeOf } from "../support/fakes.js";

const ask = (question: string) => graph.compile().invoke({ messages: question });

describe("the orchestration graph", () => {
  it("has a router, two models, a verifier and a fallback", () => {
    expect(shapeOf(graph)).toEqual([
      "__start__ → router",
      "fallback → __end__",
      "large → verifier",
      "router ⇢ fallback",
      "router ⇢ large",
      "router ⇢ small",
      "small → verifier",
      "verifier ⇢ __end__",
      "verifier ⇢ fallback",
    ]);
  });

  it("shows the tool node and the code node when it is opened", async () => {
    const { nodes } = await graph.compile().getGraphAsync({ xray: true });
    expect(Object.keys(nodes)).toEqual(expect.arrayContaining(["small:tools", "large:code"]));
  });

  it("has the small model use its tool, and writes one message", async () => {
    const { messages, route, modelUsed, candidates, verdict, calls } = await ask("What is the price of tea?");
    expect(messages.map(({ text }) => text)).toEqual([
      "What is the price of tea?",
      "(scripted) The price of tea: 4 EUR.",
    ]);
    expect([route, modelUsed, verdict?.pass]).toEqual(["small", "small", true]);
    expect(candidates[0]?.steps?.map(({ type, text }) => [type, text])).toEqual([
      ["ai", ""],
      ["tool", "4 EUR"],
    ]);
    expect(calls.map(({ path }) => path)).toEqual(["small/model", "small/model"]);
  });

  it("has the code of the large model parsed, and mended", async () => {
    const { messages, modelUsed, verdict, calls } = await ask("Write code that adds.");
    expect(messages.at(-1)!.text).toContain("const add = (a, b) => a + b;");
    expect([modelUsed, verdict?.pass]).toEqual(["large", true]);
    expect(calls.map(({ path }) => path)).toEqual(["large/model", "large/model"]);
  });

  it("falls back from an answer the verifier does not pass, and from a question nobody knows", async () => {
    for (const [question, calls] of [
      ["What is the price of wine?", ["small/model", "small/model", "fallback"]],
      ["Hello", ["fallback"]],
    ] as const) {
      const result = await ask(question);
      expect(result.messages.at(-1)!.text).toBe(`(scripted) I looked further for "${question}".`);
      expect(result.calls.map(({ path }) => path)).toEqual(calls);
    }
  });
});
