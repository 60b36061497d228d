import { plural } from "../../report/figures.js";
import type { KeptRun } from "../watch/recent-runs.js";
import {
  type ComparedRun,
  type ComparedRuns,
  comparedExperiments,
  comparedRuns,
  comparedTimes,
  type Moments,
} from "./compared-runs.js";
import { comparisonTable } from "./comparison-table.js";
import { layout } from "./layout.js";
import { html, type Markup } from "./markup.js";

/** Fields of the form that chooses two times. */
type Query = Readonly<Record<string, string | undefined>>;

/** The comparison of kept runs: variants of each experiment, and two times. It is computed when it is loaded. */
export function comparePage(all: readonly KeptRun[], query: Query): Markup {
  const kept = comparedRuns(all);
  return layout({
    title: "Compare · multimodel",
    root: "../",
    body: html`<header><h1><a href="../ui">multimodel</a></h1> <p>Compare</p></header>
<main class="compare">
<p class="none">${keptText(kept)} Intervals are of 95 % and hold however often you look while runs are added. <em>More runs</em>: after so many further runs a difference as large as this one is found in 8 of 10 cases.</p>
${experimentSections(kept.runs)}
${timesSection(kept.runs, query)}
</main>`,
  });
}

function keptText({ runs, running, cancelled, incomplete }: ComparedRuns): string {
  const left = [
    ...(running > 0 ? [`${running} still running`] : []),
    ...(cancelled > 0 ? [`${cancelled} whose caller left`] : []),
    ...(incomplete > 0 ? [`${incomplete} with calls that were not kept`] : []),
  ];
  return `${plural(runs.length, "latest run")}${left.length > 0 ? `, without ${left.join(", ")}` : ""}.`;
}

function experimentSections(runs: readonly ComparedRun[]): Markup {
  const experiments = comparedExperiments(runs);
  if (experiments.length === 0)
    return html`<section aria-labelledby="variants"><h2 id="variants">Variants</h2>
<p class="none">None of these runs was assigned a variant. A graph of <code>createExperiment</code> assigns them.</p></section>`;
  return html`${experiments.map(
    ({ model, path, comparison }, index) => html`<section aria-labelledby="variants-${index}">
<h2 id="variants-${index}">Variants of ${model}${path !== "assignment" && html` <small>at ${path}</small>`}</h2>
${comparisonTable(comparison, `Variants of ${model} at ${path}`)}</section>
`,
  )}`;
}

function timesSection(all: readonly ComparedRun[], query: Query): Markup {
  const models = [...new Set(all.map(({ model }) => model))].sort();
  const model = models.find((name) => name === query.model);
  const runs = model === undefined ? all : all.filter((run) => run.model === model);
  const moments = momentsOf(runs, query);
  const refused = "refused" in moments && moments.refused;
  const { from, at, to } = "refused" in moments ? middleOf(runs) : moments;
  const comparison = refused === false ? comparedTimes(runs, { from, at, to }) : undefined;
  const field = (name: keyof Moments, label: string, value: string) =>
    html`<div><label for="${name}">${label}</label><input id="${name}" name="${name}" type="datetime-local" step="1" value="${value}"></div>`;
  return html`<section aria-labelledby="times">
<h2 id="times">Two times <small>(UTC)</small></h2>
<form method="get" action="compare" class="times">
<div><label for="model">Model or graph</label><select id="model" name="model"><option value="">all</option>${models.map(
    (name) => html`<option value="${name}"${name === model && html` selected`}>${name}</option>`,
  )}</select></div>
${field("from", "From", query.from ?? "")}${field("at", "Change at", query.at || inField(at))}${field("to", "Until", query.to ?? "")}
<button>Compare</button></form>
${refused && html`<p class="failure" role="alert">${refused}</p>`}
${
  comparison === undefined
    ? refused === false && html`<p class="none">There are no runs on both sides of this time.</p>`
    : comparisonTable(comparison, "Before and after")
}</section>`;
}

/** Reads the times of the form; without a change, takes the begin of the middle run. */
function momentsOf(runs: readonly ComparedRun[], query: Query): Moments | { readonly refused: string } {
  const [from, at, to] = (["from", "at", "to"] as const).map((name) => momentIn(query[name]));
  const given = {
    from: from ?? Number.NEGATIVE_INFINITY,
    at: at ?? middleOf(runs).at,
    to: to ?? Number.POSITIVE_INFINITY,
  };
  if (Object.values(given).some(Number.isNaN)) return { refused: "Write times as 2026-11-08T09:00:00, in UTC." };
  if (runs.length > 0 && !(given.from < given.at && given.at < given.to))
    return { refused: "The change must be after the begin and before the end." };
  return given;
}

/** Returns the begin of the middle run, in the whole second that the form can show. */
function middleOf(runs: readonly ComparedRun[]): Moments {
  const middle = runs[Math.floor(runs.length / 2)]?.startedAt ?? Date.now();
  return {
    from: Number.NEGATIVE_INFINITY,
    at: 1_000 * Math.floor(middle / 1_000),
    to: Number.POSITIVE_INFINITY,
  };
}

/** Reads a field as Unix time, ms; `NaN` if it is no time. */
function momentIn(text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?$/.test(text) ? Date.parse(`${text}Z`) : Number.NaN;
}

const inField = (moment: number) => new Date(moment).toISOString().slice(0, 19);
