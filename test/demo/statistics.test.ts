import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  formatDollars,
  formatInterval,
  formatPercent,
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
