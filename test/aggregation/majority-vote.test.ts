import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MajorityVoteOptions, majorityVote } from "../../src/aggregation/majority-vote.js";
import { weightedVote } from "../../src/aggregation/weighted-vote.js";
import { InvalidOptionError } from "../../src/errors/index.js";
import { normalizeText } from "../../src/text/normalizers/normalize.js";
import { normalizeNumber } from "../../src/text/normalizers/normalize-number.js";
import { failed, named, pollOf } from "./poll.js";

async function vote(texts: readonly (string | undefined)[], options: MajorityVoteOptions = {}, asked = texts.length) {
  return majorityVote(options)(pollOf(texts, asked).turn);
}

describe("majorityVote", () => {
  it("takes the answer most models gave, counts the votes, and is as sure as their share", async () => {
    expect(await vote(["41", " Forty-Two ", "forty two"])).toMatchObject({
      winner: "lane1",
      message: { content: " Forty-Two " },
      confidence: 2 / 3,
      agreement: "majority",
      votes: { "41": 1, "forty two": 2 },
      reason: "2 of 3 agree",
    });
  });

  it("is sure when all agree", async () => {
    expect(await vote(["42", "42", "42."])).toMatchObject({ winner: "lane0", confidence: 1, agreement: "full" });
  });

  it("counts a failed lane as a missing vote", async () => {
    expect(await vote(["42", undefined, "42"])).toMatchObject({ confidence: 2 / 3, agreement: "majority" });
    expect(await vote(["42", undefined, undefined, "42"])).toMatchObject({ confidence: 0.5, agreement: "partial" });
    expect(await vote([undefined, "42", undefined])).toMatchObject({
      winner: "lane1",
      confidence: 1 / 3,
      agreement: "single",
    });
  });

  it("needs more than half of those asked for a majority", async () => {
    expect(await vote(["a1", "a1", "b", "c"])).toMatchObject({ confidence: 0.5, agreement: "partial" });
    expect(await vote(["a1", "a1", "a1", "b", "c"])).toMatchObject({ confidence: 0.6, agreement: "majority" });
  });

  it("takes the first in key order when all are different", async () => {
    expect(await vote(["1", "2", "3"])).toMatchObject({
      winner: "lane0",
      confidence: 1 / 3,
      agreement: "none",
      reason: "1 of 3 agree, a tie of 3",
    });
  });

  it("breaks a tie by key order, or by the most detailed answer of the tied ones", async () => {
    const texts = ["6", "42", "It is 42.", "6 of them"];
    const options = { normalize: normalizeNumber };
    expect(await vote(texts, options)).toMatchObject({ winner: "lane0", confidence: 0.5, votes: { "6": 2, "42": 2 } });
    const detailed = { ...options, ties: "longest" as const };
    expect(await vote(texts, detailed)).toMatchObject({ winner: "lane2", confidence: 0.5 });
    expect(await vote(["42", "6", "I would say 42"], detailed)).toMatchObject({ winner: "lane0" });
    expect(await vote(["a longer answer, 7", "42", "42"], detailed)).toMatchObject({ winner: "lane1" });
    expect(await vote([...texts, "a longer answer, 7"], detailed)).toMatchObject({ winner: "lane2" });
  });

  it("gives answers with nothing to compare no vote, and prefers any other", async () => {
    const options = { normalize: normalizeNumber };
    expect(await vote(["No idea", "I cannot say", "42"], options)).toMatchObject({
      winner: "lane2",
      confidence: 1 / 3,
      agreement: "none",
      votes: { "42": 1 },
    });
    expect(await vote(["No idea", "I cannot say"], options)).toMatchObject({
      winner: "lane0",
      confidence: 0,
      agreement: "none",
      votes: {},
    });
  });

  it("counts votes for words that are members of objects", async () => {
    const { votes } = await vote(["__proto__", "toString", "__proto__"], {
      normalize: (answer) => (typeof answer === "string" ? answer : answer.text),
    });
    expect(Object.entries(votes!)).toEqual([
      ["__proto__", 2],
      ["toString", 1],
    ]);
  });

  it("refuses another way of breaking ties", () => {
    expect(() => majorityVote({ ties: "last" as never })).toThrow(InvalidOptionError);
  });

  const texts = fc.constantFrom("a1", "A1.", "b", "c", "", "?");
  const lanes = fc.array(fc.option(texts, { nil: undefined }), { minLength: 1, maxLength: 7 });
  const some = lanes.filter((all) => all.some((text) => text !== undefined));

  it("has a vote for each answer that can be compared, and a winner none is ahead of", async () => {
    await fc.assert(
      fc.asyncProperty(some, async (all) => {
        const { votes, confidence, message, agreement } = await vote(all);
        const keys = all.flatMap((text) => (text === undefined ? [] : normalizeText(text))).filter((key) => key !== "");
        const counts = Object.values(votes!);
        expect(counts.reduce((sum, count) => sum + count, 0)).toBe(keys.length);
        const won = votes![normalizeText(message)] ?? 0;
        expect(won).toBe(Math.max(0, ...counts));
        expect(confidence).toBe(won / all.length);
        expect(agreement === "full" || agreement === "majority").toBe(
          won > all.length / 2 && !(agreement === "single"),
        );
      }),
    );
  });

  it("does not depend on the order of the lanes, ties apart", async () => {
    await fc.assert(
      fc.asyncProperty(
        some.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
        async ([all, mixed]) => {
          const [one, other] = [await vote(all), await vote(mixed)];
          expect(other.votes).toEqual(one.votes);
          expect(other.confidence).toBe(one.confidence);
          expect(other.agreement).toBe(one.agreement);
          if (!one.reason?.includes("a tie")) expect(normalizeText(other.message)).toBe(normalizeText(one.message));
        },
      ),
    );
  });
});

