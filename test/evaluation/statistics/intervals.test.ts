import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { betaShare, binomialShare, logGamma } from "../../../src/evaluation/statistics/beta.js";
import { difference } from "../../../src/evaluation/statistics/estimate.js";
import { momentsOf, studentMean, welchDifference } from "../../../src/evaluation/statistics/means.js";
import { normalQuantile, normalShare } from "../../../src/evaluation/statistics/normal.js";
import { quantileEstimate } from "../../../src/evaluation/statistics/quantiles.js";
import { wilson } from "../../../src/evaluation/statistics/shares.js";
import { studentQuantile, studentShare } from "../../../src/evaluation/statistics/student.js";
import { quantileOf } from "../../../src/ledger/quantile.js";

const z = normalQuantile(0.975);
const upTo = (size: number) => Array.from({ length: size }, (_, index) => index + 1);

describe("normalShare and normalQuantile", () => {
  it.each([
    [0, 0.5],
    [1, 0.8413447460685429],
    [-3, 0.0013498980316300933],
    [5, 0.9999997133484281],
  ])("gives the table's share below %d", (value, share) => {
    expect(normalShare(value)).toBeCloseTo(share, 14);
  });

  it("gives the table's quantiles, and inverts the share", () => {
    expect(z).toBeCloseTo(1.959963984540054, 12);
    expect(normalQuantile(0.8)).toBeCloseTo(0.8416212335729143, 12);
    fc.assert(
      fc.property(fc.double({ min: -6, max: 6, noNaN: true }), (value) => {
        expect(normalQuantile(normalShare(value))).toBeCloseTo(value, 6);
      }),
    );
  });

  it("is 0 and 1 far out", () => {
    expect([normalShare(-40), normalShare(40)]).toEqual([0, 1]);
  });
});

describe("betaShare and binomialShare", () => {
  it("gives logarithms of factorials", () => {
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
    expect(logGamma(11)).toBeCloseTo(Math.log(3_628_800), 11);
  });

  it("gives polynomials where a and b are whole", () => {
    expect(betaShare(0.2, 2, 3)).toBeCloseTo(0.1808, 12);
    expect(betaShare(0.7, 1, 1)).toBeCloseTo(0.7, 12);
    expect([betaShare(0, 2, 3), betaShare(1, 2, 3)]).toEqual([0, 1]);
  });

  it("sums the binomial probabilities", () => {
    const trials = fc.tuple(
      fc.integer({ min: 1, max: 60 }),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      fc.nat(60),
    );
    fc.assert(
      fc.property(trials, ([total, share, count]) => {
        let [sum, term] = [0, (1 - share) ** total];
        for (let hits = 0; hits <= Math.min(count, total); hits++) {
          sum += term;
          term *= ((total - hits) / (hits + 1)) * (share / (1 - share));
        }
        expect(binomialShare(count, total, share)).toBeCloseTo(sum, 9);
      }),
    );
    expect(binomialShare(-1, 5, 0.5)).toBe(0);
    expect(binomialShare(5_000, 10_000, 0.5)).toBeCloseTo(0.503989, 5); // half, and half of the middle one
  });
});

describe("studentQuantile", () => {
  it.each([
    [1, 12.7062],
    [2, 4.3027],
    [5, 2.5706],
    [10, 2.2281],
    [30, 2.0423],
    [120, 1.9799],
    [1e9, 1.96],
  ])("gives the table's 97.5 %% point for %d degrees of freedom", (freedom, value) => {
    expect(studentQuantile(0.975, freedom)).toBeCloseTo(value, 4);
  });

  it("inverts the share, on both sides", () => {
    expect(studentShare(studentQuantile(0.9, 7), 7)).toBeCloseTo(0.9, 12);
    expect(studentShare(-1.5, 4)).toBeCloseTo(1 - studentShare(1.5, 4), 14);
  });
});

describe("wilson", () => {
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])("gives the interval of Newcombe (1998), table I, method 3, for %i of %i", (successes, total, low, high) => {
    const estimate = wilson(successes, total, z);
    expect(estimate.value).toBe(successes / total);
    expect(estimate.low).toBeCloseTo(low, 4);
    expect(estimate.high).toBeCloseTo(high, 4);
  });

  it("holds the share within 0..1", () => {
    const sample = fc.integer({ min: 1, max: 5_000 }).chain((total) => fc.tuple(fc.nat(total), fc.constant(total)));
    fc.assert(
      fc.property(sample, ([successes, total]) => {
        const { value, low, high } = wilson(successes, total, z);
        expect([0, low, value, high, 1].toSorted((a, b) => a - b)).toEqual([0, low, value, high, 1]);
      }),
    );
  });
});

