import fc from "fast-check";
fc.configureGlobal({ numRuns: 20_000 });
import { describe, expect, it } from "vitest";
import { firstAnswer } from "../../src/aggregation/first-answer.js";
import { longest } from "../../src/aggregation/longest.js";
import { pollOf } from "./poll.js";

const weigh = async (texts: readonly (string | undefined)[]) => longest()(pollOf(texts).turn);

describe("longest", () => {
  it("is sure when all answers are equal", async () => {
    expect(await weigh(["Paris", "paris.", "PARIS"])).toMatchObject({
      winner: "lane1",
      confidence: 1,
      agreement: "full",
      reason: "all answers are equal",
    });
  });

  it("takes the most detailed answer when they differ, with 0.7 and partial agreement", async () => {
    expect(await weigh(["Paris", "Paris, on the Seine", "Lyon"])).toMatchObject({
      winner: "lane1",
      message: { content: "Paris, on the Seine" },
      confidence: 0.7,
      agreement: "partial",
      reason: "the longest of 3 answers",
    });
  });

  it("breaks ties by key order", async () => {
    expect((await weigh(["b", "a", "c"])).winner).toBe("lane0");
  });

  it("does not take one survivor, or answers with nothing in them, for agreement", async () => {
    expect(await weigh([undefined, "Paris", undefined])).toMatchObject({ confidence: 0.7, agreement: "single" });
    expect(await weigh(["?", "!", "..."])).toMatchObject({ winner: "lane2", confidence: 0.7, agreement: "partial" });
  });

  it("is never settled early: a longer answer may come", () => {
    expect(longest()).not.toHaveProperty("settled");
  });

  it("takes an answer none is longer than, the first of those", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { minLength: 1 }), async (texts) => {
        const length = Math.max(...texts.map((text) => text.length));
        expect((await weigh(texts)).winner).toBe(`lane${texts.findIndex((text) => text.length === length)}`);
      }),
    );
  });
});

describe("firstAnswer", () => {
  it("takes the first answer, and is settled by it", async () => {
    const { turn, poll } = pollOf([undefined, "Paris", "Lyon"], 5);
    expect(await firstAnswer()(turn)).toMatchObject({
      winner: "lane1",
      message: { content: "Paris" },
      confidence: null,
    });
    expect(firstAnswer().settled!(poll)).toBe(true);
    expect(firstAnswer().settled!(pollOf([undefined, undefined], 3).poll)).toBe(false);
    expect(firstAnswer().settled!(pollOf([], 3).poll)).toBe(false);
  });
});
