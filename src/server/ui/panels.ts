import { decimalsFor } from "../../drawing/figures.js";
import { count, plural, usd } from "../../report/figures.js";
import type { BreakerState } from "../../resilience/breaker-states.js";
import type { BudgetState } from "../../resilience/budget.js";
import type { Spend } from "../watch/spend.js";
import type { Sums } from "../watch/sums.js";
import { html, type Markup } from "./markup.js";
import { callsOf, costOf, timeOf, tokensOf } from "./run-facts.js";

/** What was spent today, by model and by key. */
export function spendPanel(spend: Spend): Markup {
  const { total, models, callers } = spend;
  return html`<p class="total"><b>${costOf(total)}</b> ${callsOf(total)}, ${tokensOf(total)}${
    total.failed > 0 && html`, <span class="bad">${count(total.failed)} failed</span>`
  }</p>
${table("Model", models, total)}
${table("Key", callers, total)}`;
}

function table(title: string, rows: readonly (readonly [string, Sums])[], total: Sums): Markup | string {
  if (rows.length === 0) return "";
  const decimals = Math.min(8, decimalsFor(rows.map(([, { costUsd }]) => costUsd)));
  return html`<table>
<thead><tr><th scope="col">${title}</th><th scope="col" class="number">Calls</th><th scope="col" class="number">Failed</th><th scope="col" class="number">Cost</th></tr></thead>
<tbody>${rows.map(([name, sums]) => row(name, sums, { total, decimals }))}</tbody>
</table>`;
}

interface Around {
  readonly total: Sums;
  readonly decimals: number;
}

function row(name: string, sums: Sums, { total, decimals }: Around): Markup {
  const share = total.costUsd > 0 ? (100 * sums.costUsd) / total.costUsd : 0;
  return html`<tr><th scope="row">${name}${bar(share)}</th><td class="number">${count(sums.calls)}</td><td class="number${
    sums.failed > 0 && " bad"
  }">${count(sums.failed)}</td><td class="number">${costOf(sums, { decimals })}</td></tr>`;
}

/** A bar of a share in percent; its number is beside it, so it is hidden from screen readers. */
function bar(percent: number, level = ""): Markup {
  return html`<svg class="bar ${level}" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" width="100" height="4"/><rect class="share" width="${percent.toFixed(1)}" height="4"/></svg>`;
}

const stateWords = { closed: "closed", half_open: "half-open", open: "open" } as const;

/** Breakers and budgets of this process, as they are now. */
export function limitsPanel(breakers: readonly BreakerState[], budgets: readonly BudgetState[]): Markup {
  return html`<h3>Breakers</h3>
${breakers.length === 0 ? html`<p class="none">No model was called yet.</p>` : html`<ul class="states">${breakers.map(breakerItem)}</ul>`}
<h3>Budgets</h3>
${
  budgets.length === 0
    ? html`<p class="none">None. <code>budget({ usd: 20, per: "day" })</code> caps what models may cost.</p>`
    : html`<ul class="states">${budgets.map(budgetItem)}</ul>`
}`;
}

function breakerItem({ model, state, class: kind, retryAt }: BreakerState): Markup {
  const why = [kind && html`<span>${kind}</span>`, retryAt && html`<span>until ${timeOf(retryAt)}</span>`];
  return html`<li class="${state}"><span class="name">${model}</span> <span class="state">${stateWords[state]}</span> ${why}</li>`;
}

function budgetItem({ name, per, limitUsd, usedUsd, keys }: BudgetState): Markup {
  const percent = usedUsd === undefined || limitUsd === 0 ? 0 : Math.min(100, (100 * usedUsd) / limitUsd);
  const level = percent >= 100 ? "full" : percent >= 80 ? "near" : "";
  const used = usedUsd === undefined ? "only the shared store knows what is used" : usd(usedUsd);
  return html`<li><span class="name">${name}</span> <span>${used} of ${usd(limitUsd)} per ${per}${
    keys !== undefined && ` (the fullest of ${plural(keys, "key")})`
  }</span>${bar(percent, level)}</li>`;
}
