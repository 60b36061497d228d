import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeNumber } from "../../src/aggregation/normalize.js";
import { InvalidOptionError } from "../../src/errors.js";
import { type AgreementOptions, agreement } from "../../src/verification/agreement.js";
import { verifyTurn } from "./turn.js";

const verdictOf = async (answers: readonly string[], options: AgreementOptions = {}) =>
  agreement(options)(verifyTurn(answers).turn);

describe("agreement", () => {
  it("does not pass the first answer, which has nothing to agree with, nor is it sure of it", async () => {
    expect(await verdictOf(["42"])).toMatchObject({
      pass: false,
      score: 0.5,
      reason: "1 of 1 answers agree, 2 are needed",
    });
  });

  it("passes as soon as two answers are equal, and says how many are", async () => {
    expect(await verdictOf(["42", "The 42."])).toMatchObject({ pass: true, score: 1 });
    expect(await verdictOf(["41", "42"])).toMatchObject({ pass: false, score: 0.5 });
  });

  it("counts all answers so far, not only neighbours", async () => {
    const verdict = await verdictOf(["42", "41", "42"]);
    expect(verdict).toMatchObject({ pass: true, reason: "2 of 3 answers agree, 2 are needed" });
    expect(verdict.score).toBeCloseTo(2 / 3, 10);
  });

  it("does not pass an answer because others agree with one another", async () => {
    expect(await verdictOf(["42", "42", "41"])).toMatchObject({
      pass: false,
      reason: "1 of 3 answers agree, 2 are needed",
    });
  });

  it("asks for as many as it is told", async () => {
    expect((await verdictOf(["42", "42"], { need: 3 })).pass).toBe(false);
    expect((await verdictOf(["42", "42", "42"], { need: 3 })).pass).toBe(true);
  });

  it("compares what a normalizer leaves", async () => {
    const answers = ["It is 42.", "6 * 7 = 42"];
    expect((await verdictOf(answers)).pass).toBe(false);
    expect((await verdictOf(answers, { normalize: normalizeNumber })).pass).toBe(true);
  });

  it("never lets answers agree that hold nothing to compare", async () => {
    const verdict = await verdictOf(["I do not know", "No idea", "?"], { normalize: normalizeNumber });
    expect(verdict).toEqual({ pass: false, score: 0, reason: "the answer holds nothing to compare" });
  });

  it.each([1, 0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])("refuses to need %d answers", (need) => {
    expect(() => agreement({ need })).toThrow(InvalidOptionError);
  });

  it("passes exactly when enough answers equal the last one", async () => {
    const answers = fc.array(fc.constantFrom("1", "2", "3", "none"), { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(answers, fc.integer({ min: 2, max: 4 }), async (texts, need) => {
        const equal = texts.at(-1) === "none" ? 0 : texts.filter((text) => text === texts.at(-1)).length;
        const { pass, score } = await verdictOf(texts, { need, normalize: normalizeNumber });
        expect(pass).toBe(equal >= need);
        expect(score).toBe(equal / Math.max(need, texts.length));
      }),
    );
  });
});
