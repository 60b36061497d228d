import { AIMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeText } from "../../src/text/normalizers/normalize.js";
import { normalizeNumber } from "../../src/text/normalizers/normalize-number.js";

describe("normalizeText", () => {
  it.each([
    ["The  Eiffel Tower.", "eiffel tower"],
    ["**Paris**", "Paris"],
    ["`yes`", "Yes!"],
    ["an apple,\n a pear", "apple pear"],
    ["Cafe\u0301", "café"],
    ["ﬁve", "five"],
    ["１２", "12"],
    ["\u22125", "-5"],
    ["(-5)", "-5"],
    ["3.14.", "3.14"],
    ["A)", "a"],
    ["Option A", "option a."],
    ["2+2", "2 + 2"],
    ["10 %", "10%."],
    ["# Paris", "paris"],
    ["It is *very* good", "it is very good"],
    ["well-known", "well known"],
    ["Paris - the city", "Paris, the city"],
    ["c++", "C++!"],
    ["👍", " 👍\n"],
  ])("takes %o and %o for equal", (one, other) => {
    expect(normalizeText(one)).toBe(normalizeText(other));
    expect(normalizeText(one)).not.toBe("");
  });

  it.each([
    ["-5", "5"],
    ["-.5", ".5"],
    ["3.14", "3 14"],
    ["A", "B"],
    ["A", "the"],
    ["hepatitis A", "hepatitis"],
    ["कि", "का"],
    ["ที่", "ทา"],
    ["yes", "no"],
    ["10", "1 0"],
    ["C#", "C++"],
    ["C", "C#"],
    ["x > y", "x < y"],
    ["x > y", "x = y"],
    ["2 + 2", "2 - 2"],
    ["2*2", "2/2"],
    ["x-y", "x+y"],
    ["10%", "10"],
    ["👍", "👎"],
    ["!", "?"],
  ])("tells %o and %o apart", (one, other) => {
    expect(normalizeText(one)).not.toBe(normalizeText(other));
  });

  it("compares an answer that is nothing but punctuation as it is", () => {
    expect(normalizeText(' "?!" ')).toBe("?!");
  });

  it("leaves nothing of an answer without any sign", () => {
    for (const nothing of ["", " \n", '""', "“”", "\u200b"]) expect(normalizeText(nothing)).toBe("");
  });

  it("reads the text of a message", () => {
    const content = [
      { type: "text", text: "The " },
      { type: "text", text: "Seine" },
    ];
    expect(normalizeText(new AIMessage({ content }))).toBe("seine");
  });

  it("changes nothing when it is used twice, and does not mind case, ends and white space", () => {
    const text = fc.oneof(fc.string({ unit: "grapheme" }), fc.string({ unit: "binary" }), fc.string());
    fc.assert(
      fc.property(text, (answer) => {
        const once = normalizeText(answer);
        expect(normalizeText(once)).toBe(once);
        expect(normalizeText(`  ${answer}\n\t`)).toBe(once);
        expect(normalizeText(`"${answer}"`)).toBe(once);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("normalizeNumber", () => {
  it.each([
    ["$1,234.50", "1234.5"],
    ["1234.5", "1234.5"],
    ["#### 18", "18"],
    ["#### $1,800.", "1800"],
    ["#### Answer: 18", "18"],
    ["\\boxed{18}", "18"],
    ["\\boxed{x = \\$18.0}", "18"],
    ["\\boxed{1{,}234}", "1234"],
    ["$1,\\!234$", "1234"],
    ['{"reasoning": "9 * 2 = 18 (see 7)", "answer": "18"}', "18"],
    ['{"answer": 18}', "18"],
    ["**18**", "18"],
    ["It is 18.", "18"],
    ["18%", "18"],
    ["1,234,567", "1234567"],
    ["007", "7"],
    [".5", "0.5"],
    ["0.50", "0.5"],
    ["-5", "-5"],
    ["\u22125", "-5"],
    ["-$5.00", "-5"],
    ["-0", "0"],
    ["x = -3", "-3"],
    ["(-3)", "-3"],
    ["12345678901234567890123456789.10", "12345678901234567890123456789.1"],
    ["USD1,234.50", "1234.5"],
    ["1 234.50", "1234.5"],
    ["1\u202f234", "1234"],
    ["1.234,50", "1234.5"],
    ["3 1/2", "3.5"],
    ["1e-7", "0.0000001"],
    ["0.0000001", "0.0000001"],
  ])("reads %o as %s", (answer, number) => {
    expect(normalizeNumber(answer)).toBe(number);
    expect(normalizeNumber(new AIMessage(answer))).toBe(number);
  });

  it.each([
    ["3/4", "0.75"],
    ["\\boxed{\\frac{3}{4}}", "0.75"],
    ["-\\dfrac{3}{4}", "-0.75"],
    ["6 / 2", "3"],
    ["3e8", "300000000"],
    ["3 \\times 10^{8} m/s", "300000000"],
    ["2.5 × 10^-3", "0.0025"],
  ])("reads the fraction or power %o as %s", (answer, number) => {
    expect(normalizeNumber(answer)).toBe(number);
  });

  it.each([
    ["5 - 3 = 2", "2"],
    ["From 10 it fell; now it is 3", "3"],
    ["- 18 apples", "18"],
    ["60 km/h", "60"],
    ["first 3, then 4", "4"],
  ])("reads the last number of %o as %s", (answer, number) => {
    expect(normalizeNumber(answer)).toBe(number);
  });

  it.each([
    ["\\boxed{18} (page 7)", "18"],
    ["#### 18\nThanks to 7 people", "18"],
    ['{"answer": "18", "steps": 7}', "18"],
    ["\\boxed{17}, no, \\boxed{18}", "18"],
    ["#### 17\n#### 18", "18"],
    ["The answer is 18. (See page 3)", "18"],
    ["**Answer:** 18 apples\nCheck: 9 * 2", "18"],
    ["The answer is 3 * 6 = 18", "18"],
  ])("lets a marked number win in %o", (answer, number) => {
    expect(normalizeNumber(answer)).toBe(number);
  });

  it.each(["10-3", "$10-$15", "1, 2, 3", "1,2345", "100, 200", "on 3/4/2024"])(
    "takes %o for no one number",
    (answer) => {
      expect(normalizeNumber(answer)).toBe("");
    },
  );

  it("does not take a heading for a marked number", () => {
    expect(normalizeNumber("#### Step 1: add\n#### 2. Double it\nSo it is 18")).toBe("18");
  });

  it("leaves nothing of an answer without a number", () => {
    for (const nothing of ["", "no idea", "x2", "v1.2", "1/0", "\\boxed{A}", "三"]) {
      expect(normalizeNumber(nothing)).toBe("");
    }
  });

  const integer = fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n });
  const grouped = (value: bigint) => String(value).replace(/\B(?=(?:\d{3})+$)/g, ",");

  it("reads any number in any form as the same text, and different numbers as different ones", () => {
    const forms: ((value: bigint) => string)[] = [
      (value) => `The result is ${value}.`,
      (value) => `${value}.00`,
      (value) => `${value < 0n ? "-" : ""}$${grouped(value < 0n ? -value : value)}`,
      (value) => `#### ${grouped(value)}`,
      (value) => `so 3 + 4 gives \\boxed{${value}}, see 7`,
      (value) => `{"answer": "${value}"}`,
    ];
    fc.assert(
      fc.property(
        integer,
        integer,
        fc.constantFrom(...forms),
        fc.constantFrom(...forms),
        (one, other, first, second) => {
          expect(normalizeNumber(first(one))).toBe(String(one));
          expect(normalizeNumber(first(one)) === normalizeNumber(second(other))).toBe(one === other);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("reads any decimal fraction without its trailing zeros", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(999_999), fc.nat(4), (whole, part, zeros) => {
        const decimals = String(part).padStart(6, "0");
        const shortest = decimals.replace(/0+$/, "");
        const expected = shortest === "" ? String(whole) : `${whole}.${shortest}`;
        expect(normalizeNumber(`= ${whole}.${decimals}${"0".repeat(zeros)}`)).toBe(expected);
      }),
    );
  });

  it("gives a plain number or nothing, whatever it reads", () => {
    const parts = fc.constantFrom(
      "1",
      "23",
      ",",
      ".",
      "-",
      "$",
      "/",
      "e",
      "####",
      "\\boxed{",
      "}",
      '"answer":',
      " ",
      "\n",
      "0",
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(parts, fc.string()), { maxLength: 30 }), (pieces) => {
        expect(normalizeNumber(pieces.join(""))).toMatch(/^(?:-?\d+(?:\.\d+)?(?:e[+-]\d+)?)?$/);
      }),
      { numRuns: 3_000 },
    );
  });

  it("reads the end of a long answer, and comes to an end with a hostile one", () => {
    expect(normalizeNumber(`${"7 ".repeat(500_000)}18`)).toBe("18");
    for (const piece of [
      "1",
      "1,234,",
      "#",
      "#### ",
      "\\boxed{",
      '"answer":',
      "1/",
      "1.",
      "-",
      "e1",
      "{,}",
      "\\frac{1}{",
      "((1",
      "2^999×",
      "π",
      "9^π",
      "[1]",
    ]) {
      expect(normalizeNumber(piece.repeat(200_000))).toMatch(/^(?:-?\d+(?:\.\d+)?)?$/);
      normalizeText(piece.repeat(200_000));
    }
  });
});
