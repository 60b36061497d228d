import { InvalidOptionError } from "../errors/index.js";
import { refuseUncalled } from "../errors/uncalled.js";
import type { Verdict } from "../state/verdict.js";
import { checkVerdict, type Verify, type VerifyTurn } from "./verify.js";

/**
 * Makes a verifier out of any function: a test run, a compiler, a rule.
 *
 * **When to use** - a tool can tell right from wrong; it beats every judge.
 * **Gotchas** - a function that throws ends the run: it is a bug, not an answer that is bad. Where a tool may be down, catch that
 * and return what it shall mean. Only a model that fails as a call is an outage (see `onUnverified` of `createCascade`).
 *
 * @param passes gets the whole turn; returns a boolean or a verdict
 * @example
 * ```ts
 * createCascade({ models: { small, large }, verify: check(({ answer }) => answer.text.length < 500) });
 * ```
 * @throws {InvalidOptionError} when it is not a function
 */
export function check(passes: (turn: VerifyTurn) => boolean | Verdict | Promise<boolean | Verdict>): Verify {
  refuseUncalled(passes, "check");
  if (typeof passes !== "function")
    throw new InvalidOptionError("check", passes, "give a function that says whether an answer passes");
  return async function check(turn) {
    const verdict = await passes(turn);
    if (typeof verdict !== "boolean")
      return checkVerdict(verdict, "check", "its function must return true, false or { pass: boolean, … }");
    return { pass: verdict, reason: verdict ? "the check passed" : "the check failed" };
  };
}
