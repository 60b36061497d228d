import { ms, usd } from "../../report/figures.js";
import type { KeptRun, Line } from "../watch/recent-runs.js";
import { html, type Markup } from "./markup.js";
import { decisionItem } from "./run-item.js";

/** Calls and decisions of a run in their order, and its answer, for the prompt box. */
export function runSteps({ lines, answer, failure, status, id }: KeptRun): Markup {
  return html`<ol class="steps">${lines.map(lineItem)}</ol>
${status === "running" && html`<p class="none">Running…</p>`}
${answer !== "" && html`<div class="answer">${answer}</div>`}
${failure && html`<p class="failure">${failure.message}</p>`}
${status !== "running" && html`<p><a href="ui/runs/${id}">Report of this run</a></p>`}`;
}

function lineItem({ call, decision }: Line): Markup {
  if (call === undefined) return decisionItem(decision);
  const { path, model, status, latencyMs, costUsd, error } = call;
  const outcome = error === undefined ? (status === "ok" ? "answered" : status) : `failed (${error.class})`;
  return html`<li class="${status}"><b>${path}</b> ${model} ${outcome} <span class="facts">${ms(latencyMs)}, ${usd(costUsd)}</span></li>`;
}
