import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  agreement,
  createCascade,
  createEnsemble,
  InvalidOptionError,
  majorityVote,
  type Normalize,
  normalizeChoice,
  normalizeJson,
  normalizeNumber,
  normalizeText,
  normalizeYesNo,
  weightedVote,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";

describe("normalizeChoice", () => {
  const read = normalizeChoice("ABCD");
  it.each([
    ["So the answer is (b).", "B"],
    ["The answer is C", "C"],
    ["**D**", "D"],
    ["Answer: **A**", "A"],
    ["c)", "C"],
    ["\\boxed{B}", "B"],
    ["A) because...", "A"],
    ["The answer is not clear. A cat sat.", ""],
    ["E", ""],
    ["", ""],
    ["First (A), but then (C)", "C"],
    ["the answer is option B", "B"],
    ["the correct choice is: D.", "D"],
    ["I think Dogs", ""],
    ["The answer is (A). No wait, the answer is (D).", "D"],
    ["The answer is a number", ""],
    ["A lot of people say so", ""],
    ["A) foo\nB) bar\nSo, B.", "B"],
    ["A) 1\nB) 2\nC) 3\nD) 4\nThe answer is 3", ""],
    ["(A) foo\n(B) bar\nThe answer is 3", ""],
    ["A) foo\nB) bar\nA is wrong. The answer is B) bar", "B"],
    ["Answer choices:\nA) foo\nB) bar\nC", "C"],
    ["Answer: A or B", ""],
    ["It is B", "B"],
    ["B is correct", "B"],
    ["I choose C", "C"],
    ["the answer is $C$", "C"],
    ["\\boxed{\\mathrm{C}}", "C"],
    ["\\boxed{\\text{(C)}}", "C"],
    ["The best choice here is B.", "B"],
    ["The answer is **C. Paris**", "C"],
    ["Option A is wrong, so option B", "B"],
    ["The correct answer isn't A; it's B", "B"],
    ["The answer is (A) and not (B)", "A"],
  ])("reads %j as %j", (text, letter) => expect(read(text)).toBe(letter));

  it("refuses letters that are none", () => {
    for (const letters of ["", "ab", "AA", "A1"]) expect(() => normalizeChoice(letters)).toThrow(InvalidOptionError);
  });
});

describe("normalizeYesNo", () => {
  it.each([
    ["Yes, 91 = 7 * 13, so it is not prime.", "yes"],
    ["No.", "no"],
    ["**No**, it is correct that...", "no"],
    ["It is true", "yes"],
    ["That is incorrect", "no"],
    ["Nothing here", ""],
    ["I know yesterday", ""],
    ["The answer is: no", "no"],
    ["", ""],
    ["It is not correct", "no"],
    ["It isn't true", "no"],
    ["Not correct", "no"],
    ["Not yes", "no"],
    ["It is not incorrect", "yes"],
    ["Answer: Yes. There is no remainder.", "yes"],
    ["The answer is yes because there is no remainder.", "yes"],
    ["Answer: no. Yes would be wrong.", "no"],
    ["There is no doubt: yes", "yes"],
    ["No doubt it is prime", ""],
    ["I have no idea", ""],
    ["True or false: false", "no"],
    [`${"Is it? ".repeat(5_000)}So no.`, "no"],
  ])("reads %j as %j", (text, word) => expect(normalizeYesNo(text)).toBe(word));
});

describe("normalizeJson", () => {
  it("reads a field, deep ones too, and compares values by content", () => {
    expect(normalizeJson("answer")('{"answer": "The  Nile."}')).toBe("nile");
    expect(normalizeJson("a.b")('```json\n{"a": {"b": {"y": 1, "x": [2]}}}\n```')).toBe(
      normalizeJson("b")('{"b": {"x": [2], "y": 1}}'),
    );
    expect(normalizeJson("n")('{"n": 0}')).toBe("0");
  });

  it("has nothing to compare without JSON or field, and reads no inherited one", () => {
    for (const text of ["no json", "{}", '{"answer": null}', "[]"]) expect(normalizeJson("answer")(text)).toBe("");
    expect(normalizeJson("constructor")("{}")).toBe("");
  });
});

