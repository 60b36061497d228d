import { AIMessage } from "@langchain/core/messages";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  bestOf,
  createEnsemble,
  InvalidOptionError,
  normalizeChoice,
  normalizeJson,
  normalizeYesNo,
  type Poll,
  weightedVote,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";

const answer = (name: string, text: string) => ({ name, message: new AIMessage(text) });
const failure = (name: string) => ({ name, class: "server" as const, message: "" });

describe("weightedVote", () => {
  it("lets one heavy voice win over two light ones, and counts a failed lane against it", async () => {
    const models = {
      a: saying("no"),
      b: saying("no"),
      large: saying("yes"),
      down: { model: saying(httpError(500)), retry: false } as const,
    };
    const aggregate = weightedVote({ weights: { large: 2.5 } });
    const result = await createEnsemble({ models, aggregate, stopEarly: false }).compile().invoke({ messages: "Q" });
    expect(result).toMatchObject({
      modelUsed: "large",
      confidence: 2.5 / 5.5,
      aggregate: { votes: { yes: 2.5, no: 2 } },
    });
  });

  it("is settled only when no open lane can change the winner", () => {
    const names = ["a", "b", "c", "d"];
    fc.assert(
      fc.property(
        fc.record({ a: fc.double({ min: 0, max: 4, noNaN: true }), c: fc.double({ min: 0, max: 4, noNaN: true }) }),
        fc.array(fc.constantFrom("x", "y", "z"), { minLength: 4, maxLength: 4 }),
        fc.nat(4),
        (weights, texts, seen) => {
          const vote = weightedVote({ weights });
          const all = names.map((name, index) => answer(name, texts[index]!));
          const part: Poll = { answers: all.slice(0, seen), failures: [], asked: 4 };
          if (!vote.settled!(part)) return;
          const winner = (poll: Poll) =>
            (vote({ ...poll, messages: [], ask: undefined as never, config: {} }) as { message: AIMessage }).message
              .text;
          expect(winner({ answers: all, failures: [], asked: 4 })).toBe(winner(part));
        },
      ),
    );
  });

  it("knows what a failed lane weighed", () => {
    const vote = weightedVote({ weights: { a: 5 } });
    expect(vote.settled!({ answers: [answer("b", "x")], failures: [failure("a")], asked: 2 })).toBe(true);
    expect(vote.settled!({ answers: [answer("b", "x")], failures: [], asked: 2 })).toBe(false);
  });

  it("refuses weights that are none", () => {
    const refused: Record<string, number>[] = [{}, { a: -1 }, { a: Number.NaN }, { a: Infinity }];
    for (const weights of refused) expect(() => weightedVote({ weights })).toThrow(InvalidOptionError);
  });
});

describe("bestOf", () => {
  const three = () => ({ a: saying("one"), b: saying("two"), c: saying("three") });

  it("shows the judge numbered answers without names, in an order that depends on the seed", async () => {
    const orders = new Set<string>();
    for (let seed = 1; seed <= 8; seed++) {
      const judge = saying("Best: 2");
      const result = await createEnsemble({ models: three(), aggregate: bestOf(judge, { seed }) })
        .compile()
        .invoke({ messages: "Q" });
      const [, shown] = judge.calls[0]!.messages.map(({ text }) => text);
      const order = [...shown!.matchAll(/<answer number="\d">\n(\w+)/g)].map(([, text]) => text!);
      expect(result.messages.at(-1)!.text).toBe(order[1]);
      expect(shown).not.toMatch(/\b[abc]\b:/);
      orders.add(order.join());
    }
    expect(orders.size).toBeGreaterThan(2);
  });

  it("does not pay a judge for equal answers", async () => {
    const judge = saying("1");
    const result = await createEnsemble({ models: { a: saying("Yes"), b: saying("yes.") }, aggregate: bestOf(judge) })
      .compile()
      .invoke({ messages: "Q" });
    expect([judge.callCount, result.aggregate?.agreement]).toEqual([0, "full"]);
  });

  it.each([
    ["fails", httpError(500)],
    ["names none", "I like them all"],
    ["names one that is not there", "Best: 9"],
  ])("gives way to the vote, then key order, when the judge %s", async (_how, reply) => {
    const judge = { model: saying(reply), retry: false } as const;
    const models = { a: saying("one"), b: saying("two"), c: saying("two") };
    const result = await createEnsemble({ models, aggregate: bestOf(judge) })
      .compile()
      .invoke({ messages: "Q" });
    expect(result).toMatchObject({ modelUsed: "b", confidence: null });
    expect(result.decisions[0]!.reason).toMatch(/^the judge .*; 2 of 3 agree/);
  });
});

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
