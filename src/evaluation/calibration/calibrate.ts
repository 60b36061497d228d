import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { checkKeys } from "../../errors/check-keys.js";
import { InvalidOptionError } from "../../errors/index.js";
import type { Model, ModelEntry } from "../../models/model.js";
import type { Recording } from "../recording.js";
import type { Dataset } from "../runs/dataset.js";
import { evaluate } from "../runs/evaluate.js";
import type { EvaluatedItem } from "../runs/item.js";
import type { Scorer } from "../scorers/scorer.js";
import { examplesFor } from "../statistics/learn-then-test.js";
import { type CalibrationFigures, crossValidated, figuresOf } from "./calibration-figures.js";
import { type CalibrationTarget, chooseThreshold, nearestTo, type Trial, type TrialRow } from "./choose-threshold.js";
import { questionOf, recordedChats } from "./recorded-chat.js";
import { type Reliability, reliabilityOf } from "./reliability.js";

export interface CalibrateOptions {
  /** Makes the graph with a threshold; with `recordings`, `models` are chat models that answer from them, by name. */
  readonly graph: (threshold: number, models: Readonly<Record<string, BaseChatModel>>) => Model | ModelEntry;
  /** Examples with `expected`; every threshold answers them, so give replayed models or `recordings` where calls cost. */
  readonly dataset?: Dataset;
  /** Recorded answers in the place of a dataset. */
  readonly recordings?: readonly Recording[];
  /** Judges of the answers; an answer is right if the first gives 1. */
  readonly scorers: readonly Scorer[];
  /** What the threshold is to meet; shares are 0 to 1. */
  readonly target: CalibrationTarget;
  /** Thresholds that are tried, fixed before a result is seen. @default 0 to 1 in steps of 0.05, and 0.98, 0.99 */
  readonly thresholds?: readonly number[];
  /** Tells whether an answer was accepted at the threshold. @default the verifier passed it, or the route decided */
  readonly accepted?: (item: EvaluatedItem) => boolean;
  /** Further examples, answered once with the chosen threshold. @default none */
  readonly holdout?: Dataset;
  /** Questions at once. @default 8 */
  readonly concurrency?: number;
}

/** A threshold, and what it is worth. */
export interface Calibration {
  readonly threshold: number;
  readonly target: CalibrationTarget;
  /** Cross-validated: each question at a threshold that was chosen without it. */
  readonly report: CalibrationFigures;
  /** Figures of `holdout` at the threshold. */
  readonly holdout?: CalibrationFigures;
  /** Every threshold on the examples that it was chosen on, strictest first: to look at, not to report. */
  readonly curve: readonly (CalibrationFigures & { readonly threshold: number })[];
  /** Confidence beside what came true, at the loosest threshold; absent if nothing measured confidence. */
  readonly reliability?: Reliability;
}

const usual = [1, 0.99, 0.98, ...Array.from({ length: 20 }, (_, step) => (19 - step) / 20)];

/**
 * Chooses the threshold of a judge, of stated confidence, log-probabilities, agreement or a router, so that a target is met: an
 * accuracy, a share of the dearest threshold's cost, or a bound on the share of questions whose answer is accepted though wrong.
 *
 * A bound holds for later questions of the same kind with the confidence that is asked for: exact binomial tests of the thresholds, from
 * the strictest, that end at the first which fails (Learn then Test, Angelopoulos et al., arXiv:2110.01052).
 *
 * **When to use** - a pattern has a threshold, and you have questions with known answers.
 * **Gotchas** - every threshold answers every example: use `recordings`, or models that replay. A threshold that only looked right on
 * the examples breaks a bound in most draws; too few examples are refused with the number it takes.
 *
 * @example
 * ```ts
 * import { calibrate, exact } from "langgraph-multimodel/evaluation";
 * const recordings = Array.from({ length: 60 }, (_, n) => ({
 *   input: `Question ${n}`,
 *   expected: "yes",
 *   answers: {
 *     small: { text: n % 5 === 0 ? "no\nConfidence: 0.4" : "yes\nConfidence: 0.9", costUsd: 0.001 },
 *     large: { text: "yes\nConfidence: 0.95", costUsd: 0.01 },
 *   },
 * }));
 * const { threshold } = await calibrate({
 *   graph: (threshold, { small, large }) => createCascade({ models: { small: small!, large: large! }, verify: selfReported({ threshold }) }),
 *   recordings,
 *   scorers: [exact()],
 *   target: { wrongAccepted: 0.05, confidence: 0.9 },
 * });
 * ```
 * @throws {InvalidOptionError} when an option is invalid, a bound needs more examples, or no threshold meets the target
 */
