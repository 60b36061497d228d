import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeYesNo } from "../../../src/index.js";
import { yesNoForms } from "./rows/yes-no-forms.js";

describe("normalizeYesNo › forms of real answers", () => {
  it.each(yesNoForms)("reads %j as %j", (answer, meaning) => expect(normalizeYesNo(answer)).toBe(meaning));

  it("leaves open what a doubt leaves open", () => {
    const doubts = fc.constantFrom(
      "Maybe ",
      "Perhaps ",
      "Possibly ",
      "I'm not sure whether it is ",
      "It could be ",
      "It might be ",
    );
    const words = fc.constantFrom("yes", "no", "true", "false", "correct");
    fc.assert(
      fc.property(doubts, words, fc.constantFrom("", ".", "!"), (doubt, word, end) => {
        expect(normalizeYesNo(`${doubt}${word}${end}`)).toBe("");
      }),
    );
  });
});
