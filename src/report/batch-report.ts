import { formatMs, formatUsd } from "../drawing/figures.js";
import type { Price } from "../ledger/model-call.js";
import { inOrder, quantileOf } from "../ledger/quantile.js";
import { totalTokens } from "../ledger/totals.js";
import { type BatchRun, type CheckedRun, checkedRuns } from "./batch-runs.js";
import { answersSection, failedSection } from "./batch-tables.js";
import { count, ms, plural, share, total, usd } from "./figures.js";
import { histogram } from "./histogram.js";
import { bounded, type Html, html, named } from "./html.js";
import { modelSection } from "./ledger-section.js";
import { page, section } from "./page.js";
import { runSections } from "./run-sections.js";
import { savedBy, savedSection } from "./saved.js";

export interface BatchReportOptions {
  /** Title of the page. @default the number of runs */
  readonly title?: string;
  /** What the runs are compared with: a model of the ledgers or of the price catalogue, or a price. @default the dearest model */
  readonly against?: string | Price;
}

/** Runs of each kind that can be opened. */
const OPENED = 5;

/**
 * Writes many runs as one HTML file: how cost and latency are distributed, who answered, what failed, and the slowest and dearest runs, each
 * of which opens.
 *
 * **When to use** - after `multimodel run` (`--report day.html`), or over the states of a day.
 * **Gotchas** - the file holds questions and answers of the runs that open; known secrets are masked, personal data is not. The latency of a
 * run is that from the start of its first call to the end of its last.
 *
 * @param runs rows of `multimodel run`, or final states
 * @returns HTML text that begins with `<!doctype html>`, without scripts
 * @example
 * ```ts
 * import { batchReport } from "langgraph-multimodel/report";
 * const graph = createFallback({ models: { small, large } }).compile();
 * const states = await graph.batch([{ messages: "One?" }, { messages: "Two?" }]);
 * const html = batchReport(states);
 * ```
 * @throws {InvalidOptionError} when a run holds no ledger
 */
export function batchReport(runs: readonly BatchRun[], options: BatchReportOptions = {}): string {
  const checked = checkedRuns(runs, "batchReport");
  const calls = checked.flatMap((run) => run.calls);
  const saved = savedBy(calls, options.against);
  const failed = checked.filter(({ error }) => error !== undefined);
  const title = options.title ?? plural(checked.length, "run");
  const opened = (heading: string, order: readonly CheckedRun[]) =>
    section(
      heading,
      order.length === 0 ? undefined : html`${order.slice(0, OPENED).map((run) => opening(run, options))}`,
    );
  const byTime = checked.toSorted((one, other) => other.durationMs - one.durationMs);
  const byCost = checked
    .filter(({ costUsd }) => costUsd !== null && costUsd > 0)
    .toSorted((one, other) => other.costUsd! - one.costUsd!);
  return page(
    title,
    html`${header(title, checked)}${tiles(checked, failed.length)}${section("Distribution", distribution(checked))}${section("Answered by", answersSection(checked))}${section("Models", modelSection(calls))}${section("Saved", savedSection(calls, saved))}${section("Failures", failedSection(failed))}${opened("Failed runs", failed)}${opened("Slowest runs", byTime)}${opened("Dearest runs", byCost)}`,
  );
}

function header(title: string, runs: readonly CheckedRun[]): Html {
  const starts = runs
    .flatMap(({ calls }) => calls.map(({ startedAt }) => startedAt))
    .filter((each) => Math.abs(each) < 8.64e15);
  const time = (pick: (one: number, other: number) => number) =>
    new Date(starts.reduce(pick)).toISOString().slice(0, 16).replace("T", " ");
  const span =
    starts.length === 0 ? "" : ` · ${time((a, b) => Math.min(a, b))} to ${time((a, b) => Math.max(a, b))} UTC`;
  return html`<header>
<p class="eyebrow">Report of runs${span}</p>
<h1 dir="auto">${title}</h1>
</header>
`;
}

function tiles(runs: readonly CheckedRun[], failed: number): Html {
  const calls = runs.flatMap((run) => run.calls);
  const tokens = totalTokens(calls);
  const durations = inOrder(runs.map(({ durationMs }) => durationMs));
  const timeOf = (part: number) => ms(durations.length === 0 ? 0 : quantileOf(durations, part));
  const tile = (name: string, value: Html, note?: Html | false) =>
    html`<div><dt>${name}</dt><dd>${value}${note && html` <small>${note}</small>`}</dd></div>\n`;
  return html`<dl class="tiles">
${tile("Runs", count(runs.length), failed > 0 && html`<span class="bad">${count(failed)} failed</span> (${share(failed / runs.length)})`)}
${tile("Cost", total(calls), costs(runs).length > 0 && html`median ${usd(quantileOf(costs(runs), 0.5))} a run`)}
${tile("Time of a run", timeOf(0.5), html`95 % within ${timeOf(0.95)}`)}
${tile("Calls", count(calls.length))}
${tile("Tokens", count(tokens.totalTokens), html`${count(tokens.inputTokens)} in, ${count(tokens.outputTokens)} out`)}
</dl>
`;
}

/** Known costs, sorted. */
function costs(runs: readonly CheckedRun[]): number[] {
  return inOrder(runs.flatMap(({ costUsd }) => (costUsd === null ? [] : [costUsd])));
}

function distribution(runs: readonly CheckedRun[]): Html | undefined {
  const known = costs(runs);
  const pictures = [
    { heading: "Cost of a run", drawn: histogram("Cost of a run", known, (value) => formatUsd(value)) },
    {
      heading: "Time of a run",
      drawn: histogram(
        "Time of a run",
        runs.map(({ durationMs }) => durationMs),
        formatMs,
      ),
    },
  ].filter(({ drawn }) => drawn !== undefined);
  if (pictures.length === 0) return undefined;
  const unknown = runs.length - known.length;
  return html`<div class="pair">${pictures.map(({ heading, drawn }) => html`<div><h3>${heading}</h3>${drawn}</div>`)}</div>${unknown > 0 && html`<p class="note">${plural(unknown, "run")} of unknown cost not drawn</p>`}`;
}

function opening(
  { name, state, costUsd, durationMs, calls, error }: CheckedRun,
  { against }: BatchReportOptions,
): Html {
  const notGiven = error !== undefined && html`<p class="bad">${named(error.name)}: ${bounded(error.message, 600)}</p>`;
  return html`<details>
<summary><span class="name" dir="auto">${bounded(name, 300)}</span>${error !== undefined && html`<span class="badge bad">${named(error.name)}</span>`}<span>${usd(costUsd)}</span><span>${ms(durationMs)}</span><span>${plural(calls.length, "call")}</span></summary>
<div class="inside">${notGiven}${runSections(state, against === undefined ? {} : { against })}</div>
</details>
`;
}