describe("majorityVote › settled", () => {
  it("never is with stopEarly: false, as weightedVote", () => {
    for (const vote of [majorityVote, (options: object) => weightedVote({ weights: { a: 2 }, ...options })]) {
      expect(vote({ stopEarly: false })).not.toHaveProperty("settled");
      expect(vote({ stopEarly: true })).toHaveProperty("settled");
      expect(() => vote({ stopEarly: 0 } as never)).toThrow(/Vote\.stopEarly is 0; give true or false/);
    }
  });

  const settled = (given: readonly (string | undefined)[], asked: number) =>
    majorityVote().settled!(pollOf(given, asked).poll);

  it("is true as soon as no open lane can change the outcome", () => {
    expect(settled([], 3)).toBe(false);
    expect(settled(["a1"], 3)).toBe(false);
    expect(settled(["a1", "a1"], 3)).toBe(true);
    expect(settled(["a1", "b"], 3)).toBe(false);
    expect(settled(["a1", "a1", "b"], 5)).toBe(false);
    expect(settled(["a1", "a1", "b", undefined], 5)).toBe(false);
    expect(settled(["a1", "a1", undefined, undefined], 5)).toBe(true);
    expect(settled(["a1", "a1", "a1"], 5)).toBe(true);
    expect(settled(["", ""], 3)).toBe(false);
    expect(settled(["a1", "", ""], 3)).toBe(true);
  });

  it("never lies: however the open lanes end, the same answer wins", async () => {
    const texts = fc.constantFrom("a1", "b", "c", "?");
    const lane = fc.record({ text: fc.option(texts, { nil: undefined }), open: fc.boolean() });
    const ties = fc.constantFrom("first" as const, "longest" as const);
    let proven = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(lane, { minLength: 1, maxLength: 7 }), ties, async (lanes, broken) => {
        const asked = lanes.length;
        const aggregate = majorityVote({ ties: broken });
        const of = (wanted: typeof lanes) => ({
          answers: wanted.flatMap(({ text }) => (text === undefined ? [] : [named(`lane${text}`, text)])),
          failures: wanted.flatMap(({ text }) => (text === undefined ? [failed("lane")] : [])),
          asked,
        });
        const known = of(lanes.filter(({ open }) => !open));
        if (!aggregate.settled!(known)) return;
        proven++;
        const { turn } = pollOf([]);
        const early = await aggregate({ ...turn, ...known });
        const late = await aggregate({ ...turn, ...of(lanes) });
        expect(normalizeText(late.message)).toBe(normalizeText(early.message));
      }),
      { numRuns: 3_000 },
    );
    expect(proven).toBeGreaterThan(300);
  });

  it("is true in time: an unsettled vote can still turn", () => {
    const texts = fc.constantFrom("a1", "b", "c");
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 5 }), fc.integer({ min: 1, max: 4 }), (given, open) => {
        const asked = given.length + open;
        if (settled(given, asked)) return;
        const [first, second] = ["a1", "b", "c"]
          .map((text) => given.filter((one) => one === text).length)
          .sort((a, b) => b - a);
        expect(second! + open).toBeGreaterThanOrEqual(first!);
      }),
    );
  });
});
