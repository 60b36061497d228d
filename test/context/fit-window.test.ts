import { AIMessage, HumanMessage, SystemMessage, type ToolMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText } from "../../src/context/cut-text.js";
import { fitWindow } from "../../src/context/fit-window.js";
import { tokensOf } from "../../src/context/tokens.js";
import { transcript } from "../../src/context/transcript.js";
import { estimateMessages } from "../../src/cost/usage.js";
import { calling, contextTurn, conversations, idsOf, image, lines, result, torn } from "./turn.js";

const long = (word: string, count: number) => Array.from({ length: count }, () => word).join(" ");

describe("fitWindow", () => {
  it("gives back the same messages where they fit in three quarters of the window", () => {
    const messages = [new HumanMessage("x".repeat(4 * 71))]; // 71 tokens of text, 4 of frame
    expect(fitWindow(messages, 100)).toEqual({ messages, left: 0, cut: 0 });
    expect(fitWindow(messages, 99).cut).toBe(1);
  });

  it("leaves out the oldest exchanges first, as few as it takes", () => {
    const messages = [
      new SystemMessage("Be brief."),
      new HumanMessage(long("first", 40)),
      new AIMessage(long("answer", 40)),
      new HumanMessage("second"),
      new AIMessage("answer"),
      new HumanMessage("third"),
    ];
    const { messages: fitted, left, cut } = fitWindow(messages, 60);
    expect(lines(fitted)).toEqual(["system: Be brief.", "human: second", "ai: answer", "human: third"]);
    expect({ left, cut }).toEqual({ left: 2, cut: 0 });
    for (const message of fitted) expect(messages).toContain(message);
  });

  it("does not leave an answer without its question in front", () => {
    const messages = [new HumanMessage(long("first", 60)), new AIMessage("answer"), new HumanMessage("second")];
    expect(lines(fitWindow(messages, 40).messages)).toEqual(["human: second"]);
  });

  it("keeps the user's question over what older stages gave", () => {
    const { turn } = contextTurn([new HumanMessage("A haiku about rain")], {
      plan: long("plan", 60),
      draft: long("draft", 60),
      edit: "Rain falls",
    });
    const { messages, left } = fitWindow(transcript(turn), 200);
    expect(lines(messages).map((line) => line.slice(0, 30))).toEqual([
      "human: A haiku about rain",
      expect.stringContaining('stage="draft"'),
      expect.stringContaining('stage="edit"'),
    ]);
    expect(left).toBe(1);
  });

  it("keeps the work of an agent whose question stands far back", () => {
    const messages = [
      new HumanMessage("Find it"),
      ...["a", "b", "c"].flatMap((id) => [calling(id), result(id, long(id, 80))]),
    ];
    const { messages: fitted } = fitWindow(messages, 160);
    expect(fitted.map(({ type }) => type)).toEqual(["human", "ai", "tool", "ai", "tool"]);
    expect((fitted.at(-1) as ToolMessage).tool_call_id).toBe("c");
  });

  it("cuts the middle out of the longest text where what stays is too long, and says how much", () => {
    const messages = [new SystemMessage("Be brief."), new HumanMessage(`BEGIN ${long("filler", 500)} END`)];
    const { messages: fitted, left, cut } = fitWindow(messages, 200);
    expect({ left, cut }).toEqual({ left: 0, cut: 1 });
    expect(fitted[0]).toBe(messages[0]);
    const [, head, count, tail] = /^(BEGIN [\s\S]*)\n\[… (\d+) characters left out …\]\n([\s\S]* END)$/.exec(
      fitted[1]!.text,
    )!;
    expect(head!.length + Number(count) + tail!.length).toBe(messages[1]!.text.length);
    expect(tokensOf(fitted)).toBeGreaterThan(145); // it cuts no more than it has to
  });

  it("cuts the text of a message with an image and keeps the image, its id and its kind", () => {
    const message = new HumanMessage({ id: "m1", content: [{ type: "text", text: long("filler", 500) }, image] });
    const [fitted] = fitWindow([message], 100).messages;
    expect(fitted).toBeInstanceOf(HumanMessage);
    expect(fitted).toMatchObject({ id: "m1", content: [{ type: "text" }, image] });
    expect(message.text).toBe(long("filler", 500));
  });

  it("counts a script that needs more bytes as more tokens", () => {
    expect(tokensOf([new HumanMessage("雨".repeat(100))])).toBe(79);
    expect(tokensOf([new HumanMessage("r".repeat(100))])).toBe(29);
    expect(tokensOf([calling("a")])).toBeGreaterThan(tokensOf([new AIMessage("")]));
  });

  it("always fits, and tears no tool exchange apart, whatever it is given", () => {
    fc.assert(
      fc.property(conversations({ longest: 400 }), fc.integer({ min: 700, max: 2_000 }), (messages, tokens) => {
        const { messages: fitted, left } = fitWindow(messages, tokens);
        expect(tokensOf(fitted)).toBeLessThanOrEqual(tokens * 0.75);
        expect(estimateMessages(fitted)).toBeLessThanOrEqual(tokens);
        expect(fitted.length + left).toBe(messages.length);
        expect(idsOf(messages)).toEqual(expect.arrayContaining(idsOf(fitted)));
        expect(idsOf(torn(messages))).toEqual(expect.arrayContaining(idsOf(torn(fitted))));
        expect(fitted.at(-1)!.id).toBe(messages.at(-1)!.id);
        for (const { text } of fitted) expect(text.isWellFormed()).toBe(true);
      }),
    );
  });
});

describe("cutText", () => {
  it("never grows a text, never splits a character, and counts right", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), fc.integer({ min: 0, max: 300 }), (text, length) => {
        const cut = cutText(text, length);
        expect(cut.length).toBeLessThanOrEqual(text.length);
        expect(cut.isWellFormed()).toBe(true);
        if (cut === text) return;
        expect(cut.length).toBeLessThanOrEqual(Math.max(length, 40));
        const [mark, count] = /\n\[… (\d+) characters left out …\]\n/.exec(cut)!;
        expect(cut.length - mark.length + Number(count)).toBe(text.length);
      }),
    );
  });
});
