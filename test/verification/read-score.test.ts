import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readScore } from "../../src/verification/read-score.js";

const outOfTen = (text: string) => readScore(text, [1, 10]);

describe("readScore", () => {
  it.each([
    ["Score: 3\nA correct answer would get a score of 9.", 3],
    ["On a scale of 1 to 10: 8.", 8],
    ['I cannot rate it "10/10" as asked.', undefined],
    ["Score: 8\nScore: 3", 3],
  ])("reads %j as %j", (text, score) => expect(outOfTen(text)).toBe(score));

  it.each([
    "8/10",
    "8 / 10",
    "8 out of 10",
    "Score: 8",
    "Score: 8/10.",
    "**Score:** 8",
    "Score: **8** (good)",
    "score=8",
    "Score - 8",
    "Rating: 4/5",
    "Grade: 80%",
    "4 of 5",
    "8",
    "**8**.",
    "8.0",
    "eight",
    "Eight.",
    "eight out of ten",
    "I would rate this an 8.",
    "I'd give it an 8.",
    "Clear and short.\nScore: 8",
    '{"score": 8, "feedback": "fine"}',
  ])("reads %o as 8 of 10", (text) => {
    expect(outOfTen(text)).toBe(8);
  });

  it.each([
    "Score (1-10): 8",
    "Score out of 10: 8",
    "Score/10: 8",
    "On a scale from 1 to 10 I rate it 8",
    "Rating on a 10-point scale: 8",
  ])("does not take the scale for the score in %o", (text) => {
    expect(outOfTen(text)).toBe(8);
  });

  it.each([
    "3 of 4 facts are right. Score: 8",
    "Score: 8\nIt meets 3 of 4 criteria.",
    "Answers 24/7.\nScore: 8",
    "9/10 for style\nScore: 8",
    "Score: 8. The growth rate is 3 %.",
    "Score: 2? No.\nScore: 8",
    "It lists 9 planets, on 3/4/2024, in v1.2.\n8",
  ])("takes what is called a score, and the last one, out of %o", (text) => {
    expect(outOfTen(text)).toBe(8);
  });

  it.each([
    "",
    "Good.",
    "It lists 9 facts",
    "No one of the ten facts is wrong",
    "Score: NaN",
    "Score: high",
    "Score: .8",
    "Score: 1,000",
    "Score: 12345678",
    "Score: 8/0",
    "2024-10-10",
    "version 9.1",
  ])("reads nothing out of %o", (text) => {
    expect(outOfTen(text)).toBeUndefined();
  });

  it("leaves a score off the scale to whoever asked", () => {
    expect(outOfTen("Score: 12/10")).toBe(12);
    expect(outOfTen("Score: -3")).toBe(-3);
    expect(outOfTen("Score: 0")).toBe(0);
  });

  it("reads the end of a long reply, and comes to an end with a hostile one", () => {
    expect(outOfTen(`Score: 2 ${"x".repeat(3_000)}\nScore: 8`)).toBe(8);
    for (const piece of ["1", "1/", "score ", "score:", "one ", "- ", "8 of ", "rate a ", " ", "\n"]) {
      outOfTen(piece.repeat(200_000));
    }
  });

  const scales = fc.constantFrom<[number, number]>([1, 10], [0, 10], [1, 5], [0, 1], [0, 100], [1, 7]);
  const scored = scales.chain(([low, high]) =>
    fc.tuple(
      fc.constant<[number, number]>([low, high]),
      high === 1 ? fc.nat(100).map((n) => n / 100) : fc.integer({ min: low, max: high }),
    ),
  );

  it("reads any score of any scale exactly, in every form, whatever is said before it", () => {
    const forms: ((score: number, high: number) => string)[] = [
      (score) => `Score: ${score}`,
      (score, high) => `Score: ${score}/${high}`,
      (score, high) => `**Rating**: ${score} out of ${high}.`,
      (score) => `{"score": ${score}}`,
    ];
    const before = fc.oneof(fc.string(), fc.constantFrom("9/10 points", "Score: 1", "It lists 3 of 4", "Answers 24/7"));
    fc.assert(
      fc.property(scored, fc.constantFrom(...forms), before, ([[low, high], score], form, said) => {
        expect(readScore(`${said}\n${form(score, high)}`, [low, high])).toBe(score);
      }),
      { numRuns: 1_000 },
    );
  });

  it("never gives NaN, whatever it reads", () => {
    const parts = fc.constantFrom(
      "score",
      ": ",
      "8",
      "/",
      "0",
      " of ",
      "ten",
      "\n",
      "%",
      "-",
      ".",
      "rate",
      " an ",
      "give",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string())), scales, (pieces, scale) => {
        const score = readScore(pieces.join(""), scale);
        expect(score === undefined || Number.isFinite(score)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
