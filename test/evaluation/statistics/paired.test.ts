import { describe, expect, it } from "vitest";
import { bootstrap, clustered } from "../../../src/evaluation/statistics/bootstrap.js";
import { kappa } from "../../../src/evaluation/statistics/kappa.js";
import { mcNemarExact, pairedDifference, pairedSampleSize } from "../../../src/evaluation/statistics/paired-shares.js";
import { seeded } from "../../../src/testing/seeded.js";

const mean = ([sum = 0, count = 1]: readonly number[]) => sum / count;

describe("the bootstrap", () => {
  it("covers a mean in about 95 % of samples", () => {
    const random = seeded("means");
    const samples = Array.from({ length: 200 }, () => Array.from({ length: 60 }, () => [random() ** 2, 1]));
    const covered = samples.filter((sample) => {
      const { low, high } = bootstrap(sample, [mean], 0.05)[0]!;
      return low <= 1 / 3 && 1 / 3 <= high;
    }).length;
    expect(covered).toBeGreaterThanOrEqual(180);
    expect(covered).toBeLessThanOrEqual(199);
  });

  it("draws clusters as a whole, and ratios from one draw", () => {
    const rows = Array.from({ length: 50 }, (_, index) => ({
      cluster: `${index % 5}`,
      sums: [index % 5, 2 * (index % 5), 1],
    }));
    const sums = clustered(rows);
    expect(sums).toHaveLength(5);
    expect(sums[3]).toEqual([30, 60, 10]);
    const [half] = bootstrap(sums, [([one = 0, other = 0]) => one / other], 0.05);
    expect(half).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
    expect(bootstrap([[1, 1]], [mean], 0.05)).toEqual([{ value: 1, low: -Infinity, high: Infinity }]);
  });
});

describe("paired shares", () => {
  it("tests by McNemar's exact test", () => {
    expect(mcNemarExact({ first: 0, second: 0, total: 9 })).toBe(1);
    expect(mcNemarExact({ first: 5, second: 5, total: 99 })).toBe(1);
    expect(mcNemarExact({ first: 2, second: 10, total: 99 })).toBeCloseTo((2 * (1 + 12 + 66)) / 2 ** 12, 10); // by hand
  });

  it("covers a difference with Tango's interval in about 95 % of samples, also where few questions differ", () => {
    const random = seeded("pairs");
    for (const [onlyFirst, onlySecond] of [
      [0.02, 0.02],
      [0.1, 0.03],
      [0.005, 0.02],
    ] as const) {
      const covered = Array.from({ length: 400 }, () => {
        const draws = Array.from({ length: 120 }, random);
        const first = draws.filter((draw) => draw < onlyFirst).length;
        const second = draws.filter((draw) => draw >= onlyFirst && draw < onlyFirst + onlySecond).length;
        const { low, high } = pairedDifference({ first, second, total: 120 }, 1.96);
        return low <= onlyFirst - onlySecond && onlyFirst - onlySecond <= high;
      }).filter(Boolean).length;
      expect(covered / 400).toBeGreaterThan(0.92);
    }
  });

  it("has limits without a differing question, and mirrors itself", () => {
    const { low, high } = pairedDifference({ first: 0, second: 0, total: 200 }, 1.96);
    expect([low, high]).toEqual([
      expect.closeTo(-(1.96 ** 2) / (200 + 1.96 ** 2), 6),
      expect.closeTo(1.96 ** 2 / (200 + 1.96 ** 2), 6),
    ]);
    const [one, other] = [
      [7, 2],
      [2, 7],
    ].map(([first, second]) => pairedDifference({ first: first!, second: second!, total: 50 }, 1.96));
    expect(one!.low).toBeCloseTo(-other!.high, 9);
  });

  it("plans as many questions as simulated tests need", () => {
    const [onlyFirst, onlySecond] = [0.12, 0.04];
    const variance = onlyFirst + onlySecond - (onlyFirst - onlySecond) ** 2;
    const total = Math.ceil(pairedSampleSize(variance, onlyFirst - onlySecond, { level: 1.96, power: 0.8416 }));
    const random = seeded("power");
    const found = Array.from({ length: 400 }, () => {
      const draws = Array.from({ length: total }, random);
      const first = draws.filter((draw) => draw < onlyFirst).length;
      const second = draws.filter((draw) => draw >= onlyFirst && draw < onlyFirst + onlySecond).length;
      return pairedDifference({ first, second, total }, 1.96).low > 0;
    }).filter(Boolean).length;
    expect(found / 400).toBeGreaterThan(0.72);
    expect(found / 400).toBeLessThan(0.88);
  });
});

describe("kappa", () => {
  it("corrects agreement for chance", () => {
    const times = (count: number, one: boolean, other: boolean) =>
      Array.from({ length: count }, () => [one, other] as const);
    // Cohen's kappa of the table 20, 5, 10, 15: agreement 0.7, chance 0.5
    const pairs = [
      ...times(20, true, true),
      ...times(5, true, false),
      ...times(10, false, true),
      ...times(15, false, false),
    ];
    const { kappa: beyond, agreement } = kappa(pairs, 0.05);
    expect(beyond.value).toBeCloseTo(0.4, 12);
    expect(agreement.value).toBeCloseTo(0.7, 12);
    expect(beyond.low).toBeLessThan(0.4);
    expect(kappa(times(9, true, true), 0.05).kappa.value).toBeNaN();
  });
});
