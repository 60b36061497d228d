import { shuffled } from "../../aggregation/shuffled.js";
import { bootstrap } from "../statistics/bootstrap.js";
import type { Estimate } from "../statistics/estimate.js";
import { normalQuantile } from "../statistics/normal.js";
import { wilson } from "../statistics/shares.js";
import { type CalibrationTarget, chooseThreshold, type Trial, type TrialRow } from "./choose-threshold.js";

/** Figures of a threshold, with 95 % intervals. */
export interface CalibrationFigures {
  readonly questions: number;
  readonly accuracy: Estimate;
  /** Mean USD per question. */
  readonly costUsd: Estimate;
  /** Mean cost as a share of that of the dearest threshold. */
  readonly costShare: number;
  /** Shares of questions whose answer is accepted, and accepted though wrong. */
  readonly accepted: Estimate;
  readonly wrongAccepted: Estimate;
}

const LEVEL = 0.05;
const FOLDS = 5;

/** @param most mean USD per question of the dearest threshold */
export function figuresOf(trials: readonly Trial[], most?: number): CalibrationFigures {
  const share = (isCounted: (trial: Trial) => boolean) =>
    wilson(trials.filter(isCounted).length, trials.length, normalQuantile(1 - LEVEL / 2));
  const [costUsd] = bootstrap(
    trials.map((trial) => [trial.costUsd, 1]),
    [([sum, count]) => sum! / count!],
    LEVEL,
  );
  return {
    questions: trials.length,
    accuracy: share(({ right }) => right),
    costUsd: costUsd!,
    costShare: costUsd!.value / (most ?? costUsd!.value),
    accepted: share(({ accepted }) => accepted),
    wrongAccepted: share(({ right, accepted }) => accepted && !right),
  };
}

/** Reports each question at the threshold that the other folds choose; at the strictest where they choose none. */
export function crossValidated(rows: readonly TrialRow[], target: CalibrationTarget, most: number): CalibrationFigures {
  const count = rows[0]!.trials.length;
  const order = shuffled([...Array(count).keys()], "calibration");
  const held = Array.from({ length: FOLDS }, (_, fold) => {
    const isHeld = (place: number) => order[place]! % FOLDS === fold;
    const others = rows.map(({ threshold, trials }) => ({
      threshold,
      trials: trials.filter((_, place) => !isHeld(place)),
    }));
    const chosen = others[0]!.trials.length === 0 ? undefined : chooseThreshold(others, target);
    const row = rows.find(({ threshold }) => threshold === chosen?.threshold) ?? rows[0]!;
    return row.trials.filter((_, place) => isHeld(place));
  });
  return figuresOf(held.flat(), most);
}
