import { AIMessage, HumanMessage, SystemMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exchanges, splitConversation } from "../../src/context/exchanges.js";
import { transcript } from "../../src/context/transcript.js";
import { calling, contextTurn, conversations, lines, result } from "./turn.js";

const shape = (messages: Parameters<typeof exchanges>[0]) =>
  exchanges(messages).map((exchange) => exchange.map(({ type }) => type).join("+"));

describe("exchanges", () => {
  it("keeps calls and their results together, and all else apart", () => {
    const messages = [new HumanMessage("Hi"), calling("a", "b"), result("b"), result("a"), new AIMessage("Done")];
    expect(shape(messages)).toEqual(["human", "ai+tool+tool", "ai"]);
  });

  it("takes in what stands between a call and its result", () => {
    const between = new HumanMessage("Hurry");
    expect(shape([calling("a"), between, calling("b"), result("b"), result("a"), new AIMessage("Done")])).toEqual([
      "ai+human+ai+tool+tool",
      "ai",
    ]);
  });

  it("gives a result to the last call with its id", () => {
    expect(shape([calling("a"), result("a"), calling("a"), result("a")])).toEqual(["ai+tool", "ai+tool"]);
    expect(shape([calling("a"), new HumanMessage("Never mind"), calling("a"), result("a")])).toEqual([
      "ai",
      "human",
      "ai+tool",
    ]);
  });

  it("counts calls that could not be parsed", () => {
    const broken = new AIMessage({ content: "", invalid_tool_calls: [{ id: "a", name: "search", args: "{" }] });
    expect(shape([broken, result("a"), new HumanMessage("Well?")])).toEqual(["ai+tool", "human"]);
  });

  it("leaves a result alone that answers no call", () => {
    expect(shape([result("a"), new HumanMessage("Hi")])).toEqual(["tool", "human"]);
  });

  it("loses nothing and keeps the order", () => {
    fc.assert(
      fc.property(conversations(), (messages) => {
        expect(exchanges(messages).flat()).toEqual(messages);
      }),
    );
  });
});

describe("partsOf", () => {
  it("keeps the opening system messages, the user's last message and the newest one", () => {
    const { turn } = contextTurn(
      [new SystemMessage("Be brief."), new HumanMessage("Hi"), new AIMessage("Hello"), new HumanMessage("Who is it?")],
      { plan: "Ask back", write: "It is me" },
    );
    const { system, older, kept } = splitConversation(transcript(turn));
    expect(lines(system)).toEqual(["system: Be brief."]);
    expect(lines(older.flat())).toEqual([
      "human: Hi",
      "ai: Hello",
      'human: <output stage="plan">\nAsk back\n</output>',
    ]);
    expect(lines(kept.flat())).toEqual(["human: Who is it?", 'human: <output stage="write">\nIt is me\n</output>']);
  });
});
