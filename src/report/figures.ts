import { formatCount, formatMs, formatTotal, formatUsd } from "../drawing/figures.js";
import type { ModelCall } from "../ledger/model-call.js";
import { totalCost } from "../ledger/totals.js";
import { type Html, html } from "./html.js";

/** Shows a number rounded, with its exact value for programs. */
function figure(value: number | null, shown: string): Html {
  return html`<data value="${value ?? "unknown"}">${shown}</data>`;
}

export const usd = (amount: number | null, format: Parameters<typeof formatUsd>[1] = {}): Html =>
  figure(amount, formatUsd(amount, format));
export const ms = (value: number): Html => figure(value, formatMs(value));
export const count = (value: number): Html => figure(value, formatCount(value));
/** Shows a cost of calls in sum. */
export const total = (calls: readonly ModelCall[], decimals?: number): Html =>
  figure(totalCost(calls), formatTotal(calls, decimals));
/** Shows a score or weight with up to three decimals. */
export const score = (value: number): Html => figure(value, String(Number(value.toFixed(3))));
/** Shows a share of 0 to 1 in percent. */
export const share = (value: number): Html =>
  figure(value, `${(100 * value).toFixed(value > 0 && value < 0.1 ? 1 : 0)} %`);

export const plural = (amount: number, noun: string): string =>
  `${formatCount(amount)} ${noun}${amount === 1 ? "" : "s"}`;
