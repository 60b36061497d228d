import type { AIMessage } from "@langchain/core/messages";
import type { Budget } from "../ledger/purse.js";
import type { Models } from "../models/model.js";
import { createFallback, type FallbackOptions } from "../patterns/create-fallback.js";
import { type BudgetOptions, budget, checkBudget } from "../resilience/budget.js";
import { checkOwn } from "./check-own.js";
import { type LedgerMiddleware, stepMiddleware } from "./step-middleware.js";

interface WithinBudget<Name extends string> {
  /** Models before the agent's own, in key order; one that does not fit into what is left is passed over. @default none */
  readonly models?: Models<Name>;
  /** Answer of the step when nothing fits, with which the agent ends. @default throws `BudgetExceededError` */
  readonly defaultResponse?: string | AIMessage;
}

/** Options of `budget`, or a budget that other graphs have too. */
export type BudgetMiddlewareOptions<Name extends string = string> = WithinBudget<Name> &
  (BudgetOptions | { readonly budget: Budget });

/**
 * Caps what the model calls of an agent may cost in an hour, a day or a month.
 *
 * **When to use** - an agent that loops must not spend more than planned; a budget of each user with `key`.
 * **Gotchas** - it covers the model that the middleware before it chose, so it goes last in `middleware`; models that tools or other
 * middleware call themselves are not covered. The worst case of a call is reserved before it (see `budget`). For one run give
 * `context: { maxCostUsd }`, which every middleware of this package heeds for its step. LangChain wraps what it throws: the error of
 * this package is `error.cause`. More: docs/middleware.md
 *
 * @example
 * ```ts
 * const agent = createAgent({ model: large, tools, middleware: [budgetMiddleware({ usd: 20, per: "day" })] });
 * ```
 * @throws {InvalidOptionError} when an option is invalid, or one of the agent's
 * @throws {InvalidModelError} when a model cannot answer messages
 */
export function budgetMiddleware<Name extends string = never>(
  options: BudgetMiddlewareOptions<Name>,
): LedgerMiddleware {
  checkOwn(options, "budgetMiddleware");
  const { models = {}, defaultResponse, ...rest } = options;
  const cap = "budget" in rest ? rest.budget : budget(rest);
  checkBudget(cap, "budgetMiddleware.budget");
  const shared = { budget: cap, ...(defaultResponse !== undefined && { defaultResponse }) };
  const listed = Object.keys(models).length > 0 && { models: models as Models<string> };
  if (listed) createFallback({ ...shared, ...listed });
  return stepMiddleware(named("budgetMiddleware", cap), (model) => {
    const chain: FallbackOptions<string> = listed ? { ...listed, fallback: model } : { models: { model } };
    return createFallback({ ...shared, ...chain });
  });
}

/** Returns the name of a middleware, of which an agent takes one each: budgets with names of their own may be several. */
function named(owner: string, { name }: Budget): string {
  return name === "budget" ? owner : `${owner}_${name.replaceAll(/[^\w-]/g, "_")}`;
}
