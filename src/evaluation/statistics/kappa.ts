import { bootstrap, type Sums } from "./bootstrap.js";
import type { Estimate } from "./estimate.js";

/**
 * Returns Cohen's kappa of two raters who said yes or no: the share of agreement beyond what chance alone gives. 1 is full agreement,
 * 0 is chance; not a number where both raters said the same word of everything.
 *
 * Source: J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960) 37-46.
 *
 * @param pairs at least one
 */
export function kappa(
  pairs: readonly (readonly [boolean, boolean])[],
  level: number,
): { readonly kappa: Estimate; readonly agreement: Estimate } {
  const rows = pairs.map(([one, other]): Sums => [Number(one === other), Number(one), Number(other), 1]);
  const read = ([same = 0, ones = 0, others = 0, all = 1]: Sums) => {
    const [first, second] = [ones / all, others / all];
    const chance = first * second + (1 - first) * (1 - second);
    return chance === 1 ? Number.NaN : (same / all - chance) / (1 - chance);
  };
  const [agreed, share] = bootstrap(rows, [read, ([same = 0, , , all = 1]) => same / all], level);
  return { kappa: agreed!, agreement: share! };
}
