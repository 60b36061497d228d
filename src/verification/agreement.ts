import { checkWeights } from "../aggregation/check-weights.js";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { mentioning, named } from "../models/mentions.js";
import { checkedNormalize, type Normalize, normalizeText } from "../text/normalizers/normalize.js";
import type { Verify, VerifyTurn } from "./verify.js";

export interface AgreementOptions {
  /** Equal answers that pass; with `weights`, what they must weigh together. @default 2 */
  readonly need?: number;
  /** What the answer of each model counts, at least 0; a model that is not named counts 1. @default 1 each */
  readonly weights?: Readonly<Record<string, number>>;
  /** What makes two answers equal. @default normalizeText */
  readonly normalize?: Normalize;
}

/**
 * Passes as soon as enough models gave the same answer: asks up a ladder until two agree.
 *
 * With `weights` it passes when equal answers weigh `need` together and no other answer weighs more. The best weight of an
 * independent voter who is right with probability `p` is `log(p / (1 - p))` (Nitzan and Paroush 1982); where wrong answers
 * are seldom the same, two that are equal say more: add `log(1 / s)`, `s` the share of pairs of wrong answers that are equal
 * (two who choose among `k` wrong answers at random: `1 / k`). Both are counted on questions whose answer you know.
 *
 * **When to use** - answers are comparable (numbers, choices, labels) and cheap models often agree; no judge is paid. Give
 * weights where two weak models may agree by accident on what a better one contradicts.
 * **Gotchas** - one answer never passes alone, whatever it weighs; free text never equals itself, so give a `normalize`. All
 * answers of the run count, not only neighbours. The last tier answers without agreement when none was found (see
 * `createCascade`).
 *
 * @returns a `Verify`; its score is the share of the answers so far (of `need`, while there are fewer) that agree with this one
 * @example
 * ```ts
 * createCascade({ models: { tiny, small, large }, verify: agreement({ normalize: normalizeNumber }) });
 * // right in 70, 90 and 95 of 100, and one pair of wrong answers in five is equal: log(p / (1 - p)) + log(5)
 * const weights = { tiny: 2.5, small: 3.8, large: 4.6 };
 * createCascade({ models: { tiny, small, large }, verify: agreement({ weights, need: 6, normalize: normalizeNumber }) });
 * ```
 * @throws {InvalidOptionError} when `need` is not a whole number of at least 2 (with weights: a number of at least 0), or a
 * weight is negative or no number, or `normalize` is no function; from the pattern, when a weight names no model; as it runs,
 * when `normalize` returns no text
 */
export function agreement(options: AgreementOptions = {}): Verify {
  checkKeys(options, "agreement", ["need", "weights", "normalize"]);
  const { need = 2, weights, normalize: compare = normalizeText } = options;
  const normalize = checkedNormalize(compare, "agreement.normalize");
  checkOptions(options);
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
    const whole = Math.max(need, all, count === 1 ? 2 * weight : 0); // half sure of what nobody confirmed, at most
    const agreeing = count > 1 ? `${count} of ${votes.length} answers agree` : "no other answer agrees yet";
    const weighing = `${agreeing}${count > 1 ? " and weigh" : "; it weighs"} ${short(weight)}, ${short(need)} is needed`;
    return {
      pass: count > 1 && weight >= need && (weights === undefined || !outweighed),
      score: whole === 0 ? 0 : weight / whole,
      reason:
        weights === undefined
          ? `${agreeing}, ${need} are needed`
          : `${weighing}${outweighed ? "; another weighs more" : ""}`,
    };
  };
  return mentioning(verify, named("agreement.weights", known.keys()));
}

const short = (value: number) => Number(value.toFixed(2));

function checkOptions({ need = 2, weights }: AgreementOptions): void {
  const weighted = weights !== undefined;
  if (weighted ? !(Number.isFinite(need) && need >= 0) : !(Number.isInteger(need) && need >= 2)) {
    const expected = weighted ? "give a weight of at least 0" : "give a whole number of at least 2";
    throw new InvalidOptionError("agreement.need", need, expected);
  }
  if (weighted) checkWeights(weights, "agreement.weights");
}
