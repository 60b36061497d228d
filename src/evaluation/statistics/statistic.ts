import { difference, type Estimate } from "./estimate.js";
import { type Moments, meanSampleSize, studentMean, welchDifference } from "./means.js";
import { normalQuantile } from "./normal.js";
import { quantileEstimate } from "./quantiles.js";
import { shareSampleSize, wilson } from "./shares.js";

/** A planned test of two independent samples. */
export interface Plan {
  /** Probability of finding a difference where there is no difference. */
  readonly level: number;
  /** Probability of finding the difference. */
  readonly power: number;
  /** Size of the second sample, relative to the first. */
  readonly ratio: number;
  /** Difference to find, above 0. @default the one between the samples */
  readonly gap?: number | undefined;
}

/** Figure of a sample, with what is known about two of them. */
export interface Statistic<Sample> {
  /** Number of values; the other functions need at least one. */
  sizeOf(sample: Sample): number;
  estimate(sample: Sample, level: number): Estimate;
  /** Returns the first figure minus the second. */
  difference(one: Sample, other: Sample, level: number): Estimate;
  /** Returns the size of the first sample that the plan needs; not finite if the samples do not tell. */
  sizeFor(one: Sample, other: Sample, plan: Plan): number;
}

const quantilesOf = ({ level, power }: Plan) => ({
  level: normalQuantile(1 - level / 2),
  power: normalQuantile(power),
});

interface Count {
  readonly successes: number;
  readonly total: number;
}

/** A share, with Wilson's interval, and Newcombe's for a difference. */
export const share: Statistic<Count> = {
  sizeOf: ({ total }) => total,
  estimate: ({ successes, total }, level) => wilson(successes, total, normalQuantile(1 - level / 2)),
  difference: (one, other, level) => difference(share.estimate(one, level), share.estimate(other, level)),
  sizeFor: (one, other, plan) => {
    const from = one.successes / one.total;
    const shifted = from + (from > 0.5 ? -1 : 1) * (plan.gap ?? 0); // towards 0.5, which needs more runs
    const to = plan.gap === undefined ? other.successes / other.total : shifted;
    return to < 0 || to > 1 ? Number.NaN : shareSampleSize([from, to], plan.ratio, quantilesOf(plan));
  },
};

/** A mean, with Student's interval, and Welch's for a difference. */
export const mean: Statistic<Moments> = {
  sizeOf: ({ size }) => size,
  estimate: studentMean,
  difference: welchDifference,
  sizeFor: (one, other, plan) => {
    if (one.size < 2 || other.size < 2) return Number.NaN;
    const { gap = Math.abs(one.mean - other.mean), ratio } = plan;
    return meanSampleSize([one.variance, other.variance], { gap, ratio, z: quantilesOf(plan) });
  },
};

/** A quantile of sorted values, with an interval for any distribution; a difference by square and add. */
export function quantile(at: number): Statistic<readonly number[]> {
  const estimate = (sorted: readonly number[], level: number) => quantileEstimate(sorted, at, level);
  const minus = (one: readonly number[], other: readonly number[], level: number) =>
    difference(estimate(one, level), estimate(other, level));
  return {
    sizeOf: ({ length }) => length,
    estimate,
    difference: minus,
    /** Scales the interval by the square root of the size, at the present ratio. */
    sizeFor: (one, other, plan) => {
      const z = quantilesOf(plan);
      const { value, low, high } = minus(one, other, plan.level);
      const { gap = Math.abs(value) } = plan;
      return one.length * ((((z.level + z.power) / z.level) * (high - low)) / (2 * gap)) ** 2;
    },
  };
}
