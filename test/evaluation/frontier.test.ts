import { describe, expect, it } from "vitest";
import { inDark } from "../../src/drawing/dark.js";
import { frontier, plotFrontier, type Recording } from "../../src/evaluation/index.js";

const right = { small: [1, 1, 0, 0], middle: [1, 0, 0, 1], large: [1, 1, 1, 0] } as const;
const costs = { small: 0.001, middle: 0.006, large: 0.011 } as const;
const recordings = [0, 1, 2, 3].map((at): Recording => {
  const answers = Object.entries(right).map(([name, rights]) => [
    name,
    { text: rights[at] ? "yes" : "no", costUsd: costs[name as keyof typeof costs] },
  ]);
  return { input: `Q${at}`, expected: "yes", answers: Object.fromEntries(answers) };
});
const score = (text: string, expected: unknown) => text === expected;

describe("frontier", () => {
  it("sets the random mix of equal cost beside every model, and the oracle on top", () => {
    const { entries, mix } = frontier({ recordings, score });
    const named = Object.fromEntries(entries.map((entry) => [entry.name, entry]));
    expect(entries.map(({ name }) => name)).toEqual(["small", "oracle", "middle", "large"]);
    expect(named.middle).toMatchObject({ onFrontier: false, randomMix: 0.625 });
    expect(named.small!.onFrontier && named.large!.onFrontier).toBe(true);
    expect(named.oracle).toMatchObject({ kind: "oracle", accuracy: { value: 1 }, onFrontier: false });
    expect(named.oracle!.costUsd).toBeCloseTo((0.001 + 0.001 + 0.011 + 0.006) / 4, 12);
    expect(mix.map(({ accuracy }) => accuracy)).toEqual([0.5, 0.75]);
  });

  it("refuses recordings without a cost, without a judge, and nothing at all", () => {
    expect(() => frontier({})).toThrow(/recordings/);
    expect(() => frontier({ recordings })).toThrow(/frontier\.score/);
    const free = [{ input: "Q", expected: "yes", answers: { small: { text: "yes" } } }];
    expect(() => frontier({ recordings: free, score })).toThrow(/answers\.small\.costUsd/);
  });

  it("is drawn with the mix as a dotted line, also for dark pages", () => {
    const svg = plotFrontier(frontier({ recordings, score }));
    expect(svg).toMatch(/<polyline class="mix" points="[\d., ]+"/);
    for (const name of ["small", "middle", "large", "oracle"]) expect(svg).toContain(`>${name}<`);
    expect(inDark(svg)).not.toBe(svg);
  });
});
