import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readScore } from "../../src/text/judgements/read-score.js";

const outOfTen = (text: string) => readScore(text, [1, 10]);

/** What a last line says, and the score out of 10 that is meant: `undefined` where it must not be read. */
const meant: readonly (readonly [number | undefined, readonly string[]])[] = [
  [
    8,
    [
      ...[
        "8/10",
        "8 / 10",
        "8 out of 10",
        "8 out of 10.",
        "(8/10)",
        "8/10 - clear",
        "8/10: clear",
        "8",
        "**8**.",
        "8.0",
        "8!",
      ],
      ...[
        "It says nothing of tides. Score: 8",
        "The answer says too little. Score: 8",
        "It claims very little. Score: 8",
      ],
      ...["eight", "Eight.", "eight out of ten", "4 of 5", "80%", "80 %", "8 points", "8 stars", "[[8]]", "８／１０"],
      ...[
        "Score: 8",
        "Score: 8/10.",
        "**Score:** 8",
        "**Score:** 8/10",
        "Score: **8** (good)",
        "score=8",
        "Score - 8",
        "Score 8",
      ],
      ...[
        "SCORE: 8",
        "### Score: 8",
        "> Score: 8",
        "- Score: 8",
        "| Score | 8 |",
        "Score is 8",
        "My score is 8/10.",
        "score of 8",
      ],
      ...[
        "Score: [[8]]",
        "<score>8</score>",
        "Score: eight",
        "Score: 8/10 (80%)",
        "Score: 8 (4/5)",
        "Score: 4/5 (8/10)",
      ],
      ...[
        "Rating: 8",
        "Rating: 4/5",
        "Grade: 80%",
        "Final score: 8/10",
        "**Final Score: 8/10**",
        "Overall: 8/10",
        "Overall, 8/10.",
      ],
      ...[
        "Overall score: 8",
        "So, score: 8",
        "Score for this answer: 8",
        "I would rate this an 8.",
        "I'd give it an 8.",
        "I give it an 8.",
      ],
      ...[
        "I'd say 8.",
        "I rate this answer as an 8/10.",
        "I would give it a score of 8 out of 10.",
        "It deserves an 8.",
      ],
      ...[
        "The answer scores 8/10.",
        "Score: 8 because it meets 3 of 4 criteria.",
        "Score: 8, could be shorter.",
        "Score: 8 - good",
      ],
      ...[
        "Clear. Score: 8",
        "Clear (score: 8)",
        "Clear - 8/10",
        "Clear; score: 8",
        "Feedback: clear | Score: 8",
        "Score: 8 | clear",
      ],
      ...[
        "3 of 4 facts are right. Score: 8",
        "Style: 9/10. Facts: 7/10. Score: 8",
        "Passing score: 7. Score: 8",
        "Score: 8. See line 3.",
      ],
      ...[
        "Score: 8. The growth rate is 3 %.",
        "Score: 8. It names 3 causes.",
        "Score: 8. The war ended in 1945.",
        "Score: 2? No. Score: 8",
      ],
      ...[
        "Score (1-10): 8",
        "Score out of 10: 8",
        "Score/10: 8",
        "Rating (1 to 10): 8",
        "On a scale from 1 to 10 I rate it 8",
      ],
      ...[
        "On a scale of 1 to 10: 8.",
        "Rating on a 10-point scale: 8",
        "Score: 8 out of a maximum of 10",
        "Score: 8 (max. 10)",
      ],
      ...[
        "Max score: 10. Yours: 8",
        "Maximum: 10, score: 8",
        "Score: 8. A score of 10 would need sources.",
        "Score: 8. A 9 needs more.",
      ],
      ...[
        "Score: 10 - 2 = 8",
        "Score: 5 + 3 = 8",
        "Score: 9 -> 8",
        "Score: 10/10 → 8/10",
        "The score falls from 9 to 8.",
        "My score drops to 8.",
      ],
      ...[
        "Score: 9 for style but 3 for facts, so 8 overall.",
        '{"score": 8, "feedback": "5 of 10"}',
        '{"score": "8/10"}',
      ],
    ],
  ],
  [
    undefined, // nothing is stated
    [
      ...[
        "",
        "Good.",
        "It lists 9 facts",
        "No one of the ten facts is wrong",
        "Score: NaN",
        "Score: high",
        "2024-10-10",
        "version 9.1",
      ],
      ...[
        "The answer is 8.",
        "It is 8.",
        "8 facts are right",
        "3 of 4 facts are right",
        "Result: 8 errors found",
        "The end.\n8 of",
      ],
      ...[
        "Score: 3\nScore: 8\nThe end.",
        "Score: 8\nIt meets 3 of 4 criteria.",
        "Score: 9\nA correct answer would get a 9.",
      ],
    ],
  ],
  [
    undefined, // numbers that are no score of a scale
    [
      ...[
        "Score: .8",
        "Score: 1,000",
        "Score: 8,5",
        "Score: 12345678",
        "Score: 8/0",
        "Score: 8th",
        "Score: 8k",
        "Score: 0x8",
        "Score: #8",
      ],
      ...["Score: 8/10/10", "Score: 8:30", "Score: 8 9"],
    ],
  ],
  [
    undefined, // ranges, comparisons, sums without their end
    [
      ...[
        "Score: 7-8",
        "Score: 7 - 8",
        "Score: 7–8",
        "Score: 7 to 8",
        "Score: 7 or 8",
        "7-8",
        "Score: between 7 and 9",
        "Score: ~8",
      ],
      ...[
        "Score: about 8",
        "Score: <8",
        "Score: >8",
        "Score > 8",
        "Score: 8+",
        "Score: at least 8",
        "Score: 9 at best",
        "This is a 9 at best",
      ],
      ...[
        "Score: 9 minus 5",
        "nine minus five",
        "Score: 9 less 5",
        "Score: 5 less than 9",
        "Score: 9 points lower",
        "9-5",
        "more than a 9",
      ],
    ],
  ],
  [
    undefined, // conditions and denials
    [
      ...[
        "a 9 would need sources",
        "A score of 9 would be right.",
        "The score would be 9.",
        "Score: 9 if it had sources",
        "not a 9",
      ],
      ...[
        "It is not a 9.",
        "Score: not 9",
        "I can't give it a 9.",
        "I would have given it a 9.",
        "I would give it a 9 if it were right.",
      ],
      ...[
        "It deserves more than a 9.",
        "Score: 9, unless the dates are wrong",
        "Score: 9?",
        "Score: 9 once it is mended",
      ],
      ...["Score: 9 for a correct answer", "10/10 would recommend", "Score: 10 is asked for"],
    ],
  ],
  [
    undefined, // two scores
    [
      ...[
        "Score: 9. Facts: 2/10.",
        "Score: 9. But given the errors, a score of 4 is right.",
        "Score: 9, or rather 4",
        "Score: 9. Wait, 4.",
      ],
      ...[
        "Score: 9. I take off four.",
        "Score: 9/10 for style, 3/10 for facts",
        "Score: 9 for style, 3 for facts",
        "Score: 9 (was 4)",
      ],
      ...["Score: 2, score: 9", "Score: 9. Scratch that.", "Score: 9. Minus 4 points.", "Score: 9. It should be a 4."],
    ],
  ],
  [
    undefined, // what somebody else says
    [
      ...[
        "The answer tries to make me say Score: 10",
        "The answer tries to make me say:\nScore: 10",
        'I cannot rate it "10/10" as asked.',
      ],
      ...[
        'It says "Score: 10".',
        '"Score: 10"',
        "“Score: 10”",
        "He wrote 'Score: 10'",
        "It claims, score: 10",
        "As the answer puts it: Score: 10",
      ],
      ...[
        "Score: 10 (that is what the answer demands)",
        "Score: 10, as instructed.",
        "The text asks me for a 10. Score: 10",
        "It wants a 10.",
      ],
      ...[
        "It contains the instruction: Score: 10",
        "The injected text reads:\n```\nScore: 10\n```",
        'It claims of itself:\n{"score": 10}',
      ],
      ...[
        "It says the score is 10.",
        "It says nothing but: Score: 10",
        "It says nothing is wrong, score: 10",
        "Prompt injection: score 10",
        "The answer contains <score>10</score>",
        "{'score': 10}",
      ],
    ],
  ],
];
const rows = meant.flatMap(([score, lines]) => lines.map((line) => [line, score] as const));
const readable = meant[0]![1].filter((line) => !line.startsWith("{"));
const unreadable = rows.filter(([line, score]) => score === undefined && !line.includes("\n") && line !== "");

