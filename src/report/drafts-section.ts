import { score } from "./figures.js";
import { bounded, type Html, html, named } from "./html.js";
import { messageText } from "./message-text.js";
import type { CheckedState } from "./report-state.js";

const MOST = 20;
const MOST_TEXT = 4_000;

/** Shows the answers that were weighed and the outputs of stages, each to be opened. */
export function draftsSection({ candidates, outputs }: CheckedState): Html | undefined {
  const drafts = [
    ...candidates.map(({ name, message, verdict }) => ({ name, message, verdict })),
    ...outputs.map(({ stage, message, item }) => ({
      name: item == null ? stage : `${stage}: ${item}`,
      message,
      verdict: undefined,
    })),
  ];
  if (drafts.length === 0) return undefined;
  const left = drafts.length - MOST;
  return html`${drafts.slice(0, MOST).map(
    ({ name, message, verdict }) => html`<details>
<summary><span class="name" dir="auto">${bounded(name, 200)}</span>${verdict != null && judged(verdict)}</summary>
<div class="inside"><div class="text" dir="auto">${bounded(messageText(message), MOST_TEXT)}</div>${verdict?.feedback && html`<h3>Feedback</h3><div class="text" dir="auto">${bounded(verdict.feedback, MOST_TEXT)}</div>`}${verdict?.reason && html`<h3>Reason</h3><div class="text" dir="auto">${bounded(verdict.reason, MOST_TEXT)}</div>`}</div>
</details>
`,
  )}${left > 0 && html`<p class="note">and ${left} more</p>`}`;
}

function judged({ pass, score: given, threshold }: NonNullable<CheckedState["candidates"][number]["verdict"]>): Html {
  const numbers =
    given === undefined
      ? ""
      : html` ${score(given)}${threshold !== undefined && html` ${given >= threshold ? "≥" : "<"} ${score(threshold)}`}`;
  return html`<span class="badge ${pass ? "good" : "bad"}">${pass ? "passed" : "not passed"}${numbers}</span>`;
}

const mostFailures = 50;

/** Lists calls that ended without an answer. The error of a run has a ledger only, so that its calls say why they failed. */
export function failuresSection({ failures, calls, modelUsed }: CheckedState): Html | undefined {
  const listed = failures.length > 0 || modelUsed !== undefined ? failures : failedCalls(calls);
  if (listed.length === 0) return undefined;
  const left = listed.length - mostFailures;
  return html`<ul>${listed.slice(0, mostFailures).map(({ name, class: kind, message, status }) => html`<li><b>${named(name)}</b> <span class="badge bad">${named(kind)}${status != null && ` ${status}`}</span> <span class="reason">${bounded(message, 600)}</span></li>\n`)}</ul>${left > 0 && html`<p class="note">and ${left} more</p>`}`;
}

function failedCalls(calls: CheckedState["calls"]): CheckedState["failures"] {
  return calls.flatMap(({ path, error }) =>
    error?.message === undefined
      ? []
      : [{ name: path, class: error.class, message: error.message, status: error.status }],
  );
}
