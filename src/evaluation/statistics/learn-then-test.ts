import { binomialShare } from "./beta.js";

/** What is known of one example: how sure the answer is, and whether it is wrong. */
export interface Scored {
  /** Higher is surer; accepted where it reaches the threshold. */
  readonly score: number;
  readonly wrong: boolean;
}

/** Promise about a threshold: at most this share of examples is accepted and wrong, with this confidence. */
export interface Promised {
  readonly wrongAccepted: number;
  readonly confidence: number;
}

/**
 * Returns the loosest threshold that keeps a promise, by Learn then Test: exact binomial tests of a fixed sequence of thresholds from
 * the strictest, which ends at the first that is not rejected. `undefined` if the strictest is not: see `examplesFor`.
 *
 * The share of wrong and accepted examples can only grow as thresholds fall, and so can its p-value; the sequence is therefore tested
 * at the scores of the examples.
 *
 * Source: A. N. Angelopoulos, S. Bates, E. J. Candès, M. I. Jordan, L. Lei, "Learn then Test", arXiv:2110.01052, section 3 and
 * proposition 1 (exact binomial in the place of Hoeffding).
 */
export function learnThenTest(
  examples: readonly Scored[],
  { wrongAccepted, confidence }: Promised,
): number | undefined {
  const sorted = examples.filter(({ score }) => !Number.isNaN(score)).toSorted((one, other) => other.score - one.score);
  const isKept = (wrong: number) => binomialShare(wrong, examples.length, wrongAccepted) <= 1 - confidence + 1e-12;
  if (examples.length === 0 || !isKept(0)) return undefined;
  let threshold = Number.POSITIVE_INFINITY;
  let wrong = 0;
  for (let at = 0; at < sorted.length; ) {
    const { score } = sorted[at]!;
    let end = at;
    for (; end < sorted.length && sorted[end]!.score === score; end++) wrong += Number(sorted[end]!.wrong);
    if (!isKept(wrong)) break;
    threshold = score;
    at = end;
  }
  return threshold;
}

/** Returns the fewest examples with which the promise can be kept: as many as show it when not one is accepted and wrong. */
export function examplesFor({ wrongAccepted, confidence }: Promised): number {
  return Math.ceil(Math.log(1 - confidence) / Math.log(1 - wrongAccepted) - 1e-9);
}
