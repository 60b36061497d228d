import { mentioning, mentionsOf } from "../models/mentions.js";
import type { Verdict } from "../state/verdict.js";
import { checkVerifiers, composed, Unjudged, type Verify, type VerifyTurn, verdictOf, withAnswer } from "./verify.js";

/**
 * Passes an answer that every verifier passes.
 *
 * **When to use** - cheap checks first, a judge last.
 * **Gotchas** - stops at the first one that fails, so later ones are not paid; the score is the lowest, reason and feedback
 * are those of the last one asked. Where a judge fails as a call, the others are asked all the same: an answer one of them refuses is
 * refused, else nothing is said (see `onUnverified` of `createCascade`). On the last tier of a cascade those that ask a model are
 * left out; one of the others may still fail the answer. An answer one verifier replaces (a confidence stripped off) is what the
 * next one sees.
 *
 * @example
 * ```ts
 * allOf(matchesSchema(Report), judgeWith(large));
 * ```
 * @throws {InvalidOptionError} when there is no verifier
 */
export function allOf(...verifiers: readonly Verify[]): Verify {
  checkVerifiers(verifiers, "allOf");
  async function allOf(turn: VerifyTurn): Promise<Verdict> {
    let verdict: Verdict = { pass: true };
    let seen = turn;
    let silent: Error | undefined;
    for (const verify of verifiers) {
      const next = await verdictOf(verify, seen, "allOf");
      if (next instanceof Error) {
        silent ??= next;
        if (next instanceof Unjudged) seen = withAnswer(seen, next);
        continue;
      }
      const lowest = (next.score ?? Infinity) < (verdict.score ?? Infinity) ? next : verdict;
      verdict = {
        ...(verdict.answer === undefined ? {} : { answer: verdict.answer }),
        ...next,
        ...(lowest.score === undefined ? {} : { score: lowest.score, threshold: lowest.threshold }),
      };
      if (!next.pass) return verdict;
      seen = withAnswer(seen, next);
    }
    if (silent !== undefined) throw silent instanceof Unjudged ? new Unjudged(seen.answer) : silent;
    return verdict;
  }
  mentioning(allOf, mentionsOf(verifiers));
  return composed(allOf, verifiers);
}
