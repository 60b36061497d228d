import { describe, expect, it } from "vitest";
import {
  choice,
  contains,
  evaluate,
  exact,
  json,
  judge,
  judgeAgreement,
  number,
  regex,
} from "../../../src/evaluation/index.js";
import { pricedModel } from "../runs/support/priced-model.js";

const scoreOf = async (scored: unknown) => (Object(await scored) as { score: number }).score;

describe("scorers", () => {
  it.each([
    [exact(), "The Paris.", "paris", 1],
    [exact(), "Lyon", "Paris", 0],
    [exact(), "", "", 0],
    [number(), "She pays $1,234.50.", 1234.5, 1],
    [number(), "about 101", "100", 0],
    [number({ tolerance: 0.02 }), "It is 101.", "100", 1],
    [number(), "no idea", "", 0],
    [choice("ABC"), "The answer is (C).", "C", 1],
    [choice("ABC"), "The answer is (B).", "C", 0],
    [json(), 'Here: {"b": 1.0, "a": [2]}', { a: [2], b: 1 }, 1],
    [json("result.total"), '{"result": {"total": 18}}', 18, 1],
    [json("result.total"), '{"result": {"total": 17}}', 18, 0],
    [json(), "no JSON", { a: 1 }, 0],
    [contains(), "Red and BLUE", ["red", "blue"], 1],
    [contains(), "Red", ["red", "blue"], 0],
    [regex(/^[A-Z]{2}-\d{4}$/g), "AB-1234", undefined, 1],
    [regex(), "order 77", "\\d{3}", 0],
  ] as const)("%o scores %j against %j: %i", async (scorer, output, expected, score) => {
    expect(await scoreOf(scorer({ input: "?", output, expected }))).toBe(score);
    expect(await scoreOf(scorer({ input: "?", output, expected }))).toBe(score); // keeps no state of a pattern
  });
});

describe("judge", () => {
  const dataset = [
    { input: "Why is the sky blue?", expected: "Rayleigh scattering" },
    { input: "Why is the sea blue?", expected: "Absorption" },
  ];

  it("scores by a model that sees question, answer and reference; its cost is in the notes, and counts for the budget", async () => {
    const judged = pricedModel("judge", (text) => `Fine.\nScore: ${text.includes("scattering of light") ? 9 : 3}`);
    const graph = pricedModel("m", (text) =>
      text.includes("sky") ? "By scattering of light." : "It mirrors the sky.",
    );
    const seen: string[] = [];
    const listening = { ...judged, model: Object.assign(judged.model, { answer: judged.model.answer }) };
    const answer = listening.model.answer;
    Object.assign(listening.model, {
      answer: (text: string, messages: never) => {
        seen.push((messages as { text: string }[]).map((message) => message.text).join("\n"));
        return answer(text, messages);
      },
    });
    const report = await evaluate({ graph, dataset, scorers: [judge(listening, { threshold: 7 })], budgetUsd: 1 });
    expect(report.items.map(({ right }) => right)).toEqual([true, false]);
    expect(report.items[0]!.notes).toMatchObject({ judge: { rating: 0.9, costUsd: expect.closeTo(15e-6, 12) } });
    expect(seen.find((text) => text.includes("sky blue?"))).toContain("Rayleigh scattering");
    expect(report.totalCostUsd).toBeCloseTo(2 * 15e-6, 12);
  });

  it("leaves an answer unscored when it gives no score or fails", async () => {
    const silent = pricedModel("judge", (text) => (text.includes("sea") ? "Well." : "Score: 8"));
    const graph = pricedModel("m", (text) => text);
    const report = await evaluate({ graph, dataset, scorers: [judge(silent)] });
    expect(report.items.map(({ right }) => right)).toEqual([true, null]);
    expect(report.items[1]!.notes!.judge!.error).toContain("no usable score");
  });

  it("is compared with labels of people: kappa, agreement and counts", async () => {
    const labelled = [
      ...["Paris", "Paris", "Paris"].map((output) => ({ input: "?", output, expected: "Paris", right: true })),
      ...["Lyon", "Lyon"].map((output) => ({ input: "?", output, expected: "Paris", right: false })),
      { input: "?", output: "Paris, the city", expected: "Paris", right: true },
    ];
    const { kappa, agreement, counts, unscored } = await judgeAgreement(exact(), labelled);
    expect(counts).toEqual({ both: 3, judgeOnly: 0, personOnly: 1, neither: 2 });
    expect(agreement.value).toBeCloseTo(5 / 6, 12);
    expect(kappa.value).toBeCloseTo((5 / 6 - 0.5) / 0.5, 12); // by chance: 1/2 · 2/3 + 1/2 · 1/3
    expect(unscored).toBe(0);
    await expect(judgeAgreement(() => null, labelled)).rejects.toThrow("scored none of the answers");
  });
});
