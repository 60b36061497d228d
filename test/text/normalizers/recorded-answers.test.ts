import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { normalizeChoice, normalizeNumber } from "../../../src/index.js";

interface Recorded {
  readonly gold: string;
  readonly responses: Readonly<Record<string, { readonly text: string; readonly answer: string | null }>>;
}

const folder = fileURLToPath(new URL("../../../../shared/data", import.meta.url));
const isMissing = (file: string) => !existsSync(`${folder}/${file}`);
const title = (file: string) => `${file}${isMissing(file) ? " (skipped: ../shared/data is missing)" : ""}`;

/** Counts answers whose reading is the right one, and those it is unsure of. */
function counts(file: string, read: (answer: string) => string, plain: (gold: string) => string) {
  const lines = readFileSync(`${folder}/${file}`, "utf8").trim().split("\n");
  const readings = lines.flatMap((line) => {
    const { gold, responses } = JSON.parse(line) as Recorded;
    return Object.values(responses).map(({ text }) => ({ key: read(text), gold: plain(gold) }));
  });
  return {
    right: readings.filter(({ key, gold }) => key === gold).length,
    unsure: readings.filter(({ key }) => key === "").length,
    all: readings.length,
  };
}

describe("recorded answers of eleven models", () => {
  it.skipIf(isMissing("gsm8k.jsonl"))(`are read by normalizeNumber: ${title("gsm8k.jsonl")}`, () => {
    const { right, unsure, all } = counts("gsm8k.jsonl", normalizeNumber, (gold) => String(Number(gold)));
    expect(all).toBe(4704);
    expect(right).toBeGreaterThanOrEqual(4072);
    expect(unsure).toBeLessThanOrEqual(30); // broken off in a calculation, no number, or two
  });

  it.skipIf(isMissing("mmlu_pro.jsonl"))(`are read by normalizeChoice: ${title("mmlu_pro.jsonl")}`, () => {
    const { right, unsure, all } = counts("mmlu_pro.jsonl", normalizeChoice("ABCDEFGHIJ"), (gold) => gold);
    expect(all).toBe(1620);
    // one reply more was right where "The answer is (A), (B), (C), (D), (E), (G), (H), (I), (J)" counted as A
    expect(right).toBeGreaterThanOrEqual(932);
    expect(unsure).toBeLessThanOrEqual(76);
  });
});
