import { describe, expect, it } from "vitest";
import { normalizeNumber } from "../../../src/index.js";
import { reportedNumbers, surroundedNumbers, unclearNumbers, writtenNumbers } from "./rows/number-forms.js";

describe("normalizeNumber › forms of real answers", () => {
  for (const [thread, forms] of Object.entries(reportedNumbers)) {
    it.each(forms)(`reads %j as %j (${thread.replace("%", "%%")})`, (answer, meaning) => {
      expect(normalizeNumber(answer)).toBe(meaning);
    });
  }

  it.each(writtenNumbers)("reads the notation %j as %j", (answer, meaning) => {
    expect(normalizeNumber(answer)).toBe(meaning);
  });

  it.each(writtenNumbers)("reads %j as %j where it is stated, too", (answer, meaning) => {
    const isWhole = /^["[`#>_→]|^(?:the third|two thirds|1 234|1\u00a0234,)$/.test(answer);
    if (!isWhole) expect(normalizeNumber(`There are 3 steps.\nThe answer is ${answer}`)).toBe(meaning);
  });

  it.each(surroundedNumbers)("finds in %j the number %j", (answer, meaning) => {
    expect(normalizeNumber(answer)).toBe(meaning);
  });

  it.each(unclearNumbers)("takes %j for no one number", (answer) => {
    expect(normalizeNumber(answer)).toBe("");
  });
});
