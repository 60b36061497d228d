import { describe, expect, it } from "vitest";
import { loadRecordedAnswers, type RecordedAnswers } from "../../demo/recorded-answers.js";
import { runStrategy } from "../../demo/run-strategy.js";
import { alwaysOne, cascade, cheapest, shortName, vote } from "../../demo/strategies.js";

const recorded = loadRecordedAnswers();

/** The first questions only, with one changed. */
function excerpt(count: number, change: Partial<{ gold: string }> = {}): RecordedAnswers {
  const questions = [...recorded.questions.values()].slice(0, count);
  const [first, ...others] = questions;
  return {
    ...recorded,
    questions: new Map([{ ...first!, ...change }, ...others].map((question) => [question.number, question])),
  };
}

describe("cheapest", () => {
  it("orders zero-shot recordings by list price of input tokens", () => {
    expect(cheapest(recorded, 3)).toEqual(["gemini-1.5-flash", "gpt-4o-mini-2024-07-18", "Meta-Llama-3.1-8B-Instruct"]);
    const prices = cheapest(recorded, 99).map((id) => recorded.models.get(id)!);
    expect(prices.every(({ prompt }) => prompt === "zero-shot")).toBe(true);
    expect(prices.every(({ price }, index) => price.input >= (prices[index - 1]?.price.input ?? 0))).toBe(true);
  });

  it("reads no accuracies: the order stays when every answer is wrong", () => {
    const questions = [...recorded.questions.values()].map(({ number, gold, answers }) => {
      const wrong = [...answers].map(([id, answer]) => [id, { ...answer, answer: "0", correct: false }] as const);
      return [number, { number, gold, answers: new Map(wrong) }] as const;
    });
    expect(cheapest({ ...recorded, questions: new Map(questions) }, 5)).toEqual(cheapest(recorded, 5));
  });
});

describe("shortName", () => {
  it("drops maker, variant and date", () => {
    expect(["gpt-4o-mini-2024-07-18", "Meta-Llama-3.1-8B-Instruct", "gemini-1.5-flash"].map(shortName)).toEqual([
      "gpt-4o-mini",
      "Llama-3.1-8B",
      "gemini-1.5-flash",
    ]);
  });
});

describe("runStrategy", () => {
  it("runs a graph over every question, in order, and adds up its ledger", async () => {
    const some = excerpt(12);
    let answered = 0;
    const { runs, calls, cost } = await runStrategy(cascade(some, 2), some, () => {
      answered += 1;
    });
    expect(answered).toBe(12);
    expect(runs.map(({ question }) => question.number)).toEqual([...some.questions.keys()]);
    expect(calls).toHaveLength(runs.reduce((sum, run) => sum + run.calls.length, 0));
    expect(calls.length).toBeGreaterThanOrEqual(24);
    expect(cost).toBeGreaterThan(0);
    expect(runs.every(({ decisions }) => decisions.length > 0)).toBe(true);
  });

  it("pays every member of the vote", async () => {
    const some = excerpt(5);
    const { runs } = await runStrategy(vote(some), some);
    expect(runs.map(({ calls }) => calls.length)).toEqual([3, 3, 3, 3, 3]);
  });

  it("throws when a grade contradicts the recorded one", async () => {
    const some = excerpt(3, { gold: "-1" });
    await expect(runStrategy(alwaysOne(some)[0]!, some)).rejects.toThrow(
      /always gemini-1\.5-flash: question #\d+ is graded wrong .* but recorded as right/,
    );
  });
});
