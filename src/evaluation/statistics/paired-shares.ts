import { binomialShare } from "./beta.js";
import type { Estimate } from "./estimate.js";
import { solve } from "./solve.js";

/** Right and wrong answers of two sides to the same questions. */
export interface PairedCounts {
  /** Questions that only the first side answered right. */
  readonly first: number;
  /** Questions that only the second side answered right. */
  readonly second: number;
  /** All questions. */
  readonly total: number;
}

/**
 * Returns the two-sided p-value of McNemar's exact test: how likely a split at least as uneven is, of the questions on which two sides
 * differ, if both are equally good. 1 where they never differ.
 *
 * Source: Q. McNemar, Psychometrika 12 (1947) 153-157; exact by the binomial distribution.
 */
export function mcNemarExact({ first, second }: PairedCounts): number {
  return Math.min(1, 2 * binomialShare(Math.min(first, second), first + second, 0.5));
}

/**
 * Returns the difference of two paired shares, first minus second, with Tango's score interval: it does not shrink to a point where the
 * sides never differ.
 *
 * Source: T. Tango, "Equivalence test and confidence interval for the difference in proportions for the paired-sample design", Statistics in
 * Medicine 17 (1998) 891-908.
 *
 * @param z two-sided quantile of the normal distribution
 */
export function pairedDifference({ first, second, total }: PairedCounts, z: number): Estimate {
  const value = (first - second) / total;
  const falling = (difference: number) => score({ first, second, total }, difference);
  return {
    value,
    low: solve((difference) => z - falling(difference), -1, value),
    high: solve((difference) => -z - falling(difference), value, 1),
  };
}

/** Returns the score statistic for an assumed difference; it falls as the difference grows. */
function score({ first, second, total }: PairedCounts, difference: number): number {
  const linear = -first - second + (2 * total - first + second) * difference;
  const constant = -second * difference * (1 - difference);
  const root = Math.sqrt(Math.max(0, linear ** 2 - 8 * total * constant));
  const share = (root - linear) / (4 * total);
  const variance = total * (2 * share + difference * (1 - difference));
  const gap = first - second - total * difference;
  return gap === 0 ? 0 : gap / Math.sqrt(Math.max(variance, Number.MIN_VALUE));
}

/**
 * Returns how many questions a paired test needs to find a difference, or to show that it is not below a margin.
 *
 * Source: R. J. Connor, "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43 (1987) 207-211.
 *
 * @param variance of the difference on one question
 * @param gap distance to find: the difference, or the difference plus the margin
 * @param z quantiles of the level and of the power
 */
export function pairedSampleSize(
  variance: number,
  gap: number,
  z: { readonly level: number; readonly power: number },
): number {
  return (z.level + z.power) ** 2 * (variance / gap ** 2);
}
