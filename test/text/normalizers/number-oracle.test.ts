import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeNumber } from "../../../src/index.js";

/** A number as digits: `digits` with the last `places` of them behind the point. */
interface Oracle {
  readonly isNegative: boolean;
  readonly digits: bigint;
  readonly places: number;
}

const numbers: fc.Arbitrary<Oracle> = fc.record({
  isNegative: fc.boolean(),
  digits: fc.oneof(fc.bigInt({ min: 0n, max: 999n }), fc.bigInt({ min: 0n, max: 10n ** 15n })),
  places: fc.nat(4),
});

/** The value without trailing zeros, by other means than the library's. */
function shown({ isNegative, digits, places }: Oracle): string {
  const all = String(digits).padStart(places + 1, "0");
  const value = places === 0 ? all : `${all.slice(0, -places)}.${all.slice(-places)}`.replace(/\.?0+$/, "");
  return isNegative && digits !== 0n ? `-${value}` : value;
}

const split = ({ digits, places }: Oracle) => {
  const all = String(digits).padStart(places + 1, "0");
  return places === 0 ? ([all, ""] as const) : ([all.slice(0, -places), all.slice(-places)] as const);
};
const grouped = (whole: string, by: string) => whole.replace(/\B(?=(?:\d{3})+$)/g, by);
const indian = (whole: string) =>
  whole.length <= 3 ? whole : `${whole.slice(0, -3).replace(/\B(?=(?:\d{2})+$)/g, ",")},${whole.slice(-3)}`;
const wide = (text: string) => text.replace(/[\d.,]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) + 0xfee0));
const minus = ({ isNegative }: Oracle, sign = "-") => (isNegative ? sign : "");
const pointed = (number: Oracle, write = (whole: string) => whole) => {
  const [whole, decimals] = split(number);
  return decimals === "" ? write(whole) : `${write(whole)}.${decimals}`;
};

/** Notations of a number. */
const notations: readonly ((number: Oracle) => string)[] = [
  (number) => `${minus(number)}${pointed(number)}`,
  (number) => `${minus(number, "\u2212")}${pointed(number)}`,
  (number) => `${minus(number, "minus ")}${pointed(number)}`,
  (number) => `${minus(number)}${pointed(number, (whole) => grouped(whole, ","))}`,
  (number) => `${minus(number)}${pointed(number, (whole) => grouped(whole, "'"))}`,
  (number) => `${minus(number)}${pointed(number, (whole) => grouped(whole, "\u202f"))}`,
  (number) => `${minus(number)}${pointed(number, (whole) => grouped(whole, "{,}"))}`,
  (number) => `${minus(number)}${pointed(number, (whole) => grouped(whole, ",\\!"))}`,
  (number) => `${minus(number)}${pointed(number, indian)}`,
  (number) => `${minus(number)}$${pointed(number, (whole) => grouped(whole, ","))}`,
  (number) => `${minus(number)}${wide(pointed(number))}`,
  (number) => `${minus(number)}${number.digits}e-${number.places}`,
  (number) => `${minus(number)}${number.digits} × 10^{-${number.places}}`,
  (number) => `${minus(number)}${number.digits} x 10^${-number.places}`,
  (number) => `${minus(number)}${number.digits}/${10 ** number.places}`,
  (number) => `${minus(number)}\\frac{${number.digits}}{${10 ** number.places}}`,
  (number) => `${minus(number)}\\dfrac{${2n * number.digits}}{${2 * 10 ** number.places}}`,
];

const units = ["", " apples", "%", " m^2", " km/h", " per day", "\\text{ cm}^3", " dollars", " €"];
/** Sentences that state a number and mention others. */
const sentences: readonly ((said: string) => string)[] = [
  (said) => said,
  (said) => `${said}.`,
  (said) => `**${said}**`,
  (said) => `It is ${said}.`,
  (said) => `First, 3 + 4 = 7.\nSo the result is ${said}.`,
  (said) => `The answer is ${said}. I used 3 steps.`,
  (said) => `Answer: ${said} (95% sure)`,
  (said) => `The total is ${said} [1]`,
  (said) => `Final answer: $${said}$`,
  (said) => `so 7 of them, and \\boxed{${said}}, see page 7`,
  (said) => `#### ${said}`,
  (said) => JSON.stringify({ reasoning: "6 * 7 = 42", answer: said }),
  (said) => JSON.stringify({ final_answer: said, steps: 3 }),
];

