import type { Decision } from "../state/decision.js";
import { plural, score } from "./figures.js";
import { bounded, type Html, html, named, raw } from "./html.js";

const MOST = 200;

/** Lists decisions in order, each with its reason, and its scores against the threshold. */
export function decisionList(decisions: readonly Decision[]): Html | undefined {
  if (decisions.length === 0) return undefined;
  const left = decisions.length - MOST;
  return html`<ol class="decisions">
${decisions.slice(0, MOST).map((decision) => html`<li>${decided(decision)}</li>\n`)}</ol>
${left > 0 && html`<p class="note">and ${plural(left, "more decision")}</p>`}`;
}

function decided({
  node,
  kind,
  chosen,
  label,
  candidates = [],
  scores = {},
  threshold,
  reason,
  byHand,
}: Decision): Html {
  const rest = candidates.filter((name) => !Object.hasOwn(scores, name) && name !== chosen);
  return html`<div><b>${named(node)}</b> <span class="badge">${kind}</span> <b>${named(chosen)}</b>${label && html` <span class="badge">${named(label)}</span>`}${byHand && html` <span class="badge">by hand</span>`}</div>
<div class="reason" dir="auto">${bounded(reason, 1_000)}</div>
${Object.keys(scores).length > 0 && scoreRows(scores, threshold)}
${rest.length > 0 && html`<div class="reason">not chosen: ${rest.slice(0, 20).map(named).join(", ")}${rest.length > 20 && `, ${rest.length - 20} more`}</div>`}`;
}

/** Draws scores as bars with the threshold as a line; the numbers stand beside them. */
function scoreRows(scores: Readonly<Record<string, number>>, threshold: number | undefined): Html {
  const entries = Object.entries(scores).slice(0, 30);
  const values = [...entries.map(([, value]) => value), threshold ?? 0].filter(Number.isFinite);
  const most = values.reduce((largest, value) => Math.max(largest, value), 1); // most scores are shares
  const at = (value: number) => (100 * Math.min(1, Math.max(0, value / most))).toFixed(1);
  const limit =
    threshold === undefined ? "" : `<line class="limit" x1="${at(threshold)}%" x2="${at(threshold)}%" y1="0" y2="10"/>`;
  return html`<div class="scores">${entries.map(
    ([name, value]) =>
      html`<span>${named(name)}</span>${raw(`<svg aria-hidden="true"><rect class="track" width="100%" height="6" y="2" rx="3"/><rect class="mark${threshold !== undefined && value < threshold ? " low" : ""}" width="${at(value)}%" height="6" y="2" rx="3"/>${limit}</svg>`)}<span>${score(value)}${threshold !== undefined && html` ${value >= threshold ? "≥" : "<"} ${score(threshold)}`}</span>`,
  )}</div>`;
}
