/** A figure and its confidence interval. */
export interface Estimate {
  readonly value: number;
  /** `-Infinity` if the sample bounds the figure on one side only. */
  readonly low: number;
  readonly high: number;
}

/**
 * Returns the difference of two independent estimates by the square-and-add rule, which recovers the variances from the two intervals.
 * With Wilson's limits it is Newcombe's interval for the difference of two shares.
 *
 * Sources: R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in Medicine 17 (1998)
 * 873-890, method 10; G. Y. Zou, A. Donner, "Construction of confidence limits about effect measures: a general approach", Statistics in
 * Medicine 27 (2008) 1693-1702.
 */
export function difference(one: Estimate, other: Estimate): Estimate {
  const value = one.value - other.value;
  return {
    value,
    low: value - Math.hypot(one.value - one.low, other.high - other.value),
    high: value + Math.hypot(one.high - one.value, other.value - other.low),
  };
}
