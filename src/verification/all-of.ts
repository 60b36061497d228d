import { InvalidOptionError } from "../errors/index.js";
import type { Verdict } from "../state/verdict.js";
import { checkVerdict, type Verify, type VerifyTurn, withAnswer } from "./verify.js";

/**
 * Passes an answer that every verifier passes.
 *
 * **When to use** - cheap checks first, a judge last.
 * **Gotchas** - stops at the first one that fails, so later ones are not paid; the score is the lowest, reason and feedback
 * are those of the last one asked. An answer one verifier replaces (a confidence stripped off) is what the next one sees.
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
    for (const verify of verifiers) {
      const next = checkVerdict(await verify(seen), verify.name || "allOf");
      const lowest = (next.score ?? Infinity) < (verdict.score ?? Infinity) ? next : verdict;
      verdict = {
        ...(verdict.answer === undefined ? {} : { answer: verdict.answer }),
        ...next,
        ...(lowest.score === undefined ? {} : { score: lowest.score, threshold: lowest.threshold }),
      };
      if (!next.pass) return verdict;
      seen = withAnswer(seen, next);
    }
    return verdict;
  }
  const instruction = verifiers.flatMap((verify) => verify.instruction ?? []).join("\n");
  return instruction === "" ? allOf : Object.assign(allOf, { instruction });
}
