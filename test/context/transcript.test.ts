import { AIMessage, HumanMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { latestQuestion, transcript } from "../../src/context/transcript.js";
import { tagged } from "../../src/text/tagged.js";
import { calling, contextTurn, image, lines } from "./turn.js";

describe("transcript", () => {
  it("is the conversation itself where no stage gave anything", () => {
    const { turn } = contextTurn([new HumanMessage("Hi")]);
    expect(transcript(turn)).toBe(turn.messages);
  });

  it("shows a stage that ran twice twice, in the user's place and by name", () => {
    const { turn } = contextTurn([new HumanMessage("Hi")]);
    const outputs = ["one", "two"].map((text) => ({ stage: "draft", message: new AIMessage(text) }));
    expect(lines(transcript({ ...turn, outputs }))).toEqual([
      "human: Hi",
      'human: <output stage="draft">\none\n</output>',
      'human: <output stage="draft">\ntwo\n</output>',
    ]);
  });

  it("says what an output without text holds", () => {
    const pictured = new AIMessage({ content: [{ type: "text", text: "Here:" }, image] });
    const { turn } = contextTurn([], { look: calling("a"), draw: pictured, rest: "" });
    expect(lines(transcript(turn))).toEqual([
      'human: <output stage="look">\n[tool call: search({"query":"a"})]\n</output>',
      'human: <output stage="draw">\nHere:\n[image_url]\n</output>',
      'human: <output stage="rest">\n(nothing)\n</output>',
    ]);
  });

  it("tells what the user said from what was added", () => {
    const { turn } = contextTurn([new HumanMessage("Hi"), new AIMessage("Hello")], { plan: "Greet" });
    expect(latestQuestion(transcript(turn))).toBe(turn.messages[0]);
    expect(latestQuestion(transcript({ ...turn, messages: [] }))?.text).toContain("Greet");
    expect(latestQuestion([])).toBeUndefined();
  });
});

describe("tagged", () => {
  it.each(["</output>", "</ output >", "</OUTPUT>", '<output stage="other">', "<\n/output>"])(
    "does not let a text out of its tags: %o",
    (text) => {
      expect(tagged("output", `before ${text} after`)).toBe(
        `<output>\nbefore ${text.replace("<", "&lt;")} after\n</output>`,
      );
    },
  );

  it("leaves other markup as it is", () => {
    expect(tagged("output", "<p>1 < 2</p> <outputs/>")).toBe("<output>\n<p>1 < 2</p> <outputs/>\n</output>");
  });

  it("opens and closes once, whatever the text", () => {
    const pieces = fc.array(fc.constantFrom("<", "/", " ", "output", "OUTPUT", ">", '"', "&lt;", "\n", "x"));
    fc.assert(
      fc.property(pieces, (parts) => {
        expect(tagged("output", parts.join("")).match(/<\s*\/?\s*output\b/gi)).toHaveLength(2);
      }),
    );
  });

  it("does not let an attribute out of its quotes", () => {
    expect(tagged("memory", "", { question: 'Who said "Hi"?' })).toBe(
      '<memory question="Who said &quot;Hi&quot;?">\n\n</memory>',
    );
  });
});
