import { InvalidOptionError } from "../errors/index.js";
import { type LedgerRowsOptions, type LedgerSource, modelRows } from "./ledger-rows.js";
import type { ModelCall, Price } from "./model-call.js";
import { lookUpPrice } from "./price.js";
import { textTable } from "./text-table.js";
import { checkCalls, totalCost } from "./totals.js";
import { costOf } from "./usage.js";

/** Result of `savings`, in USD; `null` if a price is unknown. */
export interface Savings {
  readonly costUsd: number | null;
  readonly againstUsd: number | null;
  readonly savedUsd: number | null;
  /** 0..100; negative if the runs cost more. */
  readonly savedPercent: number | null;
}

/**
 * Compares the cost of runs with the cost of one model that answers every question directly.
 *
 * The counterfactual of a run is one call: the input tokens of its first answer and the output tokens of its last one, at the price of
 * `against`. Judges, routers and rejected drafts are part of the actual cost only. An answer from `exactCache` or `semanticCache` counts
 * with the tokens of the call that gave it first: they would have been paid for again.
 *
 * **Gotchas** - a name that is neither in the ledger nor in the catalogue has no known price: give the `Price`.
 *
 * @param calls the ledger of one run, or of many joined (`runs.flatMap((run) => run.calls)`)
 * @param options.against a node, path or model id of the ledger, any model id of the price catalogue, or a `Price`
 * @example
 * ```ts
 * savings(calls, { against: "gpt-4o" }).savedPercent; // 81.3
 * ```
 * @throws {InvalidOptionError} when `calls` is not a list of calls, or `against` neither a name nor a price
 */
export function savings(calls: readonly ModelCall[], options: { readonly against: string | Price }): Savings {
  checkCalls(calls, "savings");
  const against: unknown = options?.against;
  if (!isNamed(against) && !isPrice(against)) {
    throw new InvalidOptionError(
      "savings.against",
      against,
      'name a model, as in { against: "gpt-4o" }, or give its price: { input, output } in USD per million tokens',
    );
  }
  const costUsd = totalCost(calls);
  const againstUsd = counterfactual(calls, isNamed(against) ? priceIn(calls, against) : against);
  const savedUsd = costUsd === null || againstUsd === null ? null : againstUsd - costUsd;
  const savedPercent = savedUsd === null || !againstUsd ? null : (100 * savedUsd) / againstUsd;
  return { costUsd, againstUsd, savedUsd, savedPercent };
}

const isNamed = (against: unknown): against is string => typeof against === "string" && against !== "";

function isPrice(against: unknown): against is Price {
  const { input, output } = Object(against) as Partial<Price>;
  return Number.isFinite(input) && Number.isFinite(output);
}

function priceIn(calls: readonly ModelCall[], name: string): Price | null {
  const call = calls.find(
    ({ node, path, model, price }) => price && (node === name || path === name || model === name),
  );
  return call?.price ?? lookUpPrice(name);
}

function counterfactual(calls: readonly ModelCall[], price: Price | null): number | null {
  const turns = new Map<string, { input: number; output: number }>();
  for (const { turnId, role, status, paidOnce, usage = paidOnce?.usage } of calls) {
    if (role !== "answer" || (status !== "ok" && status !== "cached") || usage === undefined) continue;
    turns.set(turnId, { input: turns.get(turnId)?.input ?? usage.inputTokens, output: usage.outputTokens });
  }
  let sum = 0;
  for (const { input, output } of turns.values()) {
    const cost = costOf({ inputTokens: input, outputTokens: output }, price);
    if (cost === null) return null;
    sum += cost;
  }
  return sum;
}

/** Columns of a text table. */
const widest = 100;

/**
 * Formats a ledger as a text table with one line per model and a total, at most 100 columns wide.
 *
 * **When to use** - in a terminal or a log; `ledgerTable` of `/notebook` has a line per call, as HTML.
 * **Gotchas** - `%` is the share of the calls, and of the cost. Percentiles are over all calls, failed ones included. Calls that failed
 * and were not billed have no cost ("–"), an unknown price makes it "unknown", and `~` is an estimate. The model that gave the answer is
 * marked where the final state is given instead of its calls.
 *
 * @param ledger the calls of one run or of many, or the final state of a run
 * @example
 * ```ts
 * console.log(formatReport(await graph.invoke({ messages: "Hi" })));
 * //   model        calls    %  failed  tokens in  out  mean ms  p50  p95  cost USD    %
 * // → gpt-4o-mini      1  100       0        812  120      431  431  431  0.000194  100
 * //   total            1  100       0        812  120      431  431  431  0.000194  100
 * // → gave the answer
 * ```
 * @throws {InvalidOptionError} when there is no list of calls
 */
export function formatReport(ledger: LedgerSource, options: LedgerRowsOptions = {}): string {
  return textTable(modelRows(ledger, "formatReport", options), widest);
}
