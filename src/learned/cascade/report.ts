import type { CalibrationTarget } from "../../evaluation/calibration/choose-threshold.js";
import { bootstrap } from "../../evaluation/statistics/bootstrap.js";
import type { Estimate } from "../../evaluation/statistics/estimate.js";
import { normalQuantile } from "../../evaluation/statistics/normal.js";
import { wilson } from "../../evaluation/statistics/shares.js";
import { mixAtCost } from "./choose.js";
import type { Example } from "./examples.js";

/** What a policy is to meet. */
export type CascadeTarget = CalibrationTarget;

/** Figures of a policy on questions, with 95 % intervals. */
export interface CascadeFigures {
  readonly questions: number;
  /** Share of right answers; of all questions, accepted or not. */
  readonly accuracy: Estimate;
  /** Cost as a share of always asking the model `against`. */
  readonly costShare: Estimate;
  /** Mean calls per question. */
  readonly calls: number;
  /** Share of right answers of the model `against` alone, and the difference to it on the same questions. */
  readonly against: number;
  readonly difference: Estimate;
  /** Share of right answers of single models drawn at random, in the best mix of equal cost. */
  readonly randomMix: number;
  /** Of a target `wrongAccepted`: shares of questions that are accepted, and accepted although wrong. */
  readonly accepted?: Estimate;
  readonly wrongAccepted?: Estimate;
}

/** Cross-validated figures: each question was answered by a policy that was fitted, and chosen, without it. */
export interface CascadeReport extends CascadeFigures {
  readonly target: CascadeTarget;
  readonly folds: number;
  readonly repeats: number;
}

/** What became of one question, on average over repeats. */
export interface Outcome {
  readonly score: number;
  readonly cost: number;
  readonly calls: number;
  readonly accepted: number;
  readonly wrongAccepted: number;
}

const LEVEL = 0.05;

/** Computes figures of outcomes beside single models: shares by Wilson, ratios and differences by paired bootstrap over questions. */
export function figuresOf(
  outcomes: readonly Outcome[],
  examples: readonly Example[],
  against: number,
  promised: boolean,
): CascadeFigures {
  const questions = outcomes.length;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / questions;
  const rows = outcomes.map(({ score, cost }, at) => {
    const { scores, costs } = examples[at]!;
    return [score, cost, scores[against]!, known(costs[against]!)];
  });
  const [costShare, difference] = bootstrap(
    rows,
    [([, cost, , strong]) => cost! / strong!, ([score, , strong]) => (score! - strong!) / questions],
    LEVEL,
  );
  const share = (values: readonly number[]) => {
    const sum = values.reduce((total, value) => total + value, 0);
    return wilson(Math.min(questions, Math.max(0, sum)), questions, normalQuantile(1 - LEVEL / 2));
  };
  const singles = examples[0]!.costs.map((_, model) => ({
    tradeoff: model,
    cost: mean(examples.map(({ costs }) => known(costs[model]!))),
    score: mean(examples.map(({ scores }) => scores[model]!)),
  }));
  return {
    questions,
    accuracy: share(outcomes.map(({ score }) => score)),
    costShare: costShare!,
    calls: mean(outcomes.map(({ calls }) => calls)),
    against: singles[against]!.score,
    difference: difference!,
    randomMix: mixAtCost([{ first: 0, points: singles }], mean(outcomes.map(({ cost }) => cost))).score,
    ...(promised && {
      accepted: share(outcomes.map(({ accepted }) => accepted)),
      wrongAccepted: share(outcomes.map(({ wrongAccepted }) => wrongAccepted)),
    }),
  };
}

const known = (cost: number) => (Number.isNaN(cost) ? 0 : cost);
