import { runTimeline } from "../drawing/run-timeline.js";
import { durationOf } from "../drawing/timeline-rows.js";
import type { ModelCall } from "../ledger/model-call.js";
import { totalTokens } from "../ledger/totals.js";
import { decisionList } from "./decision-list.js";
import { draftsSection, failuresSection } from "./drafts-section.js";
import { count, ms, plural, score, share, total } from "./figures.js";
import { bounded, type Html, html, named, raw } from "./html.js";
import { ledgerSection, modelSection } from "./ledger-section.js";
import { exchangeOf } from "./message-text.js";
import { section } from "./page.js";
import type { ReportOptions } from "./report-options.js";
import type { CheckedState } from "./report-state.js";
import { type Saved, savedBy, savedSection } from "./saved.js";
import { stepsPicture } from "./steps-picture.js";

/** Characters of a question or an answer. */
const MOST_TEXT = 20_000;

/** Writes the sections of one run. */
export function runSections(state: CheckedState, { steps, against }: Pick<ReportOptions, "steps" | "against">): Html {
  const { calls, decisions } = state;
  const saved = savedBy(calls, against);
  return html`${tiles(state, saved)}${exchange(state)}${section("Steps", steps === undefined ? undefined : stepsPicture(steps))}${section("Timeline", timeline(calls))}${section("Decisions", decisionList(decisions))}${section("Drafts", draftsSection(state))}${section("Failures", failuresSection(state))}${section("Saved", savedSection(calls, saved))}${section("Models", modelSection(calls))}${section("Ledger", ledgerSection(calls, state.modelUsed))}`;
}

function tiles({ calls }: CheckedState, saved: Saved | undefined): Html {
  const tokens = totalTokens(calls);
  const failed = calls.filter(({ status }) => status === "error" || status === "timeout").length;
  const tile = (title: string, value: Html, note?: Html | string) =>
    html`<div><dt>${title}</dt><dd>${value}${note && html` <small>${note}</small>`}</dd></div>\n`;
  return html`<dl class="tiles">
${tile("Cost", total(calls), saved?.savedPercent != null && saved.savedPercent > 0 ? html`${share(saved.savedPercent / 100)} less than ${named(saved.against)}` : undefined)}
${tile("Time", ms(durationOf(calls)))}
${tile("Calls", count(calls.length), failed > 0 ? html`${count(failed)} failed` : undefined)}
${tile("Tokens", count(tokens.totalTokens), html`${count(tokens.inputTokens)} in, ${count(tokens.outputTokens)} out`)}
</dl>
`;
}

function exchange({ messages, modelUsed, confidence, calls }: CheckedState): Html {
  const { question, answer, earlier } = exchangeOf(messages);
  if (question === undefined && answer === undefined) return html``;
  const model = calls.findLast(
    ({ path, status }) => path === modelUsed && (status === "ok" || status === "cached"),
  )?.model;
  const by =
    modelUsed === undefined ? "" : ` of ${modelUsed}${model === undefined || model === modelUsed ? "" : ` (${model})`}`;
  return html`<section>
<h2>Question and answer</h2>
${question !== undefined && html`<div class="said"><p>Question${earlier > 0 && `, after ${plural(earlier, "earlier message")}`}</p><div class="text" dir="auto" tabindex="0">${bounded(question, MOST_TEXT)}</div></div>`}
${answer === undefined ? html`<div class="said"><p>No answer</p></div>` : html`<div class="said"><p>Answer${by}${confidence !== undefined && html`, confidence ${score(confidence)}`}</p><div class="text" dir="auto" tabindex="0">${bounded(answer, MOST_TEXT)}</div></div>`}
</section>
`;
}

/** Draws the timeline twice, for wide and narrow pages; the page shows one. */
export function timeline(calls: readonly ModelCall[]): Html | undefined {
  if (calls.length === 0) return undefined;
  return html`<figure class="drawing wide">${raw(runTimeline(calls))}</figure><figure class="drawing narrow">${raw(runTimeline(calls, { width: 348 }))}</figure>`;
}
