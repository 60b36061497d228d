import { mentioning, mentionsOf } from "../models/mentions.js";
import type { Verdict } from "../state/verdict.js";
import { checkVerifiers, composed, Unjudged, type Verify, type VerifyTurn, verdictOf, withAnswer } from "./verify.js";

/**
 * Passes an answer that at least one verifier passes.
 *
 * **When to use** - several signs of a good answer are each enough: two models agree, or the judge is content.
 * **Gotchas** - stops at the first one that passes, so put the cheap one first; when none does, the score is the highest and the
 * feedback of all is joined. Where a judge fails as a call, the others are asked all the same: an answer one of them passes is
 * passed, else nothing is said (see `onUnverified` of `createCascade`). On the last tier of a cascade those that ask a model are
 * left out; one of the others may still pass the answer. An answer one verifier
 * replaces (a confidence stripped off) is what the next one sees, and what is returned.
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
    const refused: Verdict[] = [];
    let seen = turn;
    let silent: Error | undefined;
    for (const verify of verifiers) {
      const verdict = await verdictOf(verify, seen, "anyOf");
      if (verdict instanceof Error) {
        silent ??= verdict;
        if (verdict instanceof Unjudged) seen = withAnswer(seen, verdict);
        continue;
      }
      seen = withAnswer(seen, verdict);
      if (verdict.pass) return { ...verdict, ...replaced(turn, seen) };
      refused.push(verdict);
    }
    if (silent !== undefined) throw silent instanceof Unjudged ? new Unjudged(seen.answer) : silent;
    const [best] = refused.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1));
    const joined = (key: "feedback" | "reason") =>
      refused.flatMap((verdict) => verdict[key] ?? []).join("; ") || undefined;
    return { ...best!, ...replaced(turn, seen), reason: joined("reason"), feedback: joined("feedback") };
  }
  mentioning(anyOf, mentionsOf(verifiers));
  return composed(anyOf, verifiers);
}

/** The answer verifiers left in place of the judged one. */
function replaced({ answer: judged }: VerifyTurn, { answer }: VerifyTurn): Pick<Verdict, "answer"> {
  return answer === judged ? {} : { answer };
}
