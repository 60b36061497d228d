import { describe, expect, it } from "vitest";
import { compare, evaluate, formatEvaluation, number, type Report, sweep } from "../../../src/evaluation/index.js";
import { agreement, createCascade, normalizeNumber } from "../../../src/index.js";
import { pricedModel } from "../runs/support/priced-model.js";

const dataset = Array.from({ length: 40 }, (_, id) => ({ input: `${id}`, expected: id }));
/** Answers rightly but for some questions, at a price of its own. */
const modelWrongAt = (name: string, wrong: readonly number[], price = 1) =>
  pricedModel(name, (text) => (wrong.includes(Number(text)) ? "none" : text), {
    price: { input: price, output: price },
  });
const reportOf = (name: string, wrong: readonly number[], price?: number): Promise<Report> =>
  evaluate({ graph: modelWrongAt(name, wrong, price), dataset, scorers: [number()], name });

describe("compare", () => {
  it("gives the difference first minus second, its interval, McNemar's test and the costs, question by question", async () => {
    const [cheap, strong] = [await reportOf("cheap", [1, 2, 3, 4, 5, 6], 1), await reportOf("strong", [1], 10)];
    const comparison = compare(cheap, strong, { margin: 0.05 });
    expect(comparison).toMatchObject({
      questions: 40,
      difference: -5 / 40,
      notWorse: false,
      names: ["cheap", "strong"],
    });
    expect(comparison.mcNemar).toEqual({ onlyFirst: 0, onlySecond: 5, p: expect.closeTo(2 * 0.5 ** 5, 12) });
    expect(comparison.low).toBeLessThan(-0.125);
    expect(comparison.high).toBeLessThan(0);
    expect(comparison.costShare.value).toBeCloseTo(0.1, 12);
    expect(comparison.costUsd.value).toBeCloseTo(-9 * 15e-6, 12);
    const back = compare(strong, cheap);
    expect(back.difference).toBe(-comparison.difference);
    expect(back.notWorse).toBe(true);
    expect(formatEvaluation(comparison)).toContain("right      -12.5 pt");
  });

  it("is not sure that two sides are equal because few questions show no difference", async () => {
    const [one, other] = [await reportOf("one", []), await reportOf("other", [])];
    const comparison = compare(one, other, { margin: 0.05 });
    expect(comparison.difference).toBe(0);
    expect(comparison.low).toBeCloseTo(-(1.96 ** 2) / (40 + 1.96 ** 2), 3); // Tango's limit without a differing question
    expect(comparison).toMatchObject({ notWorse: false, mcNemar: { p: 1 }, questionsNeeded: null });
    expect(compare(one, other, { margin: 0.1 }).notWorse).toBe(true);
  });

  it("counts only questions that both have, and refuses reports without one", async () => {
    const half = await evaluate({
      graph: modelWrongAt("half", []),
      dataset: dataset.slice(0, 10),
      scorers: [number()],
    });
    expect(compare(half, await reportOf("all", [0])).questions).toBe(10);
    const foreign = await evaluate({
      graph: modelWrongAt("x", []),
      dataset: [{ input: "9", expected: 8 }],
      scorers: [number()],
    });
    expect(() => compare(half, foreign)).toThrow("share no question");
    expect(() => compare(half, half, { margin: -1 })).toThrow("compare.margin");
  });

  it("plans more questions for a smaller margin", async () => {
    const [one, other] = [await reportOf("one", [1, 2, 3]), await reportOf("other", [4, 5, 6])];
    const needed = [0.02, 0.05].map((margin) => compare(one, other, { margin }).questionsNeeded!);
    // Connor 1987: (1.96 + 0.84)² · variance / margin², with the sample variance 6 / 39
    expect(needed).toEqual([
      Math.ceil((2.801585 ** 2 * (6 / 39)) / 0.02 ** 2),
      Math.ceil((2.801585 ** 2 * (6 / 39)) / 0.05 ** 2),
    ]);
  });
});

describe("sweep", () => {
  it("evaluates every model and every pattern of every set of them, cheapest first, in one table", async () => {
    const models = { a: modelWrongAt("a", [1, 2, 3], 1), b: modelWrongAt("b", [3], 2), c: modelWrongAt("c", [], 20) };
    const cascade = (some: Parameters<typeof createCascade>[0]["models"]) =>
      createCascade({ models: some, verify: agreement({ normalize: normalizeNumber }) });
    const { reports, table } = await sweep({ models, patterns: { cascade }, dataset, scorers: [number()] });
    expect(reports.map(({ name }) => name).sort()).toEqual(
      ["a", "b", "c", "cascade a + b", "cascade a + b + c", "cascade a + c", "cascade b + c"].sort(),
    );
    const costs = reports.map(({ costUsd }) => costUsd.value!);
    expect(costs).toEqual([...costs].sort((one, other) => one - other));
    expect(table.split("\n")).toHaveLength(8); // a title, and each report on a line of its own
    expect(reports.find(({ name }) => name === "cascade a + b + c")!.accuracy.value).toBe(1);
  });

  it("spends one budget over all of them", async () => {
    const models = { a: modelWrongAt("a", []), b: modelWrongAt("b", []) };
    const { reports } = await sweep({ models, patterns: {}, dataset, scorers: [number()], budgetUsd: 0.0043 });
    expect(reports.reduce((sum, { totalCostUsd }) => sum + totalCostUsd!, 0)).toBeLessThanOrEqual(0.0043);
    expect(reports.map(({ name, stopped }) => [name, stopped])).toEqual([["a", "budget"]]);
  });
});
