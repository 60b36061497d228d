import { type Normalize, normalizeText } from "../aggregation/normalize.js";
import { InvalidOptionError } from "../errors.js";
import type { Verify, VerifyTurn } from "./verify.js";

export interface AgreementOptions {
  /** Equal answers that pass. @default 2 */
  readonly need?: number;
  /** What makes two answers equal. @default normalizeText */
  readonly normalize?: Normalize;
}

/**
 * Passes as soon as enough models gave the same answer: asks up a ladder until two agree.
 *
 * **When to use** - answers are comparable (numbers, choices, labels) and cheap models often agree; no judge is paid.
 * **Gotchas** - the first tier can never pass alone; free text never equals itself, so give a `normalize`. All answers of the run
 * count, not only neighbours. The last tier answers without agreement when none was found (see `createCascade`).
 *
 * @returns a `Verify`; its score is the share of the answers so far (of `need`, while there are fewer) that agree with this one
 * @example
 * ```ts
 * createCascade({ models: { tiny, small, large }, verify: agreement({ normalize: normalizeNumber }) });
 * ```
 * @throws {InvalidOptionError} when `need` is not a whole number of at least 2
 */
export function agreement({ need = 2, normalize = normalizeText }: AgreementOptions = {}): Verify {
  if (!(Number.isInteger(need) && need >= 2))
    throw new InvalidOptionError("agreement.need", need, "give a whole number of at least 2");
  return function agreement({ answer, candidates }: VerifyTurn) {
    const key = normalize(answer);
    const equal = key === "" ? 0 : candidates.filter(({ message }) => normalize(message) === key).length;
    const reason =
      key === ""
        ? "the answer holds nothing to compare"
        : `${equal} of ${candidates.length} answers agree, ${need} are needed`;
    return { pass: equal >= need, score: equal / Math.max(need, candidates.length), reason };
  };
}
