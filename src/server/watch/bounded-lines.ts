import type { ModelCall } from "../../ledger/model-call.js";
import { maskAddresses } from "../../secrets/addresses.js";
import type { Decision } from "../../state/decision.js";

/** Cuts a text at a number of characters. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Bytes of a line as JSON. */
export function sizeOf(line: unknown): number {
  return Buffer.byteLength(JSON.stringify(line));
}

/** Copies a call for a page: without its price table, and without addresses in its error. */
export function boundedCall({ price: _, error, ...call }: Readonly<ModelCall>): ModelCall {
  const message = error?.message === undefined ? {} : { message: cut(maskAddresses(error.message), 500) };
  return { ...call, ...(error !== undefined && { error: { ...error, ...message } }) };
}

/** Copies a decision for a page: its reason without addresses, and its longest lists cut. */
export function boundedDecision({ candidates, scores, reason, ...decision }: Decision): Decision {
  return {
    ...decision,
    ...(candidates !== undefined && { candidates: candidates.slice(0, 50).map((name) => cut(name, 100)) }),
    ...(scores !== undefined && { scores: Object.fromEntries(Object.entries(scores).slice(0, 50)) }),
    reason: cut(maskAddresses(reason), 500),
  };
}
