import { AIMessage, HumanMessage, SystemMessage, type ToolMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitWindow } from "../../src/context/fit-window.js";
import { transcript } from "../../src/context/transcript.js";
import { createPipeline } from "../../src/index.js";
import { estimateMessages } from "../../src/ledger/usage.js";
import { cutText } from "../../src/text/cut-text.js";
import { saying } from "../support/fakes.js";
import { calling, contextTurn, conversations, idsOf, image, lines, result, torn } from "./turn.js";

const long = (word: string, count: number) => Array.from({ length: count }, () => word).join(" ");

describe("fitWindow", () => {
  it("gives back the same messages where they fit in three quarters of the window", () => {
    const messages = [new HumanMessage("x".repeat(4 * 75))];
    expect(fitWindow(messages, 100)).toEqual({ messages, left: 0, cut: 0, tokens: 75 });
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
    expect(estimateMessages(fitted)).toBeGreaterThan(145); // it cuts no more than it has to
  });

  it("cuts the text of a message with an image and keeps the image, its id and its kind", () => {
    const message = new HumanMessage({ id: "m1", content: [{ type: "text", text: long("filler", 500) }, image] });
    const [fitted] = fitWindow([message], 100).messages;
    expect(fitted).toBeInstanceOf(HumanMessage);
    expect(fitted).toMatchObject({ id: "m1", content: [{ type: "text" }, image] });
    expect(message.text).toBe(long("filler", 500));
  });

  it("says how much is left where even the shortest form does not fit", () => {
    const args = { text: "x".repeat(100_000) };
    const call = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "save", args }] });
    const { tokens, cut } = fitWindow([new HumanMessage("Save it"), call, result("1")], 1_000);
    expect([tokens > 25_000, cut]).toEqual([true, 0]);
  });

  it("records that what a model is sent does not fit its window", async () => {
    const args = { text: "x".repeat(100_000) };
    const call = new AIMessage({ content: "", tool_calls: [{ id: "1", name: "save", args }] });
    const stages = { only: { model: saying("ok"), contextWindow: 1_000 } };
    const { decisions } = await createPipeline({ stages })
      .compile()
      .invoke({ messages: [new HumanMessage("Save it"), call, result("1")] });
    expect(decisions).toMatchObject([
      {
        kind: "skip",
        chosen: "only",
        reason: expect.stringMatching(/about 25\d\d\d tokens, still does not fit its window of 1000/),
      },
    ]);
  });

  it("reads each message a few times, however many there are", () => {
    let reads = 0;
    const messages = Array.from({ length: 2_000 }, (_, index) => {
      const message = index % 2 === 0 ? new HumanMessage("x".repeat(100)) : new AIMessage("y".repeat(100));
      Object.defineProperty(message, "type", {
        get: () => {
          reads++;
          return index % 2 === 0 ? "human" : "ai";
        },
      });
      return message;
    });
    expect(fitWindow(messages, 5_000).left).toBeGreaterThan(1_000);
    expect(reads).toBeLessThan(20_000); // it read every message once for every exchange it left out: millions
  });

  it("always fits, and tears no tool exchange apart, whatever it is given", () => {
    fc.assert(
      fc.property(conversations({ longest: 400 }), fc.integer({ min: 700, max: 2_000 }), (messages, tokens) => {
        const { messages: fitted, left } = fitWindow(messages, tokens);
        expect(estimateMessages(fitted)).toBeLessThanOrEqual(tokens * 0.75);
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
