import type { ModelCall } from "../../ledger/model-call.js";
import { totalTokens } from "../../ledger/totals.js";
import type { Outcome } from "../answer.js";
import { nothingPaid, paidText, withCalls } from "./paid.js";

/** Formats the cost of calls, as far as it is known. */
export const costOf = (calls: readonly ModelCall[]) => paidText(withCalls(nothingPaid, calls));

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Summarizes an answer in one line: model, last decision, calls, cost, tokens, seconds. */
export function outcomeNote({ modelUsed = "", decisions, calls, seconds }: Outcome): string {
  const answered = calls.findLast(({ path, status }) => path === modelUsed && (status === "ok" || status === "cached"));
  const last = decisions.findLast(({ kind }) => kind !== "skip" && kind !== "hedge" && kind !== "score");
  const parts = [
    answered === undefined || answered.model === modelUsed ? modelUsed : `${modelUsed} (${answered.model})`,
    ...(last === undefined ? [] : [why(last)]),
    ...(calls.length > 1 ? [plural(calls.length, "call")] : []),
    ...sums(calls),
    `${seconds.toFixed(1)} s`,
  ];
  return parts.filter(Boolean).join(" · ");
}

/** Formats the cost of a run without an answer. */
export function paidNote(calls: readonly ModelCall[]): string {
  const { totalTokens: tokens } = totalTokens(calls);
  if (tokens === 0)
    return calls.length === 0 ? "no calls, nothing paid" : `${plural(calls.length, "call")}, nothing paid`;
  const guessed = calls.some(({ estimated }) => estimated) ? " (estimated: it was cut off)" : "";
  return `paid so far: ${[plural(calls.length, "call"), ...sums(calls)].join(" · ")}${guessed}`;
}

function sums(calls: readonly ModelCall[]): string[] {
  return [costOf(calls), plural(totalTokens(calls).totalTokens, "token")];
}

function why({ kind, chosen, reason }: Outcome["decisions"][number]): string {
  const line = reason.replace(/\s+/g, " ").trim();
  return `${kind} ${chosen}: ${line.length > 120 ? `${line.slice(0, 119)}…` : line}`;
}
