import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { compareVariants, formatComparison, type RunLedger } from "../../src/evaluation/index.js";
import { seeded } from "../../src/testing/seeded.js";
import { callOf } from "../ledger/calls.js";

const random = seeded("comparing");
const drawn = (chosen: string) => ({ node: "assignment", kind: "route", chosen, reason: "drawn by weight" }) as const;

/** A run with a cost and a latency that are skewed, as those of models are. */
function runOf(variant: string, { right, ms, usd }: { right: number; ms: number; usd: number }): RunLedger {
  const bell = random() + random() + random() - 1.5;
  return {
    calls: [callOf({ costUsd: usd * Math.exp(2 * random() - 1), latencyMs: Math.round(ms * Math.exp(1.5 * bell)) })],
    decisions: [drawn(variant)],
    confidence: 0.6 + 0.3 * random(),
    ...(random() > right && { error: new Error("no answer") }),
  };
}

const times = <Value>(count: number, make: () => Value) => Array.from({ length: count }, make);
const fell = { node: "candidate", kind: "fallback", chosen: "assignment", reason: "server" } as const;
const runs: RunLedger[] = [
  ...times(812, () => runOf("control", { right: 0.985, ms: 1_800, usd: 0.0041 })),
  ...times(94, () => runOf("candidate", { right: 0.97, ms: 1_400, usd: 0.0012 })),
  ...times(4, () => ({ calls: [callOf()], decisions: [drawn("candidate"), fell, drawn("control")] })),
];
const smallest = { success: 0.02, costUsd: 0.001 };

describe("formatComparison", () => {
  it("prints the table of docs/comparing.md", () => {
    const text = formatComparison(compareVariants(runs, { smallest }));
    expect(readFileSync("docs/comparing.md", "utf8")).toContain(`\n// ${text.replaceAll("\n", "\n// ")}\n\`\`\``);
  });

  it("has the columns of a plan only where there is one, and fits 100 columns then", () => {
    const lines = formatComparison(compareVariants(runs)).split("\n");
    expect(lines[0]).toMatch(/^figure .* more runs$/);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("leaves out what has no value, and says what is of no side and that looks are free", () => {
    const unjudged = runs.slice(0, 5).map(({ confidence: _confidence, ...run }) => run);
    const lines = formatComparison(compareVariants([...unjudged, { calls: [] }], { peeking: true })).split("\n");
    expect(lines.map((line) => line.slice(0, 9).trim())).toEqual([
      ...["figure", "success", "USD a run", "mean ms", "p50 ms", "p95 ms"],
      ...["The inter", "1 run is"],
    ]);
    expect(lines.at(-4)).toMatch(/^p50 ms +control +5 +\d+ +\? to \?$/);
  });

  it("writes a small cost with three digits, and no cost as 0", () => {
    const [run] = runs;
    const at = (costUsd: number) => ({ ...run!, calls: [callOf({ costUsd })] });
    expect(formatComparison(compareVariants([at(0.000000123)]))).toContain(" 0.000000123 ");
    expect(formatComparison(compareVariants([at(0)]))).toMatch(/USD a run +control +1 +0 +\? to \?/);
  });

  it("is a head without runs", () => {
    expect(formatComparison(compareVariants([])).split("\n")).toHaveLength(1);
  });
});
