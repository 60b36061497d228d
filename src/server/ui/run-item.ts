import { ms } from "../../report/figures.js";
import type { Decision } from "../../state/decision.js";
import type { KeptRun } from "../watch/recent-runs.js";
import { html, type Markup } from "./markup.js";
import { callsOf, costOf, droppedText, statusWords, timeOf, titleOf, tokensOf } from "./run-facts.js";

/** One run in the list of the page. */
export function runItem(run: KeptRun): Markup {
  const { id, status, model, caller, startedAt, durationMs, sums, lines, failure } = run;
  const decided = lines.flatMap(({ decision }) => decision ?? []);
  const facts = [
    model,
    callsOf(sums),
    tokensOf(sums),
    costOf(sums),
    ...(durationMs === undefined ? [] : [ms(durationMs)]),
    ...(caller === "no key" ? [] : [caller]),
    timeOf(startedAt),
    droppedText(run),
  ];
  return html`<li id="run-${id}" class="run ${status}" data-status="${status}">
<p class="head"><a class="question" href="ui/runs/${id}">${titleOf(run)}</a> <span class="status">${statusWords[status]}</span></p>
<p class="facts">${facts.map((fact) => fact !== undefined && html`<span>${fact}</span> `)}</p>
${failure && html`<p class="failure">${failure.message}</p>`}
${decided.length > 0 && html`<ul class="decisions">${decided.slice(-2).map(decisionItem)}</ul>`}
</li>`;
}

/** One decision: what was chosen, and why. */
export function decisionItem({ kind, chosen, reason }: Decision): Markup {
  return html`<li><b>${kind === chosen ? kind : `${kind} ${chosen}`}</b> ${reason}</li>`;
}
