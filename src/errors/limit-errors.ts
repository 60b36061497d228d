import { ModelCallError } from "./call-errors.js";
import { namespace } from "./orchestration-error.js";

/** Returns true for the class of a call that was not made, or ended, because of a budget, a deadline or a privacy rule. */
export function isLimit(kind: string | undefined): boolean {
  return kind === "budget" || kind === "deadline" || kind === "not_allowed";
}

interface Reached {
  readonly path: string;
  readonly reason: string;
  /** Error of the run that had no answer because of the limit. */
  readonly cause?: unknown;
}

/** A call does not fit what a budget has left, and the run has no answer without it. */
export class BudgetExceededError extends namespace.brand(ModelCallError, "budget-exceeded") {
  override readonly name = "BudgetExceededError";
  constructor(
    { path, reason, cause = new Error(reason) }: Reached,
    readonly limitUsd: number,
    /** Settled and reserved dollars. */
    readonly spentUsd: number,
  ) {
    super({ path, reason, cause, class: "budget", movesOn: true });
  }
}

/** The deadline of a run passed before it had an answer. */
export class DeadlineExceededError extends namespace.brand(ModelCallError, "deadline-exceeded") {
  override readonly name = "DeadlineExceededError";
  constructor(
    { path, reason, cause = new Error(reason) }: Reached,
    /** Milliseconds from the start of the run. */
    readonly deadlineMs: number,
  ) {
    super({ path, reason, cause, class: "deadline", movesOn: true });
  }
}
