import type { BaseMessage } from "@langchain/core/messages";
import { BudgetExceededError, type DeadlineExceededError, type Failure, NotAllowedError } from "../errors/index.js";
import type { Purse } from "../ledger/purse.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Unavailable } from "../resilience/guard.js";
import { keptFor, pursesOf, shortOf, worstCase } from "./budgeted.js";
import { deadlineError } from "./deadline-error.js";
import { timeLeft } from "./means.js";
import type { Scope } from "./scope.js";

/** Reason why a run has no time or money left for a model. */
export interface Shortage extends Unavailable {
  /** The budget without room; unset if it is the deadline that has passed. */
  readonly budget?: Failure["budget"];
  /** True if it is a privacy rule that keeps the run from the model. */
  readonly isBarred?: true;
}

/**
 * Returns why a run has no time or money left for a model; `undefined` if it has, or if only a call can tell.
 *
 * @param others models that go first: what a call of each may cost has to be left for them
 */
export function shortage(
  model: ResolvedModel,
  messages: readonly BaseMessage[],
  scope: Scope,
  others: readonly ResolvedModel[] = [],
): Shortage | undefined {
  const { means } = scope;
  if (timeLeft(means) <= 0) return { reason: deadlineError(means!.deadline!, scope.path).reason, final: true };
  const purses = pursesOf(model, scope);
  if (purses.length === 0) return undefined;
  const isChat = model.kind === "chat";
  const request = { messages, scope, options: { role: "answer" } } as const;
  const worst = isChat ? worstCase({ ...request, model }) : undefined;
  for (const purse of purses) {
    const kept = others.length === 0 ? 0 : keptFor(purse, request, others);
    const reason = worst === undefined ? spentOf(purse) : shortOf(purse, model.price ?? null, worst, kept);
    if (reason === undefined) continue;
    if (scope.rehearsal === undefined && others.length === 0) purse.refuse(); // what gives way to others is no refusal
    const { limitUsd } = purse;
    return { reason, final: true, budget: { limitUsd, spentUsd: purse.used() ?? limitUsd } };
  }
  return undefined;
}

function spentOf(purse: Purse): string | undefined {
  const { name, limitUsd } = purse;
  return (purse.used() ?? 0) < limitUsd ? undefined : `${name} of $${limitUsd} is spent`;
}

/** Reads the shortage that a call failed of. */
export function shortageIn(failure: Failure | undefined): Shortage | undefined {
  return (
    failure && {
      reason: failure.message,
      ...(failure.budget && { budget: failure.budget }),
      ...(failure.class === "not_allowed" && { isBarred: true }),
    }
  );
}

/** Makes the error of a run that ends without an answer because of its deadline, a budget or a privacy rule. */
export function limitError(
  { means, path }: Scope,
  { reason, budget, isBarred }: Shortage,
  cause: unknown = new Error(reason),
): BudgetExceededError | DeadlineExceededError | NotAllowedError {
  if (isBarred) return new NotAllowedError({ path, reason, cause });
  const { deadline, allowances = [] } = means ?? {};
  if (deadline !== undefined && (budget === undefined || timeLeft(means) <= 0))
    return deadlineError(deadline, path, cause);
  const { limitUsd = 0, spentUsd = limitUsd } = budget ?? { limitUsd: allowances[0]?.limitUsd }; // a state of an earlier version, or an edited one, has no `budget`
  return new BudgetExceededError({ path, reason, cause }, limitUsd, spentUsd);
}