export async function calibrate(options: CalibrateOptions): Promise<Calibration> {
  checkKeys(options, "calibrate", [
    "graph",
    "dataset",
    "recordings",
    "scorers",
    "target",
    "thresholds",
    "accepted",
    "holdout",
    "concurrency",
  ]);
  const { graph, dataset, recordings, target, thresholds = usual, holdout } = options;
  checkTarget(target);
  if ((dataset === undefined) === (recordings === undefined))
    throw new InvalidOptionError("calibrate.dataset", dataset, "give either `dataset` or `recordings`");
  const models = recordedChats(recordings ?? []);
  const examples =
    dataset ??
    recordings!.map(({ id, input, expected, tags }) => ({ ...(id && { id }), input, expected, ...(tags && { tags }) }));
  checkEnough(target, Array.isArray(examples) ? examples.length : Number.POSITIVE_INFINITY);
  const answer = async (threshold: number, questions: Dataset) => {
    const { scorers, concurrency } = options;
    const given = { graph: graph(threshold, models), dataset: questions, scorers, ...(concurrency && { concurrency }) };
    return (await evaluate(given)).items;
  };
  const costs = new Map(recordings?.map((recording) => [questionOf(recording.input), recording.answers]));
  const needsCosts = !("wrongAccepted" in target) && recordings === undefined;
  const trialOf = (item: EvaluatedItem): Trial => ({
    right: item.right === true,
    costUsd: item.costUsd ?? recordedCost(item, costs.get(questionOf(item.input as Recording["input"]))),
    accepted: (options.accepted ?? isAccepted)(item),
  });
  const rows: TrialRow[] = [];
  let loosest: readonly EvaluatedItem[] = [];
  for (const threshold of [...new Set(thresholds)].sort((one, other) => other - one)) {
    loosest = await answer(threshold, examples);
    checkEnough(target, loosest.length);
    if (needsCosts) checkCosts(loosest);
    rows.push({ threshold, trials: loosest.map(trialOf) });
  }
  const chosen = chooseThreshold(rows, target);
  if (chosen === undefined)
    throw new InvalidOptionError(
      "calibrate.target",
      target,
      `no threshold meets the target on the examples: ${nearestTo(rows, target)}; give a target that one meets, or other models`,
    );
  const most = rows.reduce((sum, { trials }) => Math.max(sum, figuresOf(trials).costUsd.value), 0);
  const stated = loosest.flatMap(({ confidence, right }) =>
    typeof confidence === "number" && right !== null ? [{ confidence, right }] : [],
  );
  return {
    threshold: chosen.threshold,
    target,
    report: crossValidated(rows, target, most),
    curve: rows.map(({ threshold, trials }) => ({ threshold, ...figuresOf(trials, most) })),
    ...(holdout && { holdout: figuresOf((await answer(chosen.threshold, holdout)).map(trialOf), most) }),
    ...(stated.length > 0 && { reliability: reliabilityOf(stated) }),
  };
}

/** Tests whether the last decision accepted the answer for what it is: a verdict with a score, or a route. */
export function isAccepted({ decisions }: EvaluatedItem): boolean {
  const last = decisions.findLast(({ kind }) => kind !== "skip");
  return (last?.kind === "accept" && last.scores !== undefined) || last?.kind === "route";
}

function recordedCost({ calls }: EvaluatedItem, answers: Recording["answers"] | undefined): number {
  return calls.reduce((sum, { node }) => sum + (answers?.[node]?.costUsd ?? 0), 0);
}

function checkCosts(items: readonly EvaluatedItem[]): void {
  const unpriced = items
    .flatMap(({ calls }) => calls)
    .find(({ costUsd, status }) => status === "ok" && costUsd === null);
  if (unpriced === undefined) return;
  const expected =
    "its price is unknown, and this target weighs costs; give its entry a price: { input: 0.15, output: 0.6 }";
  throw new InvalidOptionError("calibrate.graph", unpriced.model, expected);
}

function checkEnough(target: CalibrationTarget, count: number): void {
  if (!("wrongAccepted" in target) || count >= examplesFor(target)) return;
  const expected = `a bound like this takes at least ${examplesFor(target)} examples, none of them accepted and wrong`;
  throw new InvalidOptionError("calibrate.dataset", count, expected);
}

function checkTarget(target: CalibrationTarget): void {
  const given = Object(target) as Record<string, unknown>;
  const isShare = (value: unknown) => typeof value === "number" && value > 0 && value < 1;
  const keys = Object.keys(given).sort().join();
  const isKnown = keys === "accuracy" || keys === "costShare" || keys === "confidence,wrongAccepted";
  if (isKnown && Object.values(given).every(isShare)) return;
  const expected =
    "give { accuracy: 0.95 }, { costShare: 0.5 } or { wrongAccepted: 0.02, confidence: 0.9 }, each between 0 and 1";
  throw new InvalidOptionError("calibrate.target", target, expected);
}
