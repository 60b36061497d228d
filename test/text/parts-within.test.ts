import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { partsWithin } from "../../src/text/parts-within.js";

const within = (length: number) => (part: string) => part.length <= length;

describe("partsWithin", () => {
  it("splits at paragraphs, lines or words where it can", () => {
    expect(partsWithin("one two\n\nthree four", within(12))).toEqual(["one two\n\n", "three four"]);
    expect(partsWithin("one two\nthree four", within(12))).toEqual(["one two\n", "three four"]);
    expect(partsWithin("onetwothree four", within(8))).toEqual(["onetwoth", "ree four"]);
    expect(partsWithin("", within(8))).toEqual([]);
  });

  it("loses nothing but blank parts, and halves no character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 80 }), fc.integer({ min: 2, max: 30 }), (text, length) => {
        const parts = partsWithin(text, within(length));
        expect(parts.join("").replace(/\s/g, "")).toBe(text.replace(/\s/g, ""));
        for (const part of parts) expect([part.length <= length, part.isWellFormed()]).toEqual([true, true]);
      }),
    );
  });
});
