import type { BaseMessage } from "@langchain/core/messages";
import { BudgetExceededError } from "../errors/index.js";
import { isUnbilledLine } from "../ledger/line.js";
import type { ModelCall, Price } from "../ledger/model-call.js";
import type { Hold, Purse } from "../ledger/purse.js";
import { costOf } from "../ledger/usage.js";
import { limitInNano, mostInputTokens, type NanoUsd, toNano, worstCaseOf } from "../ledger/worst-case.js";
import { answersIn, answersPerCall } from "../models/answers-per-call.js";
import { asSent, boundExtras } from "../models/request-extras.js";
import { defaultOutputTokens, type ResolvedModel } from "../models/resolve.js";
import type { Next } from "../resilience/policy.js";
import type { RunContext } from "../state/run-context.js";
import type { ReserveCall } from "../tracing/ledger-place.js";
import type { Answer } from "./answer.js";
import type { AskOptions } from "./ask-options.js";
import type { Attempt } from "./attempt.js";
import { callerOptions } from "./caller-options.js";
import type { Scope } from "./scope.js";

/** Worst case of a request. */
interface WorstCase {
  readonly inputTokens: number;
  /** Tokens of one answer. */
  readonly outputTokens: number;
  /** Answers that the request asks for. @default 1 */
  readonly answers?: number;
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
export function pursesOf({ entry }: Pick<ResolvedModel, "entry">, { means, config, turnId }: Scope): readonly Purse[] {
  if (means === undefined && entry.budget === undefined) return [];
  const { allowances = [], budgets = [] } = means ?? {};
  const context = (config.context ?? {}) as RunContext;
  const tags = [...(context.tags ?? []), ...(entry.tags ?? [])];
  const windows = entry.budget === undefined || budgets.includes(entry.budget) ? budgets : [...budgets, entry.budget];
  return [...allowances, ...windows.flatMap((budget) => budget.purse(context, tags, turnId) ?? [])];
}

/**
 * Reserves the worst case of an attempt in every budget that it counts for, sends its output limit with it, and settles what it really
 * cost. An attempt whose cost is unknown, because it timed out, broke off or was cancelled, settles at the whole reservation.
 *
 * @throws {BudgetExceededError} when it does not fit
 */
export async function budgeted(request: Attempt, next: Next<Attempt, Answer>): Promise<Answer> {
  const { model, scope, outcome } = request;
  const purses = pursesOf(model, scope);
  if (purses.length === 0) return next(request);
  const worst = worstCase(request);
  const { begin, settle } = await reserveIn(purses, model.price ?? null, worst, scope.path);
  outcome.sending = begin;
  delete outcome.call; // that of another client of a pool is settled
  try {
    return await next({ ...request, options: { ...request.options, maxTokens: worst.outputTokens } });
  } finally {
    delete outcome.sending; // another client of a pool may count for no budget
    await settle(outcome.call);
  }
}

/**
 * Reserves for calls that an agent or a foreign graph makes itself; its clients keep their own output limits, or `maxOutputTokens` of the
 * entry is assumed. `undefined` without a budget.
 */
export function reserveBelow(model: ResolvedModel, scope: Scope): ReserveCall | undefined {
  const purses = pursesOf(model, scope);
  return purses.length === 0 ? undefined : reserveFor(purses, model.maxOutputTokens);
}

/** Reserves for calls that are not made by `ask`; where their clients set no output limit, `maxOutputTokens` is assumed. */
export function reserveFor(purses: readonly Purse[], maxOutputTokens = defaultOutputTokens): ReserveCall {
  return async ({ path, messages, price, parameters }) => {
    const own = outputLimits.map((name) => parameters[name]).find((limit) => typeof limit === "number" && limit > 0);
    const inputTokens = mostInputTokens(messages, [asSent(parameters)]);
    const outputTokens = (own as number | undefined) ?? maxOutputTokens;
    const worst = { inputTokens, outputTokens, answers: answersIn(parameters) };
    return holdFor(purses, price, worst, path);
  };
}

/** Names of the output limit in the parameters that clients report. */
const outputLimits = ["max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "num_predict"];

/**
 * Reserves for a call that begins at once, and returns what settles it.
 *
 * @throws {BudgetExceededError} when it does not fit
 */
export async function holdFor(purses: readonly Purse[], price: Price | null, worst: WorstCase, path: string) {
  const { begin, settle } = await reserveIn(purses, price, worst, path);
  try {
    await begin();
  } catch (error) {
    await settle(undefined);
    throw error;
  }
  return settle;
}

/** Reserves a worst case in every budget, or in none. */
async function reserveIn(purses: readonly Purse[], price: Price | null, worst: WorstCase, path: string) {
  const reserved: Reserved[] = [];
  const settle = async (call: ModelCall | undefined) => {
    const settled = reserved.map(({ purse, amount, hold }) => hold.settle(spentBy(call, purse, amount), call?.id));
    await Promise.all(settled.filter((each) => each instanceof Promise));
  };
  for (const purse of purses) {
    const amount = amountFor(purse, price, worst);
    const asked = amount === undefined ? undefined : purse.reserve(amount);
    const hold = asked instanceof Promise ? await asked : asked;
    if (amount === undefined || hold === undefined) {
      await settle(undefined);
      throw refusal(purse, price, path, worst);
    }
    reserved.push({ purse, amount, hold });
  }
  const begin = (): Promise<void> | undefined => {
    const begun = reserved.map(({ purse, hold }) => ({ purse, held: hold.begin?.() }));
    if (!begun.some(({ held }) => held instanceof Promise)) return undefined;
    return Promise.all(
      begun.map(async ({ purse, held }) => {
        if ((await held) === false) throw refusal(purse, price, path, worst);
      }),
    ).then(() => {});
  };
  return { begin, settle };
}

/**
 * Returns the reason why a call would not fit, as far as this process knows; `undefined` if it may fit.
 *
 * @param kept what has to be left for other calls
 */
export function shortOf(purse: Purse, price: Price | null, worst: WorstCase, kept: NanoUsd = 0): string | undefined {
  const used = purse.used();
  const amount = amountFor(purse, price, worst);
  if (amount === undefined) return `its price is unknown, and ${purse.name} counts dollars: set \`price\` on its entry`;
  if (used === undefined || toNano(used) + amount + kept <= limitInNano(purse.limitUsd)) return undefined;
  const left = Math.max(0, purse.limitUsd - used);
  const digits = [3, 6, 9].find((each) => dollars(amount / 1e9, each) !== dollars(left, each)); // not "$0.1 of the $0.1 left"
  const [needed, rest] = [amount / 1e9, left].map((usd) => dollars(usd, digits));
  const others = kept > 0 ? `, of which $${dollars(kept / 1e9, digits)} are kept for the answer` : "";
  return `it may cost $${needed}, and ${purse.name} has $${rest} left of $${dollars(purse.limitUsd)}${others}`;
}

/** Returns what further calls of one prompt may cost in a budget that they count for, one call of each model. */
export function keptFor(purse: Purse, request: Omit<Asked, "model">, models: readonly ResolvedModel[]): NanoUsd {
  const counting = models.filter((model) => pursesOf(model, request.scope).some(({ name }) => name === purse.name));
  const amounts = counting.map(
    (model) => (model.kind === "chat" && amountFor(purse, model.price ?? null, worstCase({ ...request, model }))) || 0,
  );
  return amounts.reduce((sum, amount) => sum + amount, 0);
}

/** Returns the most tokens a request can take and give. */
export function worstCase({ model, messages, scope, options }: Asked): WorstCase {
  const wanted = callerOptions(scope, options, model.entry);
  const { settings, tools = [], form } = wanted ?? {};
  const extras = [...tools, form, options.schema].filter((extra) => extra !== undefined).map((each) => asSent(each));
  const own = settings?.parameters.maxTokens;
  return {
    inputTokens: mostInputTokens(messages, [...extras, ...boundExtras(model.runnable)]),
    outputTokens: Math.min(own ?? Infinity, model.maxOutputTokens),
    answers: answersPerCall(model.runnable),
  };
}

function amountFor({ assumePrice }: Purse, price: Price | null, worst: WorstCase): NanoUsd | undefined {
  const { inputTokens, outputTokens, answers = 1 } = worst;
  const known = price ?? assumePrice;
  return known && worstCaseOf(known, inputTokens, answers * outputTokens);
}

function spentBy(call: ModelCall | undefined, { assumePrice }: Purse, reserved: NanoUsd): NanoUsd {
  if (call === undefined || call.status === "cached" || isUnbilledLine(call)) return 0;
  if (call.usage === undefined || call.estimated === true) return reserved; // the provider may bill a reply that broke off or cannot be read
  return toNano(costOf(call.usage, call.price ?? assumePrice ?? null) ?? reserved / 1e9);
}

function refusal(purse: Purse, price: Price | null, path: string, worst: WorstCase): BudgetExceededError {
  const used = purse.used() ?? purse.limitUsd;
  const reason = shortOf(purse, price, worst) ?? `${purse.name} of $${dollars(purse.limitUsd)} has no room for it`;
  return new BudgetExceededError({ path, reason }, purse.limitUsd, used);
}

/** Shortens an amount to what matters: $0.0123, $0.00000255, never $2.55e-6. */
function dollars(usd: number, digits = 12): string {
  const shortest = Number(usd.toPrecision(digits));
  return shortest < 1e-6 ? shortest.toLocaleString("en-US", { maximumSignificantDigits: digits }) : String(shortest);
}
