import { bounded, type Html, html } from "./html.js";
import { exchangeOf } from "./message-text.js";
import { page } from "./page.js";
import type { ReportOptions } from "./report-options.js";
import { type CheckedState, checkedState, type ReportState } from "./report-state.js";
import { runSections } from "./run-sections.js";

/**
 * Writes a run as one HTML file: question, answer, steps, timeline, decisions with their numbers, ledger, and what was saved.
 *
 * **When to use** - to look at a run, or to pass it to a reader without the code or the traces.
 * **Gotchas** - the file holds the question and the answer; known secrets are masked, personal data is not. It needs no script and no network,
 * and follows the theme of its reader. Long texts and lists are cut, with a remark; sums count everything.
 *
 * @param state the final state of a run, also read back from a checkpoint or from JSON, or `{ calls: callsOf(error) }`
 * @returns HTML text that begins with `<!doctype html>`
 * @example
 * ```ts
 * import { runReport } from "langgraph-multimodel/report";
 * const state = await createFallback({ models: { small, large } }).compile().invoke({ messages: "Hi" });
 * const html = runReport(state);
 * ```
 * @throws {InvalidOptionError} when `state` holds no ledger, or one of its lists holds something else
 */
export function runReport(state: ReportState, options: ReportOptions = {}): string {
  const checked = checkedState(state, "runReport");
  const { question } = exchangeOf(checked.messages);
  const title = options.title ?? (question === undefined ? "Run report" : headline(question));
  return page(title, html`${header(title, checked)}${runSections(checked, options)}${footer}`);
}

/** Shortens a question to a line or two, at a word. */
function headline(question: string): string {
  const line = bounded(question, 400).replace(/\s+/g, " ").trim();
  if (line.length <= 100) return line;
  const cut = line.slice(0, 100);
  return `${cut.slice(0, Math.max(cut.lastIndexOf(" "), 60)).replace(/[\ud800-\udbff]$/, "")}…`;
}

function header(title: string, { calls }: CheckedState): Html {
  const began = calls.reduce((least, { startedAt }) => Math.min(least, startedAt), Number.POSITIVE_INFINITY);
  const time = Number.isFinite(began) && Math.abs(began) < 8.64e15 ? new Date(began).toISOString() : undefined;
  return html`<header>
<p class="eyebrow">Run report${time && html` · <time datetime="${time}">${time.slice(0, 19).replace("T", " ")} UTC</time>`}</p>
<h1 dir="auto">${title || "Run report"}</h1>
</header>
`;
}

const footer = html`<p class="foot">langgraph-multimodel. Every number is of the run's ledger; ~ marks an estimate, “unknown” a missing price.</p>`;
