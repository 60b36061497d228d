import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatDollars,
  formatInterval,
  formatPercent,
  formatPoints,
  pairedDifference,
  seededRandom,
  strongShare,
  wilsonInterval,
} from "../../demo/statistics.js";

describe("wilsonInterval", () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("gives the interval Newcombe (1998, table I, method 3) publishes for %i of %i", (successes, total, low, high) => {
    const [lower, upper] = wilsonInterval(successes, total);
    expect(lower).toBeCloseTo(low, 4);
    expect(upper).toBeCloseTo(high, 4);
  });

  it("holds the share, stays inside 0..1 and mirrors when successes and failures are swapped", () => {
    const sample = fc.integer({ min: 1, max: 5000 }).chain((total) => fc.tuple(fc.nat(total), fc.constant(total)));
    fc.assert(
      fc.property(sample, ([successes, total]) => {
        const [lower, upper] = wilsonInterval(successes, total);
        const [mirroredLower, mirroredUpper] = wilsonInterval(total - successes, total);
        expect(lower).toBeGreaterThanOrEqual(0);
        expect(lower).toBeLessThanOrEqual(successes / total);
        expect(upper).toBeGreaterThanOrEqual(successes / total);
        expect(upper).toBeLessThanOrEqual(1);
        expect(mirroredLower).toBeCloseTo(1 - upper, 10);
        expect(mirroredUpper).toBeCloseTo(1 - lower, 10);
      }),
    );
  });

  it.each([
    [1, 0],
    [-1, 5],
    [6, 5],
    [0.5, 5],
    [Number.NaN, 5],
  ])("refuses %d of %d", (successes, total) => {
    expect(() => wilsonInterval(successes, total)).toThrow(RangeError);
  });
});

describe("seededRandom", () => {
  it("gives the known first numbers of mulberry32", () => {
    const zero = seededRandom(0);
    expect([zero(), zero(), zero()]).toEqual([0.26642920868471265, 0.0003297457005828619, 0.2232720274478197]);
    const one = seededRandom(1);
    expect([one(), one()]).toEqual([0.6270739405881613, 0.002735721180215478]);
  });

  it("is spread evenly", () => {
    const random = seededRandom(392);
    const draws = Array.from({ length: 20_000 }, () => random());
    expect(draws.reduce((sum, draw) => sum + draw, 0) / draws.length).toBeCloseTo(0.5, 2);
    expect(draws.every((draw) => draw >= 0 && draw < 1)).toBe(true);
  });
});

describe("strongShare", () => {
  it("mixes two costs to the target on average", () => {
    const share = strongShare({ cheap: 0.04, strong: 1.67, target: 0.31 });
    expect(share * 1.67 + (1 - share) * 0.04).toBeCloseTo(0.31, 10);
  });

  it("stops at the ends and refuses a strong model that costs no more", () => {
    expect(strongShare({ cheap: 1, strong: 2, target: 3 })).toBe(1);
    expect(strongShare({ cheap: 1, strong: 2, target: 0.5 })).toBe(0);
    expect(() => strongShare({ cheap: 1, strong: 1, target: 1 })).toThrow(RangeError);
  });
});

describe("formatDollars, formatPercent and formatInterval", () => {
  it("writes amounts as a person reads them", () => {
    expect([1.6652, 0.311, 0.0413, 0.00186, 0, 12.5, 0.9999, -0.5].map(formatDollars)).toEqual([
      "$1.67",
      "$0.31",
      "$0.041",
      "$0.0019",
      "$0.00",
      "$12.50",
      "$1.00",
      "-$0.50",
    ]);
  });

  it("writes shares and intervals in per cent", () => {
    expect(formatPercent(0.96173)).toBe("96.2 %");
    expect(formatPercent(0.95, 0)).toBe("95 %");
    expect(formatInterval([0.9379, 0.9767])).toBe("93.8-97.7 %");
  });
});

describe("pairedDifference", () => {
  it("is the mean of the differences, with the interval of the textbook formula for 0/1 scores", () => {
    // 20 items: both right 12, only the first 5, only the second 1, none 2.
    const first = [...Array(17).fill(1), ...Array(3).fill(0)];
    const second = [...Array(12).fill(1), ...Array(5).fill(0), 1, 0, 0];
    const { mean, interval } = pairedDifference(first, second);
    expect(mean).toBeCloseTo((5 - 1) / 20, 12);
    const half = (1.959964 / 20) * Math.sqrt(((5 + 1 - (5 - 1) ** 2 / 20) * 20) / 19);
    expect(interval[0]).toBeCloseTo(0.2 - half, 6);
    expect(interval[1]).toBeCloseTo(0.2 + half, 6);
  });

  it("has no width where all differences are equal, and changes its sign when the two are swapped", () => {
    expect(pairedDifference([1, 0, 1], [1, 0, 1])).toEqual({ mean: 0, interval: [0, 0] });
    const scores = fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 1 })), {
      minLength: 2,
    });
    fc.assert(
      fc.property(scores, (pairs) => {
        const [one, two] = [pairs.map(([score]) => score), pairs.map(([, score]) => score)];
        const forth = pairedDifference(one, two);
        const back = pairedDifference(two, one);
        expect(back.mean).toBeCloseTo(-forth.mean, 10);
        expect(back.interval[0]).toBeCloseTo(-forth.interval[1], 10);
      }),
    );
  });

  it("refuses lists that are no pairs", () => {
    expect(() => pairedDifference([1, 0], [1])).toThrow(RangeError);
    expect(() => pairedDifference([1], [1])).toThrow(RangeError);
  });
});

describe("formatPoints", () => {
  it.each([
    [0.0344, "+3.4"],
    [-0.0121, "-1.2"],
    [0.0001, "0.0"],
    [-0.0001, "0.0"],
    [0, "0.0"],
    [0.117, "+11.7"],
  ])("writes %d as %s", (difference, text) => {
    expect(formatPoints(difference)).toBe(text);
  });
});
