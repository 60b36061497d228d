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
 * Passes an answer that at least one verifier passes.
 *
 * **When to use** - each of several signs of a good answer is enough: two models agree, or the judge approves.
 * **Gotchas** - stops at the first verifier that passes the answer, so put the cheap one first. If all fail it, the score is the
 * highest and all feedback is joined. Failed judges, the last tier and replaced answers are handled as in `allOf`.
 *
 * @example
 * ```ts
 * createCascade({ models: { small, large }, verify: anyOf(agreement(), judgeWith(large)) });
 * ```
 * @throws {InvalidOptionError} when there is no verifier
 */
export function anyOf(...verifiers: readonly Verify[]): Verify {
  checkVerifiers(verifiers, "anyOf");
  async function anyOf(turn: VerifyTurn): Promise<Verdict> {
    const failed: Verdict[] = [];
    let seen = turn;
    let failure: Error | undefined;
    for (const verify of verifiers) {
      const verdict = await verdictOrFailure(verify, seen, "anyOf");
      if (verdict instanceof Error) {
        failure ??= verdict;
        if (verdict instanceof Unjudged) seen = withAnswer(seen, verdict);
        continue;
      }
      seen = withAnswer(seen, verdict);
      if (verdict.pass) return { ...verdict, ...replaced(turn, seen) };
      failed.push(verdict);
    }
    if (failure !== undefined) throw failure instanceof Unjudged ? new Unjudged(seen.answer) : failure;
    const [best] = failed.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1));
    const joined = (key: "feedback" | "reason") =>
      failed.flatMap((verdict) => verdict[key] ?? []).join("; ") || undefined;
    return { ...best!, ...replaced(turn, seen), reason: joined("reason"), feedback: joined("feedback") };
  }
  mentioning(anyOf, mentionsOf(verifiers));
  notePrompts(anyOf, notedPrompts(verifiers));
  return composed(anyOf, verifiers);
}

function replaced({ answer: judged }: VerifyTurn, { answer }: VerifyTurn): Pick<Verdict, "answer"> {
  return answer === judged ? {} : { answer };
}
