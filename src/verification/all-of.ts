import { mentioning, mentionsOf } from "../models/mentions.js";
import { notedPrompts, notePrompts } from "../state/note-prompts.js";
import type { Verdict } from "../state/verdict.js";
import {
  checkVerifiers,
  composed,
  Unjudged,
  type Verify,
  type VerifyTurn,
  verdictOrFailure,
  withAnswer,
} from "./verify.js";

/**
 * Passes an answer that every verifier passes.
 *
 * **When to use** - cheap checks first, a judge last.
 * **Gotchas** - stops at the first verifier that fails the answer; the score is the lowest, reason and feedback are the last. If a
 * judge's call fails, the other verifiers still run: the answer fails if one of them fails it, otherwise it is unverified (see
 * `onUnverified` of `createCascade`). On the last tier of a cascade, verifiers that call a model are skipped; the others may still
 * fail the answer. If a verifier replaces the answer (strips a confidence), the next one sees the new answer.
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
    let failure: Error | undefined;
    for (const verify of verifiers) {
      const next = await verdictOrFailure(verify, seen, "allOf");
      if (next instanceof Error) {
        failure ??= next;
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
    if (failure !== undefined) throw failure instanceof Unjudged ? new Unjudged(seen.answer) : failure;
    return verdict;
  }
  mentioning(allOf, mentionsOf(verifiers));
  notePrompts(allOf, notedPrompts(verifiers));
  return composed(allOf, verifiers);
}