describe("normalizeNumber › any number in any form", () => {
  const written = fc.tuple(
    numbers,
    fc.constantFrom(...notations),
    fc.constantFrom(...units),
    fc.constantFrom(...sentences),
  );
  const textOf = ([number, notation, unit, sentence]: [
    Oracle,
    (typeof notations)[number],
    string,
    (typeof sentences)[number],
  ]) => sentence(`${notation(number)}${unit}`);

  it("is read as its value, or not at all", () => {
    let unread = 0;
    fc.assert(
      fc.property(written, (form) => {
        const value = normalizeNumber(textOf(form));
        if (value === "") unread++;
        else expect(value).toBe(shown(form[0]));
      }),
      { numRuns: 4_000 },
    );
    expect(unread).toBeLessThan(100);
  });

  it("is never equal to a different number, and of equal ones the plain forms are equal", () => {
    fc.assert(
      fc.property(written, written, ([one, ...form], [other, ...otherForm]) => {
        const [first, second] = [
          normalizeNumber(textOf([one, ...form])),
          normalizeNumber(textOf([other, ...otherForm])),
        ];
        if (first !== "" && shown(one) !== shown(other)) expect(first).not.toBe(second);
        const same = normalizeNumber(textOf([one, ...otherForm]));
        if (first !== "" && same !== "") expect(same).toBe(first);
      }),
      { numRuns: 2_000 },
    );
  });

  it("is read from mixed numbers and fractions by value", () => {
    const parts = fc.tuple(
      fc.integer({ min: 1, max: 999 }),
      fc.integer({ min: 1, max: 98 }),
      fc.integer({ min: 2, max: 99 }),
    );
    fc.assert(
      fc.property(
        parts.filter(([, top, bottom]) => top < bottom),
        ([whole, top, bottom]) => {
          const value = normalizeNumber(`${whole * bottom + top}/${bottom}`);
          expect(Number(value)).toBeCloseTo(whole + top / bottom, 9);
          for (const form of [
            `${whole} ${top}/${bottom}`,
            `${whole}\\frac{${top}}{${bottom}}`,
            `\\boxed{${whole} \\frac{${top}}{${bottom}}}`,
          ])
            expect(normalizeNumber(form)).toBe(value);
          expect(normalizeNumber(`${(whole * bottom + top) * 3}/${bottom * 3}`)).toBe(value);
        },
      ),
    );
  });

  it("is part of no clear answer where two of them stand together", () => {
    const joints = [", ", " and ", " or ", " to ", "-", "–", " ± ", " x "];
    fc.assert(
      fc.property(
        fc.nat(99),
        fc.nat(99),
        fc.constantFrom(...joints),
        fc.constantFrom(...sentences.slice(0, 11)),
        (one, other, joint, sentence) => {
          fc.pre(one !== other);
          const value = normalizeNumber(sentence(`${one}${joint}${other}`));
          expect([String(one), String(other)]).not.toContain(value);
        },
      ),
    );
  });

  it("is read from roots by value, and from different roots as different numbers", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (outer, inner) => {
        const value = normalizeNumber(`\\boxed{${outer}\\sqrt{${inner}}}`);
        expect(Number(value)).toBeCloseTo(outer * Math.sqrt(inner), 9);
        expect(normalizeNumber(`$\\sqrt{${outer * outer * inner}}$`)).toBe(value);
        expect(normalizeNumber(`\\boxed{${outer}\\sqrt{${inner + 1}}}`)).not.toBe(value);
        if (inner > 1) expect(normalizeNumber(`\\boxed{${outer}}`)).not.toBe(value);
      }),
    );
  });
});
