import { checkWeights } from "../aggregation/check-weights.js";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { mentioning, named } from "../models/mentions.js";
import { checkedNormalize, type Normalize, normalizeText } from "../text/normalizers/normalize.js";
import type { Verify, VerifyTurn } from "./verify.js";

export interface AgreementOptions {
  /** Number of equal answers that pass; with `weights`, the sum of their weights. @default 2 */
  readonly need?: number;
  /** Weight of each model's answer, at least 0; a model without an entry weighs 1. @default all 1 */
  readonly weights?: Readonly<Record<string, number>>;
  /** Brings answers into the form that is compared. @default normalizeText */
  readonly normalize?: Normalize;
}

/**
 * Passes as soon as enough models gave the same answer: a cascade calls one model after another until two agree.
 *
 * With `weights`, equal answers pass when they weigh `need` together and no other answer weighs more. For independent models, the
 * best weight of one that is right with probability `p` is `log(p / (1 - p))` (Nitzan and Paroush 1982); add `log(1 / s)` if only
 * a share `s` of pairs of wrong answers is equal. Count both on questions whose answer you know.
 *
 * **When to use** - answers are comparable (numbers, choices, labels) and cheap models often agree; it needs no judge. Give weights
 * if two weak models may agree by accident on what a better one contradicts.
 * **Gotchas** - one answer never passes alone, whatever its weight. Free text is seldom equal, so give a `normalize`. All answers of
 * the run count, not only neighbours. If no answers agree, the last tier answers (see `createCascade`).
 *
 * @returns a `Verify`; its score is the share of the answers so far (of `need`, while there are fewer) that agree with this one
 * @example
 * ```ts
 * createCascade({ models: { tiny, small, large }, verify: agreement({ normalize: normalizeNumber }) });
 * // right in 70, 90 and 95 of 100, and one pair of wrong answers in five is equal: log(p / (1 - p)) + log(5)
 * const weights = { tiny: 2.5, small: 3.8, large: 4.6 };
 * createCascade({ models: { tiny, small, large }, verify: agreement({ weights, need: 6, normalize: normalizeNumber }) });
 * ```
 * @throws {InvalidOptionError} when `need` is not a whole number of at least 2 (with weights: a number of at least 0), a weight is
 * invalid, or `normalize` is not a function; from the pattern, when a weight names an unknown model
 */
export function agreement(options: AgreementOptions = {}): Verify {
  checkKeys(options, "agreement", ["need", "weights", "normalize"]);
  const { need = 2, weights, normalize: compare = normalizeText } = options;
  const normalize = checkedNormalize(compare, "agreement.normalize");
  checkAgreementOptions(options);
  const known = new Map(Object.entries(weights ?? {}));
  const verify: Verify = function agreement({ answer, candidates }: VerifyTurn) {
    const key = normalize(answer);
    if (key === "") return { pass: false, score: 0, reason: "the answer holds nothing to compare" };
    const votes = candidates.map(({ name, message }) => ({ key: normalize(message), weight: known.get(name) ?? 1 }));
    const count = votes.filter((vote) => vote.key === key).length;
    const weightOf = (own: string) => votes.reduce((sum, vote) => sum + (vote.key === own ? vote.weight : 0), 0);
    const weight = weightOf(key);
    const outweighed = votes.some((vote) => vote.key !== "" && weightOf(vote.key) > weight);
    const all = votes.reduce((sum, vote) => sum + vote.weight, 0);
    const total = Math.max(need, all, count === 1 ? 2 * weight : 0); // an unconfirmed answer scores at most 0.5
    const agreeing = count > 1 ? `${count} of ${votes.length} answers agree` : "no other answer agrees yet";
    const weighing = `${agreeing}${count > 1 ? " and weigh" : "; it weighs"} ${short(weight)}, ${short(need)} is needed`;
    return {
      pass: count > 1 && weight >= need && (weights === undefined || !outweighed),
      score: total === 0 ? 0 : weight / total,
      reason:
        weights === undefined
          ? `${agreeing}, ${need} are needed`
          : `${weighing}${outweighed ? "; another weighs more" : ""}`,
    };
  };
  return mentioning(verify, named("agreement.weights", known.keys()));
}

const short = (value: number) => Number(value.toFixed(2));

function checkAgreementOptions({ need = 2, weights }: AgreementOptions): void {
  const weighted = weights !== undefined;
  if (weighted ? !(Number.isFinite(need) && need >= 0) : !(Number.isInteger(need) && need >= 2)) {
    const expected = weighted ? "give a weight of at least 0" : "give a whole number of at least 2";
    throw new InvalidOptionError("agreement.need", need, expected);
  }
  if (weighted) checkWeights(weights, "agreement.weights");
}