describe("difference", () => {
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [0, 10, 0, 10, -0.2775, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
    [10, 10, 0, 10, 0.6075, 1],
  ])("gives the interval of Newcombe (1998b), table II, method 10, for %i/%i - %i/%i", (a, m, b, n, low, high) => {
    const estimate = difference(wilson(a, m, z), wilson(b, n, z));
    expect(estimate.low).toBeCloseTo(low, 4);
    expect(estimate.high).toBeCloseTo(high, 4);
  });

  it("bounds no side that its parts do not bound", () => {
    const open = { value: 5, low: 3, high: Number.POSITIVE_INFINITY };
    const shut = { value: 2, low: 1, high: 4 };
    expect(difference(open, shut)).toEqual({ value: 3, low: 3 - Math.hypot(2, 2), high: Infinity });
    expect(difference(shut, open).low).toBe(-Infinity);
  });
});

describe("studentMean and welchDifference", () => {
  /** The sleep data of W. S. Gosset, "The probable error of a mean", Biometrika 6 (1908) 1-25: hours gained by two drugs. */
  const first = momentsOf([0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]);
  const second = momentsOf([1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]);

  it("gives the interval R's t.test publishes for Gosset's sleep data: -3.3654832 to 0.2054832", () => {
    const { value, low, high } = welchDifference(first, second, 0.05);
    expect(value).toBeCloseTo(-1.58, 10);
    expect(low).toBeCloseTo(-3.3654832, 7);
    expect(high).toBeCloseTo(0.2054832, 7);
  });

  it("gives the textbook interval of one mean", () => {
    const { value, low } = studentMean(second, 0.05);
    expect(value).toBeCloseTo(2.33, 10);
    expect(low).toBeCloseTo(2.33 - 2.262157 * Math.sqrt(second.variance / 10), 6);
  });

  it("bounds nothing with one value, and has no width without variance", () => {
    expect(studentMean(momentsOf([4]), 0.05)).toEqual({ value: 4, low: -Infinity, high: Infinity });
    expect(welchDifference(momentsOf([4]), second, 0.05).high).toBe(Infinity);
    expect(welchDifference(momentsOf([4, 4]), momentsOf([3, 3]), 0.05)).toEqual({ value: 1, low: 1, high: 1 });
  });
});

describe("quantileEstimate", () => {
  it.each([
    [6, 1, 6],
    [10, 2, 9],
    [15, 4, 12],
    [20, 6, 15],
    [50, 18, 33],
    [100, 40, 61],
  ])("takes the ranks that tables give for the median of %i values", (size, low, high) => {
    expect(quantileEstimate(upTo(size), 0.5, 0.05)).toMatchObject({ low, high });
  });

  it("has no limit where the sample is too small for one", () => {
    expect(quantileEstimate(upTo(5), 0.5, 0.05)).toEqual({ value: 3, low: -Infinity, high: Infinity });
    expect(quantileEstimate(upTo(71), 0.95, 0.05)).toMatchObject({ value: 68, high: Infinity });
    expect(quantileEstimate(upTo(72), 0.95, 0.05)).toMatchObject({ value: 69, high: 72 });
  });

  it("covers every quantile of every distribution with at least 95 %, exactly", () => {
    for (const share of [0.5, 0.9, 0.95]) {
      for (const size of [1, 7, 30, 71, 72, 200, 1_001]) {
        const { low, high } = quantileEstimate(upTo(size), share, 0.05);
        const below = low === -Infinity ? 0 : binomialShare(low - 1, size, share);
        const above = high === Infinity ? 0 : 1 - binomialShare(high - 1, size, share);
        expect([share, size, below <= 0.025 && above <= 0.025]).toEqual([share, size, true]);
      }
    }
  });

  it("takes a value of the sample as the quantile", () => {
    expect([0, 0.5, 0.51, 0.95, 1].map((share) => quantileOf(upTo(100), share))).toEqual([1, 50, 51, 95, 100]);
    expect(quantileOf([7], 0.95)).toBe(7);
  });
});
