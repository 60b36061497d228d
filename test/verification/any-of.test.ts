import { describe, expect, it } from "vitest";
import {
  agreement,
  anyOf,
  check,
  createCascade,
  createQualityGate,
  InvalidOptionError,
  judgeWith,
  selfReported,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";
import { itOverClients } from "../support/over-clients.js";
import { verifyTurn } from "./turn.js";

describe("anyOf", () => {
  it("passes with the first verifier that does, without paying the next", async () => {
    const judge = saying("9");
    const verify = anyOf(
      check(() => true),
      judgeWith(judge),
    );
    await createQualityGate({ model: saying("A"), verify })
      .compile()
      .invoke({ messages: "Q" });
    expect(judge.callCount).toBe(0);
  });

  it("keeps the highest score and joins the feedback when none passes", async () => {
    const verify = anyOf(
      check(() => ({ pass: false, score: 0.2, feedback: "too short" })),
      check(() => ({ pass: false, score: 0.6, threshold: 0.7, feedback: "no source" })),
    );
    const model = saying("A", "B");
    const result = await createQualityGate({ model, verify }).compile().invoke({ messages: "Q" });
    expect(result.verdict).toMatchObject({ pass: false, score: 0.6, threshold: 0.7, feedback: "too short; no source" });
    expect(model.calls[1]!.messages.at(-1)!.text).toContain("too short; no source");
  });

  it("refuses to be empty", () => {
    expect(() => anyOf()).toThrow(InvalidOptionError);
  });

  it("shows the next verifier the answer one replaced, and returns it, passed or not", async () => {
    const seen: string[] = [];
    const looking = (pass: boolean) =>
      check(({ answer, candidates }) => {
        seen.push(answer.text, candidates.at(-1)!.message.text);
        return { pass, score: 0.9 };
      });
    const { turn } = verifyTurn(["41", "42\nConfidence: 40%"]);
    for (const pass of [true, false]) {
      const verdict = await anyOf(selfReported(), looking(pass))(turn);
      expect(verdict).toMatchObject({ pass, score: 0.9, answer: { content: "42" } });
    }
    expect(seen).toEqual(["42", "42", "42", "42"]);
    expect(await anyOf(looking(true))(turn)).not.toHaveProperty("answer");
  });

  itOverClients("compares answers without the confidence that was not enough", async ({ client, asked }) => {
    const unsure = "It is 42.\nConfidence: 40%";
    const models = { tiny: client("tiny", unsure), small: client("small", unsure), large: client("large", "never") };
    const { modelUsed, messages } = await createCascade({ models, verify: anyOf(selfReported(), agreement()) })
      .compile()
      .invoke({ messages: "What is 6 times 7?" });
    expect([modelUsed, messages.at(-1)!.text]).toEqual(["small", "It is 42."]);
    expect(asked()).toEqual({ tiny: 1, small: 1 });
  });

  it("does not take a fault of the program for a verdict", async () => {
    await expect(anyOf((() => ({})) as never)(verifyTurn(["42"]).turn)).rejects.toThrow(InvalidOptionError);
  });
});
