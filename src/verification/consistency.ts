import { tally } from "../aggregation/tally.js";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError, ModelCallError } from "../errors/index.js";
import type { Verdict } from "../state/verdict.js";
import { checkedNormalize, type Normalize, normalizeText } from "../text/normalizers/normalize.js";
import { checkThreshold, type Verify, type VerifyTurn } from "./verify.js";

export interface ConsistencyOptions {
  /** Total number of answers, including the judged one. */
  readonly samples: number;
  /** Share of the answers that must agree, 0..1, inclusive. @default 0.6 */
  readonly threshold?: number;
  /** Brings answers into the form that is compared. @default normalizeText */
  readonly normalize?: Normalize;
}

/**
 * Calls the same model again, and passes when enough of its answers agree (self-consistency, Wang et al. 2022,
 * arXiv:2203.11171); stops as soon as the outcome is decided (adaptive consistency, Aggarwal et al. 2023, arXiv:2305.11860).
 *
 * **When to use** - answers are comparable, and several cheap samples cost less than the next tier.
 * **Gotchas** - a temperature of 0 repeats the same answer and proves nothing. Returns the most frequent answer, not always the
 * first. The last tier of a cascade is not sampled (`judgeLast`). Samples bypass the client's cache; a failed one disagrees.
 *
 * @example
 * ```ts
 * createCascade({ models: { small, large }, verify: consistency({ samples: 5, normalize: normalizeNumber }) });
 * ```
 * @throws {InvalidOptionError} when `samples` is not a whole number of at least 2, `threshold` is not from 0 to 1, or `normalize`
 * is not a function
 */
export function consistency(options: ConsistencyOptions): Verify {
  checkKeys(options, "consistency", ["samples", "threshold", "normalize"]);
  const { samples, threshold = 0.6, normalize: given = normalizeText } = options ?? {};
  const normalize = checkedNormalize(given, "consistency.normalize");
  if (!(Number.isInteger(samples) && samples >= 2)) {
    throw new InvalidOptionError("consistency.samples", samples, "give a whole number of at least 2");
  }
  checkThreshold(threshold, "consistency.threshold");
  const needed = Math.max(1, Math.ceil(threshold * samples - 1e-9));
  async function consistency({ messages, answer, ask }: VerifyTurn): Promise<Verdict> {
    const answers = [{ name: "1", message: answer }];
    for (let asked = 1; ; asked++) {
      const [first] = tally(answers, asked, normalize).groups;
      const leading = first!.key === "" ? 0 : first!.answers.length;
      if (leading >= needed || leading + samples - asked < needed) {
        const reason = `${leading} of ${asked} answers agree, ${needed} of ${samples} are needed`;
        const score = leading / asked;
        return { pass: leading >= needed, score, threshold, reason, answer: first!.answers[0]!.message };
      }
      try {
        answers.push({ name: String(asked + 1), message: await ask(messages, { role: "answer", fresh: true }) });
      } catch (error) {
        if (!ModelCallError.isInstance(error)) throw error;
      }
    }
  }
  return Object.assign(consistency, { asks: true });
}
