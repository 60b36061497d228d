import { dollars, paidText } from "../../cli/terminal/paid.js";
import type { KeptRun } from "../watch/recent-runs.js";
import type { Sums } from "../watch/sums.js";
import { html, type Markup } from "./markup.js";

/** Words for what became of a run. */
export const statusWords: Readonly<Record<KeptRun["status"], string>> = {
  running: "running",
  ok: "answered",
  error: "failed",
  cancelled: "caller left",
};

/** Formats a cost; `value` has all digits of what is known. */
export function costOf({ costUsd, unpriced }: Sums): Markup {
  return html`<data value="${costUsd}">${paidText({ known: costUsd, complete: unpriced === 0 })}</data>`;
}

/** Formats the cost of one call. */
export function callCost(costUsd: number | null): string {
  return costUsd === null ? "cost unknown" : dollars(costUsd);
}

export function tokensOf({ inputTokens, outputTokens }: Sums): Markup {
  const sum = inputTokens + outputTokens;
  return html`<data value="${sum}">${count(sum)}</data> ${sum === 1 ? "token" : "tokens"}`;
}

export function callsOf({ calls }: Pick<Sums, "calls">): Markup {
  return html`<data value="${calls}">${count(calls)}</data> ${calls === 1 ? "call" : "calls"}`;
}

export const count = (value: number) => value.toLocaleString("en-US");

/** Formats a duration. */
export function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
}

/** Writes a time in UTC; the script of the page shows it in the reader's own zone. */
export function timeOf(ms: number): Markup {
  const text = new Date(ms).toISOString();
  return html`<time datetime="${text}">${text.slice(11, 19)} UTC</time>`;
}

/** Names a run by its question, or by its id where questions are not kept. */
export function titleOf({ question, id }: KeptRun): string {
  const line = question.replace(/\s+/g, " ").trim();
  return line === "" ? `Run ${id.slice(0, 17)}` : line;
}
