import type { Estimate } from "./estimate.js";

/**
 * Returns a share with Wilson's score interval, without continuity correction: it stays inside 0..1, also near 100 %.
 *
 * Sources: E. B. Wilson, Journal of the American Statistical Association 22 (1927) 209-212; R. G. Newcombe, Statistics in Medicine 17
 * (1998) 857-872, method 3.
 *
 * @param total 1 or more
 * @param z two-sided quantile of the normal distribution
 */
export function wilson(successes: number, total: number, z: number): Estimate {
  const value = successes / total;
  const scale = 1 + z ** 2 / total;
  const centre = (value + z ** 2 / (2 * total)) / scale;
  const half = (z / scale) * Math.sqrt((value * (1 - value)) / total + z ** 2 / (4 * total ** 2));
  return { value, low: successes === 0 ? 0 : centre - half, high: successes === total ? 1 : centre + half };
}

/**
 * Returns the sample size of the first of two groups, at which a test of two shares finds them different.
 *
 * Source: J. L. Fleiss, B. Levin, M. C. Paik, "Statistical Methods for Rates and Proportions", 3rd edition (2003), formula 4.19 without
 * continuity correction; R's `power.prop.test` for groups of one size.
 *
 * @param ratio size of the second group, relative to the first
 * @param z.level two-sided quantile of the level, `z.power` one-sided quantile of the power
 */
export function shareSampleSize(
  [one, other]: readonly [number, number],
  ratio: number,
  z: { readonly level: number; readonly power: number },
): number {
  const pooled = (one + ratio * other) / (1 + ratio);
  const level = z.level * Math.sqrt((1 + ratio) * pooled * (1 - pooled));
  const power = z.power * Math.sqrt(ratio * one * (1 - one) + other * (1 - other));
  return (level + power) ** 2 / (ratio * (one - other) ** 2);
}