describe("every normalizer", () => {
  const before = fc.constantFrom(
    "",
    "Let me see. ",
    "9 * 2 is 18.\n\n",
    "**Reasoning:** there is no remainder.\n",
    "A number.\n",
  );
  const after = fc.constantFrom("", ".", " because it fits.", ".\nThere is no other.", ", I think.");

  it("reads a stated choice in any sentence, and none where none is", () => {
    const said = fc.constantFrom("The answer is ", "Answer: ", "So the answer is option ", "I choose ", "It is ");
    const around = fc.constantFrom(["", ""], ["(", ")"], ["**", "**"], ["$", "$"]);
    fc.assert(
      fc.property(
        before,
        said,
        fc.constantFrom(..."ABCD"),
        around,
        after,
        (start, words, letter, [open, close], end) => {
          expect(normalizeChoice("ABCD")(`${start}${words}${open}${letter}${close}${end}`)).toBe(letter);
          expect(normalizeChoice("ABCD")(`${start}${words}${end}`)).toBe("");
        },
      ),
    );
  });

  it("turns yes and no around with a negation, in any sentence", () => {
    const yes = fc.constantFrom("true", "correct", "yes");
    const is = fc.constantFrom("It is", "The answer is", "That is", "I say it is");
    const not = fc.constantFrom("not", "not quite", "never", "not really");
    fc.assert(
      fc.property(before, is, not, yes, after, (start, words, no, word, end) => {
        expect(normalizeYesNo(`${start}${words} ${word}${end}`)).toBe("yes");
        expect(normalizeYesNo(`${start}${words} ${no} ${word}${end}`)).toBe("no");
      }),
    );
  });

  it("reads the field of any JSON, in any text around it", () => {
    const around = fc.constantFrom("", "Here [as asked]: ", "<think>{x}</think>", "Note (see [1]): ");
    const behind = fc.constantFrom("", " done {ok}", "\n[1] a page", "\nThat's it.");
    fc.assert(
      fc.property(around, fc.jsonValue(), behind, (start, value, end) => {
        const read = normalizeJson("answer");
        const json = JSON.stringify({ reasoning: "a } brace", answer: value });
        expect(read(`${start}${json}${end}`)).toBe(read(json));
        if (typeof value === "number") expect(read(json)).toBe(String(value));
      }),
    );
  });

  it("takes any text, long and hostile ones too", () => {
    const all = [normalizeChoice("ABCD"), normalizeYesNo, normalizeJson("answer")];
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 400 }), (text) =>
        all.every((read) => typeof read(text) === "string"),
      ),
    );
    for (const piece of ["(", "the answer is ", "answer ", "**", '{"a":', "no ", "`", "\\boxed{", "( ( "]) {
      for (const read of all) expect(typeof read(piece.repeat(200_000 / piece.length))).toBe("string");
    }
  });
});

describe("a normalizer as an option", () => {
  const options: readonly (readonly [string, Normalize, string, string, string])[] = [
    ["normalizeText", normalizeText, "The Nile.", "nile", "The Amazon"],
    ["normalizeNumber", normalizeNumber, "So it is $1,200.00", "#### 1200", "About 1100"],
    ["normalizeChoice", normalizeChoice("ABCD"), "The answer is (b).", "**B**", "C"],
    ["normalizeYesNo", normalizeYesNo, "No: 91 = 7 * 13", "That is false", "Yes"],
    ["normalizeJson", normalizeJson("answer"), '{"answer": "Nile"}', '{"why": "x", "answer": "nile."}', "nile"],
  ];

  it.each(options)("%s: equal answers win votes, and end a cascade", async (_name, normalize, one, same, other) => {
    const models = () => ({ a: saying(other), b: saying(one), c: saying(same) });
    for (const aggregate of [majorityVote({ normalize }), weightedVote({ weights: { a: 1.5 }, normalize })]) {
      const graph = createEnsemble({ models: models(), aggregate, stopEarly: false }).compile();
      const { modelUsed, aggregate: vote } = await graph.invoke({ messages: "Q" });
      expect([modelUsed, vote!.agreement]).toEqual(["b", "majority"]);
    }
    const unasked = saying("never");
    const ladder = { ...models(), unasked };
    const cascade = createCascade({ models: ladder, verify: agreement({ normalize }) }).compile();
    expect((await cascade.invoke({ messages: "Q" })).modelUsed).toBe("c");
    expect(unasked.callCount).toBe(0);
  });
});
