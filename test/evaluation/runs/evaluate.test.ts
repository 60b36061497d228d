import { describe, expect, it } from "vitest";
import { type Example, evaluate, exact, number } from "../../../src/evaluation/index.js";
import { agreement, createCascade, normalizeNumber } from "../../../src/index.js";
import { pricedModel } from "./support/priced-model.js";

const dataset: Example[] = ["2 + 2", "3 * 6", "10 - 4"].map((input, index) => ({ input, expected: [4, 18, 6][index] }));
const right = (text: string) => String(dataset.find(({ input }) => input === text)!.expected);

describe("evaluate", () => {
  it("reports accuracy, cost, latency and calls by model, each with an interval, and keeps every ledger", async () => {
    const small = pricedModel("small", (text) => (text === "3 * 6" ? "It is 12." : right(text)));
    const other = pricedModel("other", (text) => (text === "3 * 6" ? "So 18" : right(text)));
    const large = pricedModel("large", (text) => right(text));
    const verify = agreement({ normalize: normalizeNumber });
    const graph = createCascade({ models: { small, other, large }, verify });
    const report = await evaluate({ graph, dataset, scorers: [number(), exact()] });
    expect(report.accuracy).toMatchObject({ value: 1, high: 1 });
    expect(report.accuracy.low).toBeCloseTo(0.4385, 3); // Wilson, 3 of 3
    expect(report.scores.exact!.value).toBe(1);
    expect(report.byModel.small!.calls.value).toBe(1);
    expect(report.byModel.large!.calls.value).toBeCloseTo(1 / 3, 12);
    expect(report.costUsd.value).toBeCloseTo((7 * 15e-6) / 3, 12);
    expect(report.latency.value).toBeGreaterThanOrEqual(0);
    expect(report.items.map(({ calls }) => calls.length)).toEqual([2, 3, 2]);
    expect(report.items.map(({ modelUsed }) => modelUsed)).toEqual(["other", "large", "other"]);
  });
});
