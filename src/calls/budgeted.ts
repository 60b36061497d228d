import type { BaseMessage } from "@langchain/core/messages";
import { BudgetExceededError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { costOf } from "../ledger/usage.js";
import { mostInputTokens, type NanoUsd, toNano, worstCaseOf } from "../ledger/worst-case.js";
import { asSent, boundExtras } from "../models/request-extras.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Next } from "../resilience/policy.js";
import type { Hold, Purse } from "../resilience/purse.js";
import type { RunContext } from "../state/run-context.js";
import type { Answer } from "./answer.js";
import type { AskOptions } from "./ask-options.js";
import type { Attempt } from "./attempt.js";
import { callerOptions } from "./caller-options.js";
import type { Scope } from "./scope.js";

/** Worst case of a request. */
interface WorstCase {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** What the worst case of a request depends on. */
interface Asked extends Pick<Attempt, "model" | "scope"> {
  readonly messages: readonly BaseMessage[];
  readonly options: Pick<AskOptions, "role" | "schema" | "hidden" | "returned">;
}

interface Reserved {
  readonly purse: Purse;
  readonly amount: NanoUsd;
  readonly hold: Hold;
}

/** Returns everything that a call of a model has to fit into: limits of the run, and budgets of its entry and of the patterns around. */
export function pursesOf({ entry }: Pick<ResolvedModel, "entry">, { means, config }: Scope): readonly Purse[] {
  if (means === undefined && entry.budget === undefined) return [];
  const { allowances = [], budgets = [] } = means ?? {};
  const context = (config.context ?? {}) as RunContext;
  const tags = [...(context.tags ?? []), ...(entry.tags ?? [])];
  const windows = entry.budget === undefined || budgets.includes(entry.budget) ? budgets : [...budgets, entry.budget];
  return [...allowances, ...windows.flatMap((budget) => budget.purse(context, tags) ?? [])];
}

/**
 * Reserves the worst case of an attempt in every budget that it counts for, sends its output limit with it, and settles what it really
 * cost. An attempt whose cost is unknown, because it timed out or was cancelled, settles at the whole reservation.
 *
 * @throws {BudgetExceededError} when it does not fit
 */
export async function budgeted(request: Attempt, next: Next<Attempt, Answer>): Promise<Answer> {
  const { model, scope, outcome } = request;
  const purses = pursesOf(model, scope);
  if (purses.length === 0) return next(request);
  const worst = worstCase(request);
  const reserved: Reserved[] = [];
  try {
    for (const purse of purses) {
      const amount = amountFor(purse, model, worst);
      const asked = amount === undefined ? undefined : purse.reserve(amount);
      const hold = asked instanceof Promise ? await asked : asked;
      if (amount === undefined || hold === undefined) throw refusal(purse, model, scope, worst);
      reserved.push({ purse, amount, hold });
    }
    return await next({ ...request, options: { ...request.options, maxTokens: worst.outputTokens } });
  } finally {
    const settled = reserved.map(({ purse, amount, hold }) => hold.settle(spentBy(outcome.call, purse, amount)));
    await Promise.all(settled.filter((each) => each instanceof Promise));
  }
}

/** Returns the reason why a call would not fit, as far as this process knows; `undefined` if it may fit. */
export function shortOf(purse: Purse, model: ResolvedModel, worst: WorstCase): string | undefined {
  const used = purse.used();
  const amount = amountFor(purse, model, worst);
  if (amount === undefined) return `its price is unknown, and ${purse.name} counts dollars: set \`price\` on its entry`;
  if (used === undefined || toNano(used) + amount <= toNano(purse.limitUsd)) return undefined;
  return `it may cost $${dollars(amount / 1e9)}, and ${purse.name} has $${dollars(Math.max(0, purse.limitUsd - used))} left of $${purse.limitUsd}`;
}

/** Returns the most tokens a request can take and give. */
export function worstCase({ model, messages, scope, options }: Asked): WorstCase {
  const wanted = callerOptions(scope, options);
  const { settings, tools = [], form } = wanted ?? {};
  const extras = [...tools, form, options.schema].filter((extra) => extra !== undefined).map(asSent);
  const own = settings?.parameters.maxTokens;
  return {
    inputTokens: mostInputTokens(messages, [...extras, ...boundExtras(model.runnable)]),
    outputTokens: Math.min(own ?? Infinity, model.maxOutputTokens),
  };
}

function amountFor(purse: Purse, { price }: ResolvedModel, worst: WorstCase): NanoUsd | undefined {
  const known = price ?? purse.assumePrice;
  return known && worstCaseOf(known, worst.inputTokens, worst.outputTokens);
}

function spentBy(call: ModelCall | undefined, { assumePrice }: Purse, reserved: NanoUsd): NanoUsd {
  if (call === undefined || call.status === "cached" || call.usage === undefined) return 0; // never sent, or rejected unbilled
  if (call.estimated === true) return reserved;
  return toNano(costOf(call.usage, call.price ?? assumePrice ?? null) ?? reserved / 1e9);
}

function refusal(purse: Purse, model: ResolvedModel, { path }: Scope, worst: WorstCase): BudgetExceededError {
  const used = purse.used() ?? purse.limitUsd;
  const reason = shortOf(purse, model, worst) ?? `${purse.name} of $${purse.limitUsd} has no room for it`;
  return new BudgetExceededError({ path, reason }, purse.limitUsd, used);
}

/** Shortens an amount to what matters: $0.0123, $0.00000255. */
function dollars(usd: number): string {
  return usd === 0 ? "0" : String(Number(usd.toPrecision(3)));
}
