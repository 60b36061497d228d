import type { ModelCall } from "../ledger/model-call.js";
import { isEstimated, totalCost } from "../ledger/totals.js";

/** Returns how many decimals a column of USD needs so that its smallest amount keeps two digits. */
export function decimalsFor(amounts: readonly (number | null)[]): number {
  const paid = amounts.filter((amount) => amount !== null && amount > 0) as number[];
  if (paid.length === 0) return 2;
  const smallest = paid.reduce((least, amount) => Math.min(least, amount));
  return Math.min(20, Math.max(2, 1 - Math.floor(Math.log10(smallest))));
}

/**
 * Formats USD: "$0.000194", "~$0.0021" for an estimate, "unknown" without a price.
 *
 * @param decimals @default as many as the amount needs
 */
export function formatUsd(
  amount: number | null,
  {
    decimals = decimalsFor([amount]),
    estimated = false,
  }: { readonly decimals?: number; readonly estimated?: boolean } = {},
): string {
  if (amount === null) return "unknown";
  if (amount === 0) return "$0";
  return `${amount < 0 ? "−" : ""}${estimated ? "~" : ""}$${Math.abs(amount).toFixed(decimals)}`;
}

/** Formats the cost of calls in sum; what is priced of it, where a price is unknown: "≥ $0.0061". */
export function formatTotal(calls: readonly ModelCall[], decimals?: number): string {
  const known = totalCost(calls, { unknown: "ignore" })!;
  const format = decimals === undefined ? {} : { decimals };
  if (totalCost(calls) !== null) return formatUsd(known, { ...format, estimated: isEstimated(calls) });
  return known > 0 ? `≥ ${formatUsd(known, format)}` : "unknown";
}

/** Formats a duration: "431 ms", "1.25 s", "2 min 03 s", "3 h 02 min". */
export function formatMs(ms: number): string {
  if (Math.round(ms) < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1_000).toFixed(2)} s`;
  const seconds = Math.round(ms / 1_000);
  const pad = (value: number) => String(value).padStart(2, "0");
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${pad(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${pad(Math.floor((seconds % 3_600) / 60))} min`;
}

/** Formats a count with separators of thousands. */
export function formatCount(count: number): string {
  return count.toLocaleString("en-US");
}
