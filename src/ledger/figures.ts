import type { ModelCall } from "./model-call.js";
import { isEstimated, totalCost, totalTokens } from "./totals.js";

/** Cell of a figure that does not exist: tokens and cost of calls that were not billed, a share of nothing. */
export const emptyFigure = "–";

/** Formats one kind of tokens of calls, `~` for an estimate. */
export function tokensText(calls: readonly ModelCall[], kind: "inputTokens" | "outputTokens"): string {
  if (calls.every(({ usage }) => usage === undefined)) return emptyFigure;
  return `${isEstimated(calls) ? "~" : ""}${totalTokens(calls)[kind]}`;
}

/** Formats the cost of calls. Calls that failed and were not billed have none, rather than a cost of 0. */
export function costText(calls: readonly ModelCall[]): string {
  const costUsd = totalCost(calls);
  if (costUsd === null) return "unknown";
  if (costUsd === 0 && calls.every(isUnbilled)) return emptyFigure;
  return `${isEstimated(calls) ? "~" : ""}${dollars(costUsd)}`;
}

const isUnbilled = ({ usage, status }: ModelCall) => usage === undefined && status !== "ok" && status !== "cached";

/** Formats USD with six decimals, less than a millionth with two digits: a cheap call never shows as free. */
function dollars(amount: number): string {
  const digits = amount > 0 && amount < 1e-6 ? 1 - Math.floor(Math.log10(amount)) : 6;
  return amount.toFixed(Math.min(20, digits));
}

/** Formats a share of a sum in whole per cent, never 0 for a part or 100 for less than all. */
export function shareText(part: number | null, sum: number | null): string {
  if (part === null || sum === null || !(sum > 0)) return emptyFigure;
  const percent = (100 * part) / sum;
  if (part > 0 && percent < 0.5) return "<1";
  return part < sum && percent >= 99.5 ? ">99" : percent.toFixed(0);
}
