import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import type { Recording } from "../evaluation/recording.js";
import { examplesFor } from "../evaluation/statistics/learn-then-test.js";
import type { Price } from "../ledger/model-call.js";
import type { Model, ModelEntry } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { didYouMean } from "../text/nearest-name.js";
import { checkedNormalize, type Normalize } from "../text/normalizers/normalize.js";
import { crossValidate, FOLDS } from "./cascade/cross-validate.js";
import { normalizerName } from "./cascade/normalizer-name.js";
import { policyOf } from "./cascade/policy.js";
import { decide, TESTED } from "./cascade/promise.js";
import { lengthsIn, readRecordings, type ScoreAnswer } from "./cascade/read-recordings.js";
import { type CascadeTarget, figuresOf } from "./cascade/report.js";
import { type TrainedCascade, trainedCascade } from "./trained-cascade.js";

export interface TrainCascadeOptions {
  /** Model that costs are a share of: the one you would use alone. */
  readonly against: string;
  /** Brings answers into the form that is compared; its name is kept in the file, so give a named function. */
  readonly normalize: Normalize;
  /** Tells whether an answer is right, or how good it is from 0 to 1. */
  readonly score: ScoreAnswer;
  /** What the policy is to meet; `accuracy`, `costShare` and `wrongAccepted` are shares, 0 to 1. */
  readonly target: CascadeTarget;
  /** Prices of models whose answers lack `costUsd`, as for a pattern or `{ name: { price } }`. @default costs are recorded */
  readonly models?: Readonly<Record<string, Model | ModelEntry | { readonly price: Price }>>;
  /** Times that the cross-validation cuts the recordings anew. @default 3 */
  readonly repeats?: number;
  /** Seed of the cuts: text or number. @default "1" */
  readonly seed?: string | number;
}

/** Fewest recordings that a policy can be fitted on, and chosen and reported without. */
const FEWEST = 50;

/**
 * Learns from recorded answers of several models which to ask first, which next and when to stop, and meets a target directly: a share
 * of right answers, a share of one model's cost, or a bound on wrong answers that are accepted.
 *
 * Fits how able each model is and how often wrong answers coincide, then plans exactly over which answers agree; see
 * docs/trained-cascade.md. Two neighbouring policies are mixed by a hash of the question where one alone misses the target.
 *
 * **When to use** - answers can be compared (numbers, choices, labels), and some hundred questions with known answers are recorded.
 * **Gotchas** - takes seconds, and the event loop runs between its parts. Trained on one kind of question, a policy is wrong on
 * another: subscribe to `onDrift`. Accuracy is known less well than cost: 200 questions show 96 % within 2.7 points.
 *
 * @returns the policy; `report` holds cross-validated figures only
 * @example
 * ```ts
 * import { trainCascade } from "langgraph-multimodel/learned";
 * const recordings = Array.from({ length: 60 }, (_, n) => ({
 *   input: `What is ${n} + 1?`,
 *   expected: n + 1,
 *   answers: {
 *     small: { text: `${n % 4 === 0 ? n : n + 1}`, costUsd: 0.001 },
 *     large: { text: `${n + 1}`, costUsd: 0.01 },
 *   },
 * }));
 * const policy = await trainCascade(recordings, {
 *   against: "large",
 *   normalize: normalizeNumber,
 *   score: (text, expected) => normalizeNumber(text) === String(expected),
 *   target: { costShare: 0.6 },
 * });
 * createCascade({ models: { small, large }, verify: policy.verify() });
 * ```
 * @throws {InvalidOptionError} when there are too few recordings (the message says how many it takes), one lacks the answer of
 * `against`, a cost is unknown, or the target cannot be met
 */
