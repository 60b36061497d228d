/** The few statistics of the demo: an interval for a share, a seeded random number generator, numbers as text. */

/** Two-sided 95 % quantile of the standard normal distribution. */
const Z_95 = 1.959963984540054;

/**
 * The 95 % Wilson score interval of a share, without continuity correction: for accuracies near 100 % it stays inside
 * 0..1, where "plus or minus two standard errors" does not.
 *
 * Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the American
 * Statistical Association 22 (1927) 209-212; method 3 of R. G. Newcombe, Statistics in Medicine 17 (1998) 857-872.
 *
 * @throws RangeError unless both are whole numbers with 0 <= successes <= total and total > 0.
 */
export function wilsonInterval(successes: number, total: number): [lower: number, upper: number] {
  if (!Number.isInteger(total) || !Number.isInteger(successes) || total < 1 || successes < 0 || successes > total) {
    throw new RangeError(`Expected 0 <= successes <= total and total > 0, got ${successes} of ${total}.`);
  }
  const share = successes / total;
  const scale = 1 + Z_95 ** 2 / total;
  const centre = (share + Z_95 ** 2 / (2 * total)) / scale;
  const half = (Z_95 / scale) * Math.sqrt((share * (1 - share)) / total + Z_95 ** 2 / (4 * total ** 2));
  return [successes === 0 ? 0 : centre - half, successes === total ? 1 : centre + half];
}

/**
 * Random numbers in [0, 1), the same for the same seed: mulberry32 by Tommy Ettinger (2017, public domain),
 * https://gist.github.com/tommyettinger/46a874533244883189143505d203312c. Not for cryptography.
 */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * The share of questions to send to the strong model so that a random mix of the two costs the target on average.
 *
 * @returns 0..1, at the nearer end where the target is outside the two costs.
 */
export function strongShare(costs: {
  readonly cheap: number;
  readonly strong: number;
  readonly target: number;
}): number {
  if (costs.strong <= costs.cheap) throw new RangeError("The strong model must cost more than the cheap one.");
  return Math.min(1, Math.max(0, (costs.target - costs.cheap) / (costs.strong - costs.cheap)));
}

/** A share as a percentage: `0.9617` is "96.2 %". */
export function formatPercent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)} %`;
}

/** An interval of shares as percentages: `[0.938, 0.977]` is "93.8-97.7 %". */
export function formatInterval([lower, upper]: readonly [number, number], digits = 1): string {
  return `${(lower * 100).toFixed(digits)}-${formatPercent(upper, digits)}`;
}

/** An amount in dollars, to the cent from a dollar up and to two significant digits or the cent below: "$1.67", "$0.041". */
export function formatDollars(amount: number): string {
  const sign = amount < 0 ? "-" : "";
  const size = Math.abs(amount);
  if (size === 0 || size >= 0.995) return `${sign}$${size.toFixed(2)}`;
  const digits = Math.min(20, Math.max(2, 1 - Math.floor(Math.log10(size))));
  return `${sign}$${size.toFixed(digits)}`;
}

/**
 * The mean difference of two scores of the same items, with a 95 % interval: large-sample normal approximation over
 * the differences, which keeps what two overlapping intervals throw away, that both answered the same questions.
 *
 * Source: method 1 (for 0/1 scores) of R. G. Newcombe, "Improved confidence intervals for the difference between
 * binomial proportions based on paired data", Statistics in Medicine 17 (1998) 2635-2650, with n - 1 for n.
 *
 * @throws RangeError unless both have the same number of scores, at least 2.
 */
export function pairedDifference(
  scores: readonly number[],
  others: readonly number[],
): { readonly mean: number; readonly interval: readonly [lower: number, upper: number] } {
  const total = scores.length;
  if (total < 2 || others.length !== total) {
    throw new RangeError(`Expected two lists of the same length, at least 2; got ${total} and ${others.length}.`);
  }
  const differences = scores.map((score, index) => score - others[index]!);
  const mean = differences.reduce((sum, value) => sum + value, 0) / total;
  const variance = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (total - 1);
  const half = Z_95 * Math.sqrt(variance / total);
  return { mean, interval: [mean - half, mean + half] };
}

/** A difference of shares in percentage points: `0.0344` is "+3.4". */
export function formatPoints(difference: number): string {
  const rounded = (difference * 100).toFixed(1).replace(/^-0\.0$/, "0.0");
  return difference >= 0 && rounded !== "0.0" ? `+${rounded}` : rounded;
}
