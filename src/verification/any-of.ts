import { InvalidOptionError } from "../errors/index.js";
import type { Verdict } from "../state/verdict.js";
import { composed, judgedBy, Unjudged, type Verify, type VerifyTurn, withAnswer } from "./verify.js";

/**
 * Passes an answer that at least one verifier passes.
 *
 * **When to use** - several signs of a good answer are each enough: two models agree, or the judge is content.
 * **Gotchas** - stops at the first one that passes, so put the cheap one first; when none does, the score is the highest and the
 * feedback of all is joined. On the last tier of a cascade those that ask a model are left out; one of the others may still pass the
 * answer. A verifier that throws is not skipped: it says nothing about the answer. An answer one verifier
 * replaces (a confidence stripped off) is what the next one sees, and what is returned.
 *
 * @example
 * ```ts
 * createCascade({ models: { small, large }, verify: anyOf(agreement(), judgeWith(large)) });
 * ```
 * @throws {InvalidOptionError} when there is no verifier
 */
export function anyOf(...verifiers: readonly Verify[]): Verify {
  if (verifiers.length === 0 || verifiers.some((verify) => typeof verify !== "function")) {
    throw new InvalidOptionError("anyOf", verifiers, "give at least one verifier, each a function");
  }
  async function anyOf(turn: VerifyTurn): Promise<Verdict> {
    const refused: Verdict[] = [];
    let seen = turn;
    let unjudged = false;
    for (const verify of verifiers) {
      let verdict: Verdict;
      try {
        verdict = await judgedBy(verify, seen, verify.name || "anyOf");
      } catch (error) {
        if (!(error instanceof Unjudged)) throw error;
        unjudged = true;
        seen = withAnswer(seen, error);
        continue;
      }
      seen = withAnswer(seen, verdict);
      if (verdict.pass) return { ...verdict, ...replaced(turn, seen) };
      refused.push(verdict);
    }
    if (unjudged) throw new Unjudged(seen.answer);
    const [best] = refused.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1));
    const joined = (key: "feedback" | "reason") =>
      refused.flatMap((verdict) => verdict[key] ?? []).join("; ") || undefined;
    return { ...best!, ...replaced(turn, seen), reason: joined("reason"), feedback: joined("feedback") };
  }
  return composed(anyOf, verifiers);
}

/** The answer verifiers left in place of the judged one. */
function replaced({ answer: judged }: VerifyTurn, { answer }: VerifyTurn): Pick<Verdict, "answer"> {
  return answer === judged ? {} : { answer };
}