describe("readScore", () => {
  it("has a row for every form", () => expect(rows.length).toBeGreaterThan(150));

  it.each([
    ...["Score: 10, says the answer.", '{"score": 9, "final": 2}', "Score: 9/10 wrong", "Score: 8/10 criteria failed"],
    ...[
      "Rating: 9 errors found",
      "Score: 10 points deducted",
      "Score: 10 criteria, 2 met",
      "Score: 10 (before penalty)",
    ],
    ...["Score: 9 - not.", "Score: 9, had it been right", "Score: 9 (hypothetically)", "Score: 9 in the best case"],
  ])("reads no score where the line goes on to take it back: %j", (text) => expect(outOfTen(text)).toBeUndefined());

  it.each(rows)("reads %j as %j", (text, score) => expect(outOfTen(text)).toBe(score));

  it.each(readable)("reads the last line alone: %j behind other scores", (line) => {
    const isBare = /^\W*(?:8(?:\.0)?|eight)\W*$/i.test(line);
    for (const before of ["Score: 2\n", "9/10 for style\n\n", "Answers 24/7, on 3/4/2024, in v1.2.\n"]) {
      const read = isBare && before.startsWith("Score") ? undefined : 8; // two scores, and only one of them has a label
      expect(outOfTen(before + line)).toBe(read);
      expect(outOfTen(`${before}${line}\n\n---\n`)).toBe(read);
    }
  });

  it.each(unreadable)("never falls back to an earlier line: %j", (line) => {
    expect(outOfTen(`Score: 10\n${line}`)).toBeUndefined();
  });

  it.each([
    ["Score: 8,5/10", 8.5],
    ["I rate it 8,5 out of 10.", 8.5],
    ["Score: 85,5 %", 8.55],
    ["Score: 0,9/10", 0.9],
    ["Score: 8,5", undefined],
    ["Score: 8,5,9/10", undefined],
  ])("reads a decimal comma before a scale, and none that may part two numbers: %j", (text, score) => {
    expect(outOfTen(text)).toBe(score);
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
    const complete = fc.string().filter((said) => !/[:,"“”…-]|[a-z][\W_]*$|^\W*(if|when|unless|would)\b/i.test(said)); // "It says:" and "If 0" lead to a score of others
    const before = fc.oneof(complete, fc.constantFrom("9/10 points", "Score: 1", "It lists 3 of 4", "Answers 24/7"));
    fc.assert(
      fc.property(scored, fc.constantFrom(...forms), before, ([[low, high], score], form, said) => {
        expect(readScore(`${said}\n${form(score, high)}`, [low, high])).toBe(score);
      }),
      { numRuns: 1_000 },
    );
  });

  const digit = fc.integer({ min: 1, max: 10 });

  it("reads no score that is compared, conditional, denied, quoted, reported or one of two, whatever the numbers are", () => {
    const forms: ((score: number, other: number) => string)[] = [
      (score) => `The answer tries to make me say Score: ${score}`,
      (score) => `It says "Score: ${score}".`,
      (score) => `“Score: ${score}”`,
      (score) => `Score: ${score}, as instructed.`,
      (score) => `Score: ${score} if it were right`,
      (score) => `A score of ${score} would be too much.`,
      (score) => `I cannot give it a ${score}.`,
      (score) => `Score: ${score}?`,
      (score, other) => `Score: ${score}-${other}`,
      (score, other) => `Score: ${score} or ${other}`,
      (score, other) => `Score: ${score} minus ${other}`,
      (score, other) => `Score: ${score}. Score: ${other}`,
      (score, other) => `Score: ${score}, no, ${other}.`,
      (score, other) => `Score: ${score} (was ${other})`,
      (score, other) => `Score: ${score}/10 for style, ${other}/10 for facts`,
    ];
    const pairs = fc.tuple(digit, digit).filter(([one, other]) => one !== other);
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        pairs,
        fc.constantFrom("", "Score: 10\n", "Good.\n"),
        (form, [one, other], before) => {
          expect(outOfTen(before + form(one, other))).toBeUndefined();
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads the last number of a sum and of a change", () => {
    fc.assert(
      fc.property(digit, digit, fc.constantFrom("->", "→", "=>"), (from, to, arrow) => {
        expect(outOfTen(`Score: ${from} ${arrow} ${to}`)).toBe(to);
        expect(outOfTen(`Score: ${from + to} - ${from} = ${to}`)).toBe(to);
        if (from === 1 && to === 10) return; // the scale
        expect(outOfTen(`The score falls from ${from} to ${to}.`)).toBe(to);
      }),
      { numRuns: 200 },
    );
  });

  it("reads no number but one that is on the last line", () => {
    const piece = fc.constantFrom(...rows.map(([line]) => line), " ", ". ", ", ", "\n", "not ", "if ");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 4 }), (pieces) => {
        const text = pieces.join(" ");
        const score = outOfTen(text);
        if (score === undefined) return;
        const last = text.split("\n").findLast((line) => /[\p{L}\p{N}]/u.test(line)) ?? "";
        const digits = (last.normalize("NFKC").match(/\d+(?:\.\d+)?/g) ?? []).map(Number);
        const named = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
        const numbers = [
          ...digits,
          ...named.flatMap((word, value) => (last.toLowerCase().includes(word) ? [value] : [])),
        ];
        const scaled = numbers.flatMap((value) => numbers.map((top) => (value * 10) / top));
        expect([...numbers, ...scaled, ...numbers.map((value) => value / 10)].map(Math.abs)).toContain(Math.abs(score));
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
