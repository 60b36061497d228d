import type { ModelCall } from "../../ledger/model-call.js";
import { maskAddresses } from "../../secrets/addresses.js";
import type { Decision } from "../../state/decision.js";

/** Cuts a text at a number of characters. */
export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

/** Bytes that a line takes at most, two for each character. */
export function sizeOf(line: unknown): number {
  return 2 * JSON.stringify(line).length;
}

const mostText = 500;

/** Cuts a text, and replaces addresses; cut before too, since long texts take long to search. */
function masked(text: string): string {
  return cut(maskAddresses(cut(text, 2 * mostText)), mostText);
}

/** Copies a call for a page: without addresses in its error. */
export function boundedCall({ error, ...call }: Readonly<ModelCall>): ModelCall {
  const message = error?.message === undefined ? {} : { message: masked(error.message) };
  return { ...call, ...(error !== undefined && { error: { ...error, ...message } }) };
}

/** Copies a decision for a page: its reason without addresses, and its longest lists cut. */
export function boundedDecision({ candidates, scores, reason, ...decision }: Decision): Decision {
  return {
    ...decision,
    ...(candidates !== undefined && { candidates: candidates.slice(0, 50).map((name) => cut(name, 100)) }),
    ...(scores !== undefined && { scores: Object.fromEntries(Object.entries(scores).slice(0, 50)) }),
    reason: masked(reason),
  };
}
