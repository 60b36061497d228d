import type { Estimate } from "./estimate.js";
import { studentQuantile } from "./student.js";

/** Size, mean and variance of a sample. */
export interface Moments {
  readonly size: number;
  readonly mean: number;
  /** Sample variance, with n - 1; 0 for a sample of one. */
  readonly variance: number;
}

/** Returns the moments of a sample. Sums distances from its first value, so that equal values have no variance by rounding. */
export function momentsOf(values: readonly number[]): Moments {
  const size = values.length;
  const [first = Number.NaN] = values;
  const mean = first + values.reduce((sum, value) => sum + (value - first), 0) / size;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { size, mean, variance: size > 1 ? squares / (size - 1) : 0 };
}

/** Returns a mean with Student's interval; one value alone bounds nothing. */
export function studentMean({ size, mean, variance }: Moments, level: number): Estimate {
  if (size < 2) return around(mean, Number.POSITIVE_INFINITY);
  return around(mean, studentQuantile(1 - level / 2, size - 1) * Math.sqrt(variance / size));
}

/**
 * Returns the difference of two means with Welch's interval, which assumes no equal variances.
 *
 * Source: B. L. Welch, "The generalization of Student's problem when several different population variances are involved", Biometrika
 * 34 (1947) 28-35.
 */
export function welchDifference(one: Moments, other: Moments, level: number): Estimate {
  const value = one.mean - other.mean;
  if (one.size < 2 || other.size < 2) return around(value, Number.POSITIVE_INFINITY);
  const [first, second] = [one.variance / one.size, other.variance / other.size];
  const variance = first + second;
  if (variance === 0) return around(value, 0);
  const freedom = variance ** 2 / (first ** 2 / (one.size - 1) + second ** 2 / (other.size - 1));
  return around(value, studentQuantile(1 - level / 2, freedom) * Math.sqrt(variance));
}

const around = (value: number, half: number): Estimate => ({ value, low: value - half, high: value + half });

/**
 * Returns the sample size of the first of two groups, at which a test of two means finds them different.
 *
 * Source: W. C. Guenther, "Sample size formulas for normal theory t tests", The American Statistician 35 (1981) 243-244.
 *
 * @param ratio size of the second group, relative to the first
 */
export function meanSampleSize(
  [one, other]: readonly [variance: number, variance: number],
  { gap, ratio, z }: { gap: number; ratio: number; z: { readonly level: number; readonly power: number } },
): number {
  return ((z.level + z.power) ** 2 * (one + other / ratio)) / gap ** 2 + z.level ** 2 / 4;
}
