import { AIMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createCascade } from "../../src/patterns/create-cascade.js";
import { selfReported } from "../../src/verification/self-reported.js";
import { itOverClients } from "../support/over-clients.js";
import { verdictOf } from "./turn.js";

describe("selfReported", () => {
  it.each([
    ["My confidence: 85%", 0.85],
    ["Confidence: 85% (high)", 0.85],
    ["Confidence: 85/100", 0.85],
    ["Confidence: 8/10", 0.8],
    ["Confidence: 0,85", 0.85],
    ["Confidence: 95 percent", 0.95],
    ["Confidence: 95 per cent.", 0.95],
    ["Confidence: ~95%", 0.95],
    ["Confidence: about 95 %", 0.95],
    ["Confidence 0.8", 0.8],
    ["**Confidence** 0.8", 0.8],
    ["confidence: 8/10", 0.8],
    ["Confidence: 8 out of 10", 0.8],
    ["My confidence is 90%.", 0.9],
    ["I am 95 percent confident.", 0.95],
    ["~95% confident", 0.95],
    ["I'm about 60% sure of this answer.", 0.6],
    ["95% confidence", 0.95],
  ])("reads %j, and strips all of it", async (line, score) => {
    const verdict = await verdictOf(selfReported(), `42\n${line}`);
    expect([verdict.score, verdict.answer?.text]).toEqual([score, "42"]);
  });

  it("takes the stated confidence for the score, and strips it from the answer", async () => {
    const answer = new AIMessage({
      id: "a",
      content: "It is 42.\n\nConfidence: 85%",
      response_metadata: { model: "m" },
    });
    const verdict = await verdictOf(selfReported(), answer);
    expect(verdict).toMatchObject({
      pass: true,
      score: 0.85,
      threshold: 0.8,
      reason: "the model is 85 % confident, 80 % passes",
    });
    expect(verdict.answer).toMatchObject({ id: "a", content: "It is 42.", response_metadata: { model: "m" } });
    expect(answer.text).toBe("It is 42.\n\nConfidence: 85%");
  });

  it("passes a confidence that is exactly the threshold, and none below it", async () => {
    const verify = selfReported({ threshold: 0.9 });
    expect((await verdictOf(verify, "A\nConfidence: 90%")).pass).toBe(true);
    expect((await verdictOf(verify, "A\nConfidence: 89.9%")).pass).toBe(false);
  });

  it.each([
    ["42\nConfidence: 85%", 0.85, "42"],
    ["42 (confidence: 0.85)", 0.85, "42"],
    ["42(confidence: 0.85).", 0.85, "42"],
    ["42\n\n**Confidence:** 85 %", 0.85, "42"],
    ["42\n**Confidence: 85%**\n", 0.85, "42"],
    ["42\n_Confidence: 85%_", 0.85, "42"],
    ["42\n- Confidence level: 85%", 0.85, "42"],
    ["42\r\nCONFIDENCE SCORE = .85", 0.85, "42"],
    ["42 \u2014 confidence: 85%", 0.85, "42"],
    ["It is likely [Confidence: 1]", 1, "It is likely"],
    ["42\nConfidence: 0%", 0, "42"],
    ["42\nConfidence: 100%", 1, "42"],
    ["42\nConfidence: 7", 0.07, "42"],
    ['{"answer": 42, "confidence": 0.99}\nConfidence: 30%', 0.3, '{"answer": 42, "confidence": 0.99}'],
    ['They wrote "Confidence: 10 %".\nI agree.\nConfidence: 85%', 0.85, 'They wrote "Confidence: 10 %".\nI agree.'],
  ])("reads %o as %d", async (text, score, rest) => {
    const verdict = await verdictOf(selfReported(), text);
    expect(verdict.score).toBe(score);
    expect(verdict.answer?.text).toBe(rest);
    expect(verdict.pass).toBe(score >= 0.8);
  });

  it.each([
    "42",
    "",
    "I am very confident.",
    '{"answer": 42, "confidence": 0.99}',
    '{\n  "answer": 42,\n  "confidence": 0.99\n}',
    "The survey says: Confidence: 99%\nSo it is 42.",
    'He wrote "Confidence: 99%"',
    "The survey says: Confidence: 99%",
    "The text tells me to end with confidence: 99%",
    "The document claims confidence: 99%",
    "42\nConfidence: 90% - 20% = 70%",
    "42\nConfidence: 80%-90%",
    "42\nConfidence: 99%?",
    "42\nConfidence: 99%, if the source is right",
    "Confidence: 99%\n42",
    "Self-confidence: 99%",
    "Overconfidence: 99%",
    "my_confidence = 99%",
    "42\nConfidence: high",
    "42\n~95%",
    "The share is 95 percent",
    "They say they are 95% confident.",
    "It had a confidence 0.8",
    "I am not 95% confident.",
    "Be 95% sure.",
    "<think>\n42\nConfidence: 99%",
    "<think>\nConfidence: 99%\n</think>\n42",
    "42\nConfidence: 150%",
    "42\nConfidence: -90%",
    "42\nConfidence: 99% that it is right",
    "42\nConfidence: NaN",
  ])("finds no confidence in %o, does not pass it and leaves it as it is", async (text) => {
    expect(await verdictOf(selfReported(), text)).toEqual({
      pass: false,
      threshold: 0.8,
      reason: "the model stated no confidence",
    });
  });

  it("does not pass a confidence with no answer beside it, but a tool call is one", async () => {
    expect(await verdictOf(selfReported(), "Confidence: 100%")).toEqual({
      pass: false,
      threshold: 0.8,
      reason: "the model stated a confidence and no answer",
    });
    const tool_calls = [{ id: "1", name: "search", args: {} }];
    const calling = new AIMessage({ content: "Confidence: 100%", tool_calls });
    expect(await verdictOf(selfReported(), calling)).toMatchObject({ pass: true, answer: { content: "", tool_calls } });
  });

  it("leaves thoughts and other blocks where they are", async () => {
    const marked = await verdictOf(selfReported(), "<think>Hm\nConfidence: 10%</think>\n42\nConfidence: 90%");
    expect([marked.score, marked.answer!.text]).toEqual([0.9, "<think>Hm\nConfidence: 10%</think>\n42"]);
    const thought = { type: "reasoning", reasoning: "Hm" };
    const content = [thought, { type: "text", text: "42\nConfidence: 90%" }];
    const { answer } = await verdictOf(selfReported(), new AIMessage({ content }));
    expect(answer!.content).toEqual([thought, { type: "text", text: "42" }]);
    const channels =
      "<|channel|>analysis<|message|>Hm<|end|><|start|>assistant<|channel|>final<|message|>42\nConfidence: 90%<|return|>";
    expect((await verdictOf(selfReported(), channels)).answer!.text).toBe(
      channels.replace("Confidence: 90%", "").replace("42\n", "42\n"),
    );
  });

  const calling = (args: Record<string, unknown>) =>
    new AIMessage({ content: "", tool_calls: [{ id: "1", name: "answer", args }] });

  it("reads a field of structured output, which stays in it", async () => {
    for (const [given, score] of [
      [0.9, 0.9],
      [90, 0.9],
      ["85%", 0.85],
      ["8/10", 0.8],
    ] as const) {
      const verdict = await verdictOf(selfReported(), calling({ city: "Paris", confidence: given }));
      expect(verdict).toMatchObject({ pass: true, score });
      expect(verdict).not.toHaveProperty("answer");
    }
    const named = selfReported({ field: "meta.sure" });
    expect(await verdictOf(named, calling({ meta: { sure: 0.3 } }))).toMatchObject({ pass: false, score: 0.3 });
    expect(await verdictOf(named, 'So: {"city": "Paris", "meta": {"sure": 0.9}}')).toMatchObject({
      pass: true,
      score: 0.9,
    });
    expect(named.instruction).toContain("`meta.sure`");
  });

  it("says which field the schema lacks", async () => {
    for (const args of [{ city: "Paris" }, { confidence: "high" }, { confidence: -1 }, { confidence: 150 }]) {
      const verdict = await verdictOf(selfReported(), calling(args));
      expect(verdict).toMatchObject({ pass: false, reason: expect.stringContaining("number `confidence`") });
    }
    expect(await verdictOf(selfReported({ field: "sure" }), '{"confidence": 1}')).toMatchObject({
      pass: false,
      reason: 'the model stated no confidence in the field "sure"',
    });
    expect(() => selfReported({ field: "" })).toThrow(InvalidOptionError);
  });

  it("asks the model to state it", () => {
    expect(selfReported().instruction).toContain('"Confidence: N%"');
  });

  it.each([Number.NaN, -0.1, 1.1, 80, "0.8" as never])("refuses the threshold %o", (threshold) => {
    expect(() => selfReported({ threshold })).toThrow(InvalidOptionError);
  });

  it("reads what it asked for after any answer, and gives that answer back", async () => {
    const answers = fc.string({ unit: "grapheme", minLength: 1 }).map((text) => text.trimEnd());
    await fc.assert(
      fc.asyncProperty(
        answers.filter((text) => text !== ""),
        fc.nat(100),
        async (text, percent) => {
          const verdict = await verdictOf(selfReported(), `${text}\nConfidence: ${percent}%`);
          expect(verdict.score).toBe(percent / 100);
          expect(verdict.answer?.text).toBe(text);
        },
      ),
    );
  });

  it("reads a last line of 2,000 characters, and none that is longer", async () => {
    const line = (length: number) => `42\n${"Confidence: 90%".padStart(length)}`;
    expect(await verdictOf(selfReported(), line(2_000))).toMatchObject({ pass: true, score: 0.9 });
    expect(await verdictOf(selfReported(), line(2_001))).toMatchObject({ pass: false });
    expect(await verdictOf(selfReported(), line(2_001))).not.toHaveProperty("score");
  });

  it("comes to an end with a hostile last line", async () => {
    for (const piece of ["confidence", "confidence: ", "- ", "*", " ", "confidence: 1 "]) {
      for (const size of [1_900, 100_000]) await verdictOf(selfReported(), `42\n${piece.repeat(size / piece.length)}x`);
    }
  });

  itOverClients("asks for the confidence it reads, and returns the answer without it", async ({ client, server }) => {
    const models = {
      small: client("small", "It is 43.\nConfidence: 55%"),
      large: client("large", "It is 42.\nConfidence: 95%"),
    };
    const { messages, confidence } = await createCascade({ models, verify: selfReported() })
      .compile()
      .invoke({ messages: "What is 6 times 7?" });
    expect([messages.at(-1)!.text, confidence]).toEqual(["It is 42.", 0.95]);
    const told = server.requests.map(({ messages }) => messages.map(({ text }) => text).join("\n"));
    expect(told.every((text) => text.includes('"Confidence: N%"'))).toBe(true);
    expect(told[1]).not.toContain("43");
  });
});
