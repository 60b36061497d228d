import { binomialShare } from "../statistics/beta.js";

/** What a threshold is to meet; shares are 0 to 1. */
export type CalibrationTarget =
  | { readonly accuracy: number }
  | { readonly costShare: number }
  | { readonly wrongAccepted: number; readonly confidence: number };

/** What became of one question at one threshold. */
export interface Trial {
  readonly right: boolean;
  readonly costUsd: number;
  /** Whether the answer was accepted at the threshold, not for want of a further model. */
  readonly accepted: boolean;
}

/** Trials of all questions at one threshold. */
export interface TrialRow {
  readonly threshold: number;
  readonly trials: readonly Trial[];
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
export const accuracyOf = (trials: readonly Trial[]): number => mean(trials.map(({ right }) => Number(right)));
export const costOf = (trials: readonly Trial[]): number => mean(trials.map(({ costUsd }) => costUsd));
export const wrongAcceptedIn = (trials: readonly Trial[]): number =>
  trials.filter(({ right, accepted }) => accepted && !right).length;

/**
 * Chooses a threshold on trials. For an accuracy, the cheapest that reaches it; for a share of the cost of the dearest threshold, the
 * most accurate within it; for a promise, the last of a fixed sequence from the strictest before the first that an exact binomial test
 * does not confirm (Learn then Test, arXiv:2110.01052). `undefined` if none will do.
 *
 * @param rows from the strictest threshold to the loosest
 */
export function chooseThreshold(rows: readonly TrialRow[], target: CalibrationTarget): TrialRow | undefined {
  if ("wrongAccepted" in target) {
    const failed = rows.findIndex(({ trials }) => !isKept(trials, target));
    return rows.at(failed < 0 ? -1 : failed - 1 < 0 ? rows.length : failed - 1);
  }
  if ("accuracy" in target) {
    const reached = rows.filter(({ trials }) => accuracyOf(trials) >= target.accuracy);
    return best(reached, ({ trials }) => -costOf(trials));
  }
  const most = Math.max(...rows.map(({ trials }) => costOf(trials)));
  const paid = rows.filter(({ trials }) => costOf(trials) <= target.costShare * most);
  return best(paid, ({ trials }) => accuracyOf(trials) - 1e-9 * costOf(trials));
}

/** Says how near to a target that no threshold meets the nearest one comes. */
export function nearestTo(rows: readonly TrialRow[], target: CalibrationTarget): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  if ("wrongAccepted" in target) {
    const { trials } = rows[0]!;
    return `the strictest accepts ${wrongAcceptedIn(trials)} wrong answers of ${trials.length}`;
  }
  if ("accuracy" in target) {
    return `the most accurate is right in ${percent(Math.max(...rows.map(({ trials }) => accuracyOf(trials))))}`;
  }
  const costs = rows.map(({ trials }) => costOf(trials));
  return `the cheapest costs ${percent(Math.min(...costs) / Math.max(...costs))} of the dearest`;
}

function isKept(trials: readonly Trial[], promised: { wrongAccepted: number; confidence: number }): boolean {
  const chance = binomialShare(wrongAcceptedIn(trials), trials.length, promised.wrongAccepted);
  return chance <= 1 - promised.confidence + 1e-12;
}

function best(rows: readonly TrialRow[], worth: (row: TrialRow) => number): TrialRow | undefined {
  return rows.reduce<TrialRow | undefined>(
    (one, other) => (one === undefined || worth(other) > worth(one) ? other : one),
    undefined,
  );
}
