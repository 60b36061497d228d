import { quantileOf } from "../../ledger/quantile.js";
import { binomialShare } from "./beta.js";
import type { Estimate } from "./estimate.js";

/**
 * Returns a quantile between two values of the sample, with an interval that holds for any distribution.
 *
 * A side is unbounded where the sample is too small: the 95th percentile needs 72 values for an upper limit of a 95 % interval.
 *
 * Source: W. J. Conover, "Practical Nonparametric Statistics", 3rd edition (1999), section 3.2.
 *
 * @param sorted in rising order, not empty
 */
export function quantileEstimate(sorted: readonly number[], share: number, level: number): Estimate {
  const size = sorted.length;
  const below = (rank: number) => binomialShare(rank, size, share);
  const low = firstRank(size, (rank) => below(rank) > level / 2); // the most values that may all lie below the quantile
  const high = firstRank(size, (rank) => 1 - below(rank) <= level / 2) + 1;
  return {
    value: quantileOf(sorted, share),
    low: low === 0 ? Number.NEGATIVE_INFINITY : sorted[low - 1]!,
    high: high > size ? Number.POSITIVE_INFINITY : sorted[high - 1]!,
  };
}

/** Returns the smallest count for which a condition holds that all higher ones fulfil. */
function firstRank(size: number, isEnough: (count: number) => boolean): number {
  let [low, high] = [0, size];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
