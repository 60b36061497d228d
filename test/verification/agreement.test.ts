import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { createCascade } from "../../src/patterns/create-cascade.js";
import { startLoopbackServer } from "../../src/testing/index.js";
import { normalizeNumber } from "../../src/text/normalizers/normalize-number.js";
import { type AgreementOptions, agreement } from "../../src/verification/agreement.js";
import { providers } from "../support/clients.js";
import { saying } from "../support/fakes.js";
import { verifyTurn } from "./turn.js";

const verdictOf = async (answers: readonly string[], options: AgreementOptions = {}) =>
  agreement(options)(verifyTurn(answers).turn);

describe("agreement", () => {
  it("does not pass the first answer, which has nothing to agree with, nor is it sure of it", async () => {
    expect(await verdictOf(["42"])).toMatchObject({
      pass: false,
      score: 0.5,
      reason: "no other answer agrees yet, 2 are needed",
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
      reason: "no other answer agrees yet, 2 are needed",
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

  const weights = { model0: 1, model1: 2.5, model2: 4 };

  it("counts what each answer weighs, and 1 for a model that is not named", async () => {
    const two = await verdictOf(["42", "42"], { weights, need: 3.5 });
    expect(two).toEqual({ pass: true, score: 1, reason: "2 of 2 answers agree and weigh 3.5, 3.5 is needed" });
    const light = await verdictOf(["42", "42"], { weights, need: 4 });
    expect(light).toMatchObject({ pass: false, score: 3.5 / 4 });
    expect(await verdictOf(["42", "41", "0", "42"], { weights })).toMatchObject({ score: 2 / 8.5 });
    expect(await verdictOf(["42", "42"], { weights: {} })).toMatchObject({ pass: true, score: 1 });
  });

  it("does not pass two that agree while another answer weighs more", async () => {
    const outvoted = { model0: 1, model1: 4, model2: 1 };
    const answers = ["42", "41", "42"];
    expect(await verdictOf(answers, { weights: outvoted, need: 2 })).toEqual({
      pass: false,
      score: 2 / 6,
      reason: "2 of 3 answers agree and weigh 2, 2 is needed; another weighs more",
    });
    expect((await verdictOf(answers, { weights: { ...outvoted, model1: 2 }, need: 2 })).pass).toBe(true);
    const silent = { weights: { model1: 9 }, normalize: normalizeNumber };
    expect((await verdictOf(["42", "I do not know", "42"], silent)).pass).toBe(true);
  });

  it("never passes an answer alone, and is at most half sure of it, whatever it weighs", async () => {
    expect(await verdictOf(["42"], { weights: { model0: 9 } })).toEqual({
      pass: false,
      score: 0.5,
      reason: "no other answer agrees yet; it weighs 9, 2 is needed",
    });
    expect(await verdictOf(["42"], { weights: { model0: 0 }, need: 0 })).toMatchObject({ pass: false, score: 0 });
    const nothing = await verdictOf(["?", "?"], { weights: { model0: 9 }, need: 0, normalize: normalizeNumber });
    expect(nothing).toMatchObject({ pass: false, score: 0 });
  });

  it.each<AgreementOptions>([
    { weights: { large: -1 } },
    { weights: { large: Number.NaN } },
    { weights: { large: "2" as never } },
    { weights: [1, 2] as never },
    { weights: null as never },
    { weights: {}, need: -1 },
    { weights: {}, need: Number.NaN },
  ])("refuses %o when it is made", (options) => {
    expect(() => agreement(options)).toThrow(InvalidOptionError);
  });

  it("decides by weights of 1 as it does without any, where nobody has more", async () => {
    const answers = fc.array(fc.constantFrom("1", "2", "none"), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(answers, async (texts) => {
        const [plain, equal] = await Promise.all(
          [{}, { weights: { model0: 1 } }].map((own) => verdictOf(texts, { ...own, normalize: normalizeNumber })),
        );
        expect([equal?.pass, equal?.score]).toEqual([plain?.pass, plain?.score]);
      }),
    );
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

describe("agreement › in a cascade", () => {
  const ladder = (...answers: [string, string, string, string]) => {
    const [tiny, small, medium, large] = answers.map((answer) => saying(answer));
    return { tiny: tiny!, small: small!, medium: medium!, large: large! };
  };
  it("stops at two that agree and weigh enough", async () => {
    const weights = { tiny: 1, small: 1, medium: 4, large: 5 };
    const verify = agreement({ weights, need: 2, normalize: normalizeNumber });
    const models = ladder("It is 18.", "18", "20", "20");
    const { modelUsed, confidence } = await createCascade({ models, verify }).compile().invoke({ messages: "9 + 9?" });
    expect([modelUsed, confidence]).toEqual(["small", 1]);
    expect([models.medium.callCount, models.large.callCount]).toEqual([0, 0]);
  });

  it("goes on where a heavier answer contradicts two light ones", async () => {
    const heavier = agreement({ weights: { tiny: 1, small: 4, medium: 1, large: 5 }, normalize: normalizeNumber });
    const models = ladder("17", "18", "17", "18");
    const graph = createCascade({ models, verify: heavier }).compile();
    const { modelUsed, decisions } = await graph.invoke({ messages: "9 + 9?" });
    expect(modelUsed).toBe("large");
    expect(decisions.map(({ kind }) => kind)).toEqual(["escalate", "escalate", "escalate", "accept"]);
    expect(decisions[2]?.reason).toContain("another weighs more");
  });

  it("weighs the answers of real clients by the key they go by", async () => {
    await using server = await startLoopbackServer();
    server.reply("a", "It is 18.");
    server.reply("b", "#### 18");
    server.reply("c", "18");
    const models = {
      tiny: providers.ChatOpenAI(server, "a"),
      small: providers.ChatGoogleGenerativeAI(server, "b"),
      large: providers.ChatOpenAI(server, "c"),
    };
    const weights = { tiny: 2.5, small: 3.8, large: 4.6 };
    const run = async (need: number) => {
      const verify = agreement({ weights, need, normalize: normalizeNumber });
      return (await createCascade({ models, verify }).compile().invoke({ messages: "9 + 9?" })).modelUsed;
    };
    expect([await run(6), await run(7)]).toEqual(["small", "large"]);
    expect(server.requests.map(({ model }) => model)).toEqual(["a", "b", "a", "b", "c"]);
  });
});
