import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { apgr, apgrAtTenths, bootstrapInterval, rank } from "../../bench/quality/apgr.js";
import { LABELS, labelledPrompts, labellers, labelUnseen } from "../../bench/quality/labelled-table.js";
import { rankUnseen } from "../../bench/quality/routing-table.js";
import { missingFiles, readPairs } from "../../bench/quality/shared-data.js";

const shared = fileURLToPath(new URL("../../../shared/data", import.meta.url));
const missing = missingFiles(shared);

describe("the labelled prompts", () => {
  it("are at least 60 of each kind, all different, a fifth of them hard", () => {
    for (const label of LABELS) {
      const own = labelledPrompts.filter((prompt) => prompt.label === label);
      expect(own.length).toBeGreaterThanOrEqual(60);
      expect(own.filter(({ hard }) => hard).length).toBeGreaterThanOrEqual(12);
    }
    expect(new Set(labelledPrompts.map(({ prompt }) => prompt)).size).toBe(labelledPrompts.length);
    expect(labelledPrompts.filter(({ label }) => !LABELS.includes(label))).toEqual([]);
  });

  it("are told apart better by what trainRouter learned from others than by keywords", async () => {
    const share = async (name: string) => {
      const right = await labelUnseen(labellers[name]!, 1);
      return right.filter(Boolean).length / right.length;
    };
    const [learned, keywords] = [await share("trainRouter"), await share("byKeyword, else GENERAL")];
    expect(learned).toBeGreaterThan(keywords);
    expect(learned).toBeGreaterThan(0.6);
  });
});

describe("apgr", () => {
  it("is 0.5 for a router that does not tell questions apart, and counts ties half", () => {
    const gains = [1, 0, 1, -1, 0, 1];
    const ranked = rank(
      gains,
      gains.map(() => 0.3),
    );
    expect(apgr(ranked)).toBeCloseTo(0.5, 12);
  });

  it("is the area under the curve of the gap recovered", () => {
    const ranked = rank([1, 1, 0, 0], [4, 3, 2, 1]);
    // After one question half of the gap is recovered, after two all of it: trapezoids of 1/8, 3/8 twice, 1 and 1, over 4.
    expect(apgr(ranked)).toBeCloseTo((0.25 + 0.75 + 1 + 1) / 4, 12);
    expect(apgr(rank([1, 1, 0, 0], [1, 2, 3, 4]))).toBeCloseTo(1 - 0.75, 12);
    const many = rank(
      [...Array(1000).keys()].map((index) => Number(index < 500)),
      [...Array(1000).keys()].map((index) => -index),
    );
    expect(apgrAtTenths(many)).toBeCloseTo(apgr(many), 2);
  });

  it("has an interval that holds it", () => {
    const ranked = rank([1, 1, 0, -1, 1, 0, 0, 1], [8, 6, 7, 1, 5, 2, 4, 3]);
    const [lower, upper] = bootstrapInterval(ranked, (drawn) => drawn.reduce((sum, { gain }) => sum + gain, 0));
    expect(lower).toBeLessThan(3);
    expect(upper).toBeGreaterThan(3);
  });

  it.skipIf(missing.length > 0)(
    `of trainRouter on RouteLLM's GSM8K outcomes is between chance and perfect${missing.length > 0 ? " (skipped: ../shared/data is missing)" : ""}`,
    async () => {
      const clean = readPairs(shared, "gsm8k").filter(({ contaminated }) => !contaminated);
      const ranked = await rankUnseen(clean, 1);
      expect(apgr(ranked)).toBeGreaterThan(0.45);
      expect(apgr(ranked)).toBeLessThan(0.85);
    },
  );
});