export async function trainCascade(
  recordings: readonly Recording[],
  options: TrainCascadeOptions,
): Promise<TrainedCascade> {
  checkKeys(options, "trainCascade", ["against", "normalize", "score", "target", "models", "repeats", "seed"]);
  const { against, target, repeats = 3, seed = "1" } = options;
  if (!Array.isArray(recordings)) {
    const instead = "give a list of recordings: loadRecordings(file) of langgraph-multimodel/evaluation reads one";
    throw new InvalidOptionError("trainCascade.recordings", recordings, instead);
  }
  checkTarget(target, recordings.length);
  const names = modelsIn(recordings, against);
  const normalize = checkedNormalize(options.normalize, "trainCascade.normalize");
  const normalizer = normalizerName(options.normalize, "trainCascade.normalize");
  if (typeof options.score !== "function")
    throw new InvalidOptionError("trainCascade.score", options.score, "give a function (text, expected) => boolean");
  const context = { normalize, score: options.score, prices: pricesOf(options.models) };
  const lengths = lengthsIn(recordings);
  const examples = readRecordings(recordings, { models: names, against, lengths, ...context }, "trainCascade");
  const { selected, threshold } = await decide(examples, target, String(seed));
  checkReached(target, selected.mix, threshold);
  const { outcomes, agreement } = await crossValidate(examples, { target, repeats, seed: String(seed) });
  const figures = figuresOf(outcomes, examples, names.indexOf(against), "wrongAccepted" in target);
  const policy = policyOf(
    selected,
    selected.kept.map((model) => names[model]!),
    {
      normalizer,
      against,
      lengths,
      agreement,
      report: { ...figures, target, folds: FOLDS, repeats },
      ...(threshold !== undefined && { threshold }),
    },
  );
  return trainedCascade(policy, context);
}

function modelsIn(recordings: readonly Recording[], against: string): string[] {
  const names = [...new Set(recordings.flatMap(({ answers }) => Object.keys(answers)))];
  if (!names.includes(against)) {
    const expected = `the recorded models are ${names.join(", ")}${didYouMean(against, names)}`;
    throw new InvalidOptionError("trainCascade.against", against, expected);
  }
  const lacking = recordings.findIndex(({ answers }) => answers[against] === undefined);
  if (lacking >= 0) {
    const expected = `record an answer of ${against}, which costs are a share of, to every question`;
    throw new InvalidOptionError(`trainCascade.recordings[${lacking}].answers`, undefined, expected);
  }
  return names;
}

function pricesOf(models: TrainCascadeOptions["models"] = {}): Map<string, Price | null> {
  return new Map(
    Object.entries(models).map(([name, given]) => {
      const isPrice = typeof given === "object" && "price" in given && !("model" in given) && !("clients" in given);
      return [name, isPrice ? (given.price as Price) : (resolve(given, `trainCascade.models.${name}`).price ?? null)];
    }),
  );
}

const isShare = (value: unknown): value is number => typeof value === "number" && value > 0 && value <= 1;

function checkTarget(target: CascadeTarget, count: number): void {
  const [name, ...more] = Object.keys(Object(target)).filter((key) => key !== "confidence");
  const given = Object(target) as Record<string, unknown>;
  const isPromise = name === "wrongAccepted";
  const known = isPromise || name === "accuracy" || name === "costShare";
  const confident = !isPromise || (isShare(given.confidence) && given.confidence < 1);
  if (!known || more.length > 0 || !isShare(given[name!]) || !confident) {
    const expected =
      "give { accuracy: 0.96 }, { costShare: 0.5 } or { wrongAccepted: 0.02, confidence: 0.9 }, each from 0 to 1";
    throw new InvalidOptionError("trainCascade.target", target, expected);
  }
  const tested = isPromise
    ? Math.ceil(examplesFor(target as { wrongAccepted: number; confidence: number }) / TESTED)
    : 0;
  const fewest = Math.max(FEWEST, tested);
  if (count >= fewest) return;
  const why = tested > FEWEST ? "so few cannot show such a promise" : "so few show nothing about an order of models";
  throw new InvalidOptionError("trainCascade.recordings", count, `give at least ${fewest} recordings: ${why}`);
}

function checkReached(
  target: CascadeTarget,
  mix: { cost: number; score: number },
  threshold: number | undefined,
): void {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  if (threshold === Number.POSITIVE_INFINITY) {
    const expected =
      "no threshold keeps it on the recordings, since even the surest answers are wrong too often; allow more, or record more questions";
    throw new InvalidOptionError("trainCascade.target.wrongAccepted", target, expected);
  }
  if ("accuracy" in target && mix.score < target.accuracy - 1e-6) {
    const expected = `the most accurate policy reaches ${percent(mix.score)} in cross-validation`;
    throw new InvalidOptionError("trainCascade.target.accuracy", target.accuracy, expected);
  }
  if ("costShare" in target && mix.cost > target.costShare + 1e-6) {
    const expected = `the cheapest policy costs ${percent(mix.cost)} in cross-validation`;
    throw new InvalidOptionError("trainCascade.target.costShare", target.costShare, expected);
  }
}
