import { InvalidOptionError } from "../errors/index.js";
import type { Verdict } from "../state/verdict.js";
import { composed, judgedBy, Unjudged, type Verify, type VerifyTurn, withAnswer } from "./verify.js";

/**
 * Passes an answer that every verifier passes.
 *
 * **When to use** - cheap checks first, a judge last.
 * **Gotchas** - stops at the first one that fails, so later ones are not paid; the score is the lowest, reason and feedback
 * are those of the last one asked. On the last tier of a cascade those that ask a model are left out; one of the others may still
 * fail the answer. An answer one verifier replaces (a confidence stripped off) is what the next one sees.
 *
 * @example
 * ```ts
 * allOf(matchesSchema(Report), judgeWith(large));
 * ```
 * @throws {InvalidOptionError} when there is no verifier
 */
export function allOf(...verifiers: readonly Verify[]): Verify {
  if (verifiers.length === 0 || verifiers.some((verify) => typeof verify !== "function")) {
    throw new InvalidOptionError("allOf", verifiers, "give at least one verifier, each a function");
  }
  async function allOf(turn: VerifyTurn): Promise<Verdict> {
    let verdict: Verdict = { pass: true };
    let seen = turn;
    let unjudged = false;
    for (const verify of verifiers) {
      let next: Verdict;
      try {
        next = await judgedBy(verify, seen, verify.name || "allOf");
      } catch (error) {
        if (!(error instanceof Unjudged)) throw error;
        unjudged = true;
        seen = withAnswer(seen, error);
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
    if (unjudged) throw new Unjudged(seen.answer);
    return verdict;
  }
  return composed(allOf, verifiers);
}
