import { normalShare } from "./normal.js";

/** Number of observations at which the interval is tightest, relative to one of a fixed sample. */
const tightestAt = 1_000;

/**
 * Returns the level at which an interval of a fixed sample is as wide as one that holds at every sample size at once, so that it may be
 * looked at after each observation.
 *
 * Source: I. Waudby-Smith, D. Arbour, R. Sinha, E. H. Kennedy, A. Ramdas, "Time-uniform central limit theory and asymptotic confidence
 * sequences", Annals of Statistics 52 (2024) 2613-2640, theorem 2.2 and appendix B.2.
 *
 * @param size observations so far
 */
export function alwaysValidLevel(level: number, size: number): number {
  const spread = (-2 * Math.log(level) + Math.log(1 - 2 * Math.log(level))) / tightestAt;
  const grown = size * spread + 1;
  const z = Math.sqrt((grown / (size * spread)) * Math.log(grown / level ** 2));
  return 2 * normalShare(-z);
}
