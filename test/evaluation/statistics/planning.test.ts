import { describe, expect, it } from "vitest";
import { alwaysValidLevel } from "../../../src/evaluation/statistics/always-valid.js";
import { meanSampleSize } from "../../../src/evaluation/statistics/means.js";
import { normalQuantile } from "../../../src/evaluation/statistics/normal.js";
import { shareSampleSize } from "../../../src/evaluation/statistics/shares.js";

const z = (power: number) => ({ level: normalQuantile(0.975), power: normalQuantile(power) });

describe("shareSampleSize", () => {
  it("gives the size R's power.prop.test documents: 76.7 for 0.50 against 0.75 at a power of 0.9", () => {
    expect(shareSampleSize([0.5, 0.75], 1, z(0.9))).toBeCloseTo(76.7, 1);
  });

  it("gives the known 435 for 10 % against 5 % at a power of 0.8, and is the same the other way round", () => {
    expect(Math.ceil(shareSampleSize([0.1, 0.05], 1, z(0.8)))).toBe(435);
    expect(shareSampleSize([0.05, 0.1], 1, z(0.8))).toBeCloseTo(shareSampleSize([0.1, 0.05], 1, z(0.8)), 9);
  });

  it("needs more runs in all where the groups are unequal", () => {
    const nine = shareSampleSize([0.9, 0.95], 1 / 9, z(0.8)); // 90 % of the traffic in the first group
    expect(nine * (1 + 1 / 9)).toBeGreaterThan(2 * shareSampleSize([0.9, 0.95], 1, z(0.8)));
  });
});

describe("meanSampleSize", () => {
  it("gives the size R's power.t.test documents, 22.02 for one standard deviation at a power of 0.9, to 0.05", () => {
    const size = meanSampleSize([1, 1], { gap: 1, ratio: 1, z: z(0.9) });
    expect(Math.abs(size - 22.02)).toBeLessThan(0.05);
  });

  it("is smaller with a larger second group", () => {
    const at = (ratio: number) => meanSampleSize([1, 4], { gap: 0.5, ratio, z: z(0.8) });
    expect(at(9)).toBeLessThan(at(1) / 3);
  });
});

describe("alwaysValidLevel", () => {
  it("is half again as wide as a fixed sample, near its tightest size, and wider elsewhere", () => {
    const widths = [100, 1_000, 100_000].map((size) => normalQuantile(1 - alwaysValidLevel(0.05, size) / 2));
    expect(widths[1]!).toBeCloseTo(3.035, 3);
    expect(widths[0]!).toBeGreaterThan(widths[1]!);
    expect(widths[2]!).toBeGreaterThan(widths[1]!);
  });
});
