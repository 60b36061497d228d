import { formatUsd } from "../../drawing/figures.js";
import { count, plural } from "../../report/figures.js";
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

/**
 * Formats a cost in sum; `value` has all digits of what is known.
 *
 * @param format decimals of a column
 */
export function costOf({ costUsd, unpriced }: Sums, format: Parameters<typeof formatUsd>[1] = {}): Markup {
  const known = formatUsd(costUsd, format);
  const shown = unpriced === 0 ? known : costUsd > 0 ? `≥ ${known}` : "cost unknown";
  return html`<data value="${costUsd}">${shown}</data>`;
}

export function tokensOf({ inputTokens, outputTokens }: Sums): Markup {
  const sum = inputTokens + outputTokens;
  return html`${count(sum)} ${sum === 1 ? "token" : "tokens"}`;
}

export function callsOf({ calls }: Pick<Sums, "calls">): Markup {
  return html`${count(calls)} ${calls === 1 ? "call" : "calls"}`;
}

/** Writes a time in UTC; the script of the page shows it in the reader's own zone. */
export function timeOf(ms: number): Markup {
  const text = new Date(ms).toISOString();
  return html`<time datetime="${text}">${text.slice(11, 19)} UTC</time>`;
}

/** Names a run by its question, or by its id where questions are not kept. */
export function titleOf({ question, id }: Pick<KeptRun, "question" | "id">): string {
  const line = question.replace(/\s+/g, " ").trim();
  return line === "" ? `Run ${id.slice(0, 17)}` : line;
}

/** Says how many calls and decisions a run has beyond those that are kept. */
export function droppedText({ dropped }: Pick<KeptRun, "dropped">): string | undefined {
  return dropped === 0 ? undefined : `${plural(dropped, "more line")} not kept`;
}
