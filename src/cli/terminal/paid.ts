import type { ModelCall } from "../../ledger/model-call.js";
import { totalCost } from "../../ledger/totals.js";

/** The known part of a cost, and whether that is all of it. */
export interface Paid {
  /** USD. */
  readonly known: number;
  readonly complete: boolean;
}

export const nothingPaid: Paid = { known: 0, complete: true };

/** Adds the cost of calls, so that a long run need not keep them. */
export function withCalls({ known, complete }: Paid, calls: readonly ModelCall[]): Paid {
  return {
    known: known + totalCost(calls, { unknown: "ignore" })!,
    complete: complete && totalCost(calls) !== null,
  };
}

/** Formats USD; a non-zero amount never rounds to $0. */
export function dollars(amount: number): string {
  if (amount === 0) return "$0";
  if (amount < 0.000001) return `$${amount.toFixed(Math.min(100, Math.ceil(-Math.log10(amount))))}`;
  const digits = Number(amount.toFixed(6)) < 0.01 ? 6 : Number(amount.toFixed(4)) < 1 ? 4 : 2;
  return `$${amount.toFixed(digits)}`;
}

/** Formats a cost, with "cost unknown" instead of $0. */
export function paidText({ known, complete }: Paid): string {
  if (complete) return dollars(known);
  return known > 0 ? `at least ${dollars(known)}` : "cost unknown";
}
