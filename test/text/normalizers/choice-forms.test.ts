import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeChoice } from "../../../src/index.js";
import { otherChoices, reportedChoices, unclearChoices } from "./rows/choice-forms.js";

describe("normalizeChoice › forms of real answers", () => {
  const ofTen = normalizeChoice("ABCDEFGHIJ");
  for (const [thread, forms] of Object.entries(reportedChoices)) {
    it.each(forms)(`reads %j as %j (${thread})`, (answer, meaning) => expect(ofTen(answer)).toBe(meaning));
  }

  it.each(otherChoices)("reads %j as %j", (answer, meaning) => {
    expect(normalizeChoice("ABCD")(answer)).toBe(meaning);
    expect(ofTen(answer)).toBe(meaning);
  });

  it.each(unclearChoices)("takes %j for no choice", (answer) => expect(normalizeChoice("ABCD")(answer)).toBe(""));

  const letters = fc.constantFrom(..."ABCD");
  const written = fc.constantFrom(
    ...[
      (letter: string) => letter,
      (letter: string) => `(${letter})`,
      (letter: string) => `**${letter}**`,
      (letter: string) => `\\boxed{${letter}}`,
      (letter: string) => `${letter}.`,
    ],
  );
  const said = fc.constantFrom("", "The answer is ", "Answer: ", "Final answer: ", "The correct option is ");

  it("reads a letter in any form as this letter, and two of them as none", () => {
    fc.assert(
      fc.property(
        letters,
        letters,
        written,
        said,
        fc.constantFrom(" and ", " or ", ", ", " & "),
        (one, other, write, words, joint) => {
          expect(normalizeChoice("ABCD")(`${words}${write(one)}`)).toBe(one);
          if (one !== other && !write("A").endsWith("."))
            expect(normalizeChoice("ABCD")(`${words}${write(one)}${joint}${write(other)}`)).toBe("");
        },
      ),
    );
  });

  it("reads the letter that stands against a denied one", () => {
    fc.assert(
      fc.property(letters, letters, said, written, (one, other, words, write) => {
        fc.pre(one !== other && words !== "" && !write("A").endsWith("."));
        expect(normalizeChoice("ABCD")(`${words}not ${write(one)} but ${write(other)}`)).toBe(other);
        expect(normalizeChoice("ABCD")(`${words}${write(one)}, not ${write(other)}.`)).toBe(one);
        expect(normalizeChoice("ABCD")(`${words}not ${write(one)}`)).toBe("");
      }),
    );
  });
});
