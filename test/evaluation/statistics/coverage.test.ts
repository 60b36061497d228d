import { describe, expect, it } from "vitest";
import { alwaysValidLevel } from "../../../src/evaluation/statistics/always-valid.js";
import { binomialShare } from "../../../src/evaluation/statistics/beta.js";
import type { Estimate } from "../../../src/evaluation/statistics/estimate.js";
import { momentsOf } from "../../../src/evaluation/statistics/means.js";
import { mean, quantile, type Statistic, share } from "../../../src/evaluation/statistics/statistic.js";
import { inOrder } from "../../../src/ledger/quantile.js";
import { seeded } from "../../../src/testing/seeded.js";

const level = 0.05;
const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const holds = ({ low, high }: Estimate, value: number) => low <= value && value <= high;
const excludes0 = (estimate: Estimate) => !holds(estimate, 0);
const times = <Value>(count: number, make: (index: number) => Value) =>
  Array.from({ length: count }, (_, at) => make(at));
const shareOf = (count: number, holdsAt: (index: number) => boolean) =>
  times(count, holdsAt).filter(Boolean).length / count;

/** Source of normal numbers (Box and Muller, 1958). */
function normals(key: string): () => number {
  const random = seeded(key);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

describe("the interval of a share", () => {
  it("covers it in about 95 % of samples, summed over all samples there are", () => {
    const covered = (total: number, truth: number) =>
      sum(
        times(total + 1, (successes) => {
          const probability = binomialShare(successes, total, truth) - binomialShare(successes - 1, total, truth);
          return holds(share.estimate({ successes, total }, level), truth) ? probability : 0;
        }),
      );
    const all = [0.5, 0.7, 0.9, 0.96, 0.99].flatMap((truth) => [30, 100, 400].map((total) => covered(total, truth)));
    expect(Math.min(...all)).toBeGreaterThan(0.9);
    expect(sum(all) / all.length).toBeGreaterThan(0.94);
    expect(sum(all) / all.length).toBeLessThan(0.975);
  });

  it("covers a difference likewise", () => {
    const random = seeded("difference");
    const draw = (total: number, truth: number) => ({
      total,
      successes: times(total, random).filter((at) => at < truth).length,
    });
    const covered = shareOf(2_000, () => holds(share.difference(draw(90, 0.9), draw(40, 0.8), level), 0.1));
    expect(covered).toBeGreaterThan(0.935);
    expect(covered).toBeLessThan(0.975);
  });
});

describe("the intervals of costs and latencies, which are skewed", () => {
  /** Log-normal costs: the mean is e^(1/8) times the median. */
  const costs = (key: string) => {
    const normal = normals(key);
    return (count: number, factor = 1) => times(count, () => factor * Math.exp(normal() / 2));
  };
  const median = (factor: number) => factor;
  const p95 = (factor: number) => factor * Math.exp(1.6448536 / 2);

  const cases: readonly [string, Statistic<never>, (values: number[]) => unknown, (factor: number) => number][] = [
    ["mean", mean as Statistic<never>, momentsOf, (factor) => factor * Math.exp(1 / 8)],
    ["median", quantile(0.5) as Statistic<never>, inOrder, median],
    ["95th percentile", quantile(0.95) as Statistic<never>, inOrder, p95],
  ];

  it.each(cases)(
    "cover the %s, and a difference of two, in at least 93 %% of samples",
    (name, statistic, read, truth) => {
      const draw = costs(name);
      const sample = (count: number, factor?: number) => read(draw(count, factor)) as never;
      const one = shareOf(400, () => holds(statistic.estimate(sample(150), level), truth(1)));
      const two = shareOf(400, () =>
        holds(statistic.difference(sample(150, 2), sample(200), level), truth(2) - truth(1)),
      );
      expect(Math.min(one, two)).toBeGreaterThan(0.93);
    },
  );
});

describe("planned sizes", () => {
  const plan = { level, power: 0.8, ratio: 0.5 };

  it("find a difference of two shares in about 80 % of tries", () => {
    const random = seeded("power");
    const draw = (total: number, truth: number) => ({
      total,
      successes: times(total, random).filter((at) => at < truth).length,
    });
    const size = Math.ceil(share.sizeFor({ successes: 90, total: 100 }, { successes: 80, total: 100 }, plan));
    const found = shareOf(600, () =>
      excludes0(share.difference(draw(size, 0.9), draw(Math.ceil(size / 2), 0.8), level)),
    );
    expect(Math.abs(found - 0.8)).toBeLessThan(0.05);
  });

  it("find a difference of two means, and of two medians, in about 80 % of tries", () => {
    const normal = normals("power");
    const draw = (count: number, shift: number) => times(Math.ceil(count), () => normal() + shift);
    const size = mean.sizeFor(momentsOf(draw(2_000, 0)), momentsOf(draw(2_000, 0)), { ...plan, gap: 0.4 });
    const found = shareOf(600, () =>
      excludes0(mean.difference(momentsOf(draw(size, 0)), momentsOf(draw(size / 2, 0.4)), level)),
    );
    expect(Math.abs(found - 0.8)).toBeLessThan(0.06);
    const median = quantile(0.5);
    const wanted = { ...plan, gap: 0.4 };
    const medians = median.sizeFor(inOrder(draw(1_000, 0)), inOrder(draw(500, 0)), wanted);
    const seen = shareOf(400, () =>
      excludes0(median.difference(inOrder(draw(medians, 0)), inOrder(draw(medians / 2, 0.4)), level)),
    );
    expect(Math.abs(seen - 0.8)).toBeLessThan(0.1);
  });
});

describe("looking after every 100 runs at two sides that are equal", () => {
  /** Share of experiments in which one of 20 looks finds a difference. */
  function falselyFound(levelAt: (runs: number) => number): number {
    const random = seeded("peeking");
    return shareOf(400, () => {
      const [one, other] = [0, 0].map(() => times(1_000, () => random() < 0.9));
      return times(20, (look) => 50 * (look + 1)).some((total) => {
        const count = (side: readonly boolean[]) => ({ total, successes: side.slice(0, total).filter(Boolean).length });
        return excludes0(share.difference(count(one!), count(other!), levelAt(2 * total)));
      });
    });
  }

  it("finds a difference in about a quarter of all cases, as Armitage, McPherson and Rowe (1969) calculated", () => {
    expect(Math.abs(falselyFound(() => level) - 0.248)).toBeLessThan(0.06);
  });

  it("finds one in less than 5 % with intervals that hold at every look", () => {
    expect(falselyFound((runs) => alwaysValidLevel(level, runs))).toBeLessThan(0.05);
  });
});
