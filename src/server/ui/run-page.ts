import type { KeptRun } from "../watch/recent-runs.js";
import { layout } from "./layout.js";
import { html, type Markup } from "./markup.js";
import { callCost, callsOf, costOf, count, durationText, statusWords, timeOf, titleOf, tokensOf } from "./run-facts.js";
import { decisionItem } from "./run-item.js";

/** Everything that is kept of one run. */
export function runPage(run: KeptRun): Markup {
  const { status, model, caller, startedAt, durationMs, sums, lines, dropped, question, answer, failure, id } = run;
  const decisions = lines.flatMap(({ decision }) => decision ?? []);
  const calls = lines.flatMap(({ call }) => call ?? []);
  const facts = [statusWords[status], model, callsOf(sums), tokensOf(sums), costOf(sums), caller, timeOf(startedAt)];
  return layout({
    title: `${titleOf(run).slice(0, 80)} · multimodel`,
    root: "../../",
    body: html`<header><h1><a href="../../ui">multimodel</a></h1></header>
<main class="run-page">
<h2>${titleOf(run)}</h2>
<p class="facts">${facts.map((fact) => html`<span>${fact}</span> `)}${durationMs !== undefined && html`<span>${durationText(durationMs)}</span>`} <span>${id}</span></p>
${question !== "" && html`<h3>Question</h3><div class="answer">${question}</div>`}
${answer !== "" && html`<h3>Answer</h3><div class="answer">${answer}</div>`}
${failure && html`<h3>Failure</h3><p class="failure">${failure.message}</p>`}
${decisions.length > 0 && html`<h3>Decisions</h3><ul class="decisions">${decisions.map(decisionItem)}</ul>`}
<h3>Calls</h3>
<div class="scroll" tabindex="0" role="region" aria-label="Calls"><table>
<thead><tr><th scope="col">Path</th><th scope="col">Model</th><th scope="col">Status</th><th scope="col" class="number">Tokens</th><th scope="col" class="number">Time</th><th scope="col" class="number">Cost</th></tr></thead>
<tbody>${calls.map(
      ({ path, model, status, usage, latencyMs, costUsd, error }) =>
        html`<tr><th scope="row">${path}</th><td>${model}</td><td>${error?.class ?? status}</td><td class="number">${usage ? count(usage.inputTokens + usage.outputTokens) : "-"}</td><td class="number">${durationText(latencyMs)}</td><td class="number">${callCost(costUsd)}</td></tr>`,
    )}</tbody>
</table></div>
${dropped > 0 && html`<p class="none">${count(dropped)} more calls and decisions were not kept; they are part of the sums.</p>`}
</main>`,
  });
}
