import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import type { Verdict } from "../state/verdict.js";
import { checkVerdict, type Verify, type VerifyTurn } from "./verify.js";

/**
 * Makes a verifier from a function: a test run, a compiler, a rule.
 *
 * **When to use** - a tool can tell right from wrong, which beats every judge.
 * **Gotchas** - if the function throws, the run ends, since that is a bug and not a bad answer. If a tool may be down, catch its
 * error and return a verdict.
 *
 * @param passes receives the whole turn; returns a boolean or a verdict
 * @example
 * ```ts
 * createCascade({ models: { small, large }, verify: check(({ answer }) => answer.text.length < 500) });
 * ```
 * @throws {InvalidOptionError} when `passes` is not a function
 */
export function check(passes: (turn: VerifyTurn) => boolean | Verdict | Promise<boolean | Verdict>): Verify {
  refuseFactory(passes, "check");
  if (typeof passes !== "function")
    throw new InvalidOptionError("check", passes, "give a function that says whether an answer passes");
  return async function check(turn) {
    const verdict = await passes(turn);
    if (typeof verdict !== "boolean")
      return checkVerdict(verdict, "check", "its function must return true, false or { pass: boolean, … }");
    return { pass: verdict, reason: verdict ? "the check passed" : "the check failed" };
  };
}
