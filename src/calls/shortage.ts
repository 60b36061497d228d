import type { BaseMessage } from "@langchain/core/messages";
import { BudgetExceededError, type DeadlineExceededError } from "../errors/index.js";
import type { Purse } from "../ledger/purse.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Unavailable } from "../resilience/guard.js";
import { pursesOf, shortOf, worstCase } from "./budgeted.js";
import { deadlineError } from "./deadline-error.js";
import { timeLeft } from "./means.js";
import type { Scope } from "./scope.js";

/** Returns why a run has no time or money left for a model; `undefined` if it has, or if only a call can tell. */
export function shortage(
  model: ResolvedModel,
  messages: readonly BaseMessage[],
  scope: Scope,
): Unavailable | undefined {
  const { means } = scope;
  if (timeLeft(means) <= 0) return { reason: deadlineError(means!.deadline!, scope.path).reason, final: true };
  const purses = pursesOf(model, scope);
  if (purses.length === 0) return undefined;
  const isChat = model.kind === "chat";
  const request = { model, messages, scope, options: { role: "answer" } } as const;
  const worst = isChat ? worstCase(request) : undefined;
  for (const purse of purses) {
    const reason = worst === undefined ? spentOf(purse) : shortOf(purse, model.price ?? null, worst);
    if (reason !== undefined) return { reason, final: true };
  }
  return undefined;
}

function spentOf(purse: Purse): string | undefined {
  const { name, limitUsd } = purse;
  return (purse.used() ?? 0) < limitUsd ? undefined : `${name} of $${limitUsd} is spent`;
}

/** Returns true if a reason of `shortOf` or `spentOf` names this limit. */
function isIn(reason: string, { name }: Purse): boolean {
  return reason.includes(`, and ${name} `) || reason.startsWith(`${name} of $`);
}

/**
 * Makes the error of a run that ends without an answer because of its deadline or a budget.
 *
 * @param models models that were not called for that reason
 */
export function limitError(
  models: readonly ResolvedModel[],
  scope: Scope,
  reason: string,
  cause?: unknown,
): BudgetExceededError | DeadlineExceededError {
  const { means, path } = scope;
  if (timeLeft(means) <= 0) return deadlineError(means!.deadline!, path, cause);
  const purses = [...(means?.allowances ?? []), ...models.flatMap((model) => pursesOf(model, scope))];
  const purse = purses.find((each) => isIn(reason, each)) ?? purses[0];
  const { limitUsd = 0 } = purse ?? {};
  return new BudgetExceededError(
    { path, reason, cause: cause ?? new Error(reason) },
    limitUsd,
    purse?.used() ?? limitUsd,
  );
}
