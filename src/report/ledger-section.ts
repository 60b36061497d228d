import { decimalsFor } from "../drawing/figures.js";
import { durationOf, readyAt } from "../drawing/timeline-rows.js";
import type { CallUsage, ModelCall } from "../ledger/model-call.js";
import { byModel, isEstimated, totalTokens } from "../ledger/totals.js";
import { count, ms, plural, share, total, usd } from "./figures.js";
import { type Html, html } from "./html.js";
import { type Column, table } from "./page.js";

const MOST = 500;

const ledgerColumns: readonly Column[] = [
  { title: "call" },
  { title: "model" },
  { title: "role" },
  { title: "status" },
  ...["waited", "first token", "time", "tokens in → out", "cost"].map((title) => ({
    title,
    align: "right" as const,
  })),
];

/** Shows every call in the order of the ledger. */
export function ledgerSection(calls: readonly ModelCall[], modelUsed?: string): Html | undefined {
  if (calls.length === 0) return undefined;
  const decimals = decimalsFor(calls.map(({ costUsd }) => costUsd));
  const answered = calls.findLast(({ path, status }) => path === modelUsed && (status === "ok" || status === "cached"));
  const tokens = totalTokens(calls);
  const waited = calls.some((call) => readyAt(call) < call.startedAt);
  const columns = waited ? ledgerColumns : ledgerColumns.filter(({ title }) => title !== "waited");
  const shown = (cells: readonly (Html | string)[]) => cells.filter((_, column) => waited || column !== 4);
  const rows = calls
    .slice(0, MOST)
    .map((call) => [
      html`${call.path}${call.attempt > 1 && html` <span class="badge">attempt ${call.attempt}</span>`}${call.hedge && html` <span class="badge">second request</span>`}${call === answered && html` <span class="badge good">the answer</span>`}`,
      call.model,
      call.role,
      statusOf(call),
      readyAt(call) < call.startedAt ? ms(call.startedAt - readyAt(call)) : "–",
      call.timeToFirstTokenMs === undefined ? "–" : ms(call.timeToFirstTokenMs),
      ms(call.latencyMs),
      call.usage === undefined ? "–" : tokenPair(call.usage, call.estimated === true),
      usd(call.costUsd, { decimals, estimated: call.estimated === true }),
    ]);
  const left = calls.length - MOST;
  const sums = tokenPair(tokens, isEstimated(calls));
  const foot = [plural(calls.length, "call"), "", "", "", "", "", ms(durationOf(calls)), sums, total(calls, decimals)];
  return html`${table("Ledger", columns, rows.map(shown), shown(foot))}
${left > 0 && html`<p class="note">${plural(left, "more call")} in the sums only</p>`}`;
}

function tokenPair({ inputTokens, outputTokens }: CallUsage, estimated: boolean): Html {
  const about = estimated && "~";
  return html`${about}${count(inputTokens)} → ${about}${count(outputTokens)}`;
}

function statusOf({ status, error }: ModelCall): Html {
  if (status === "ok") return html`ok`;
  const words = [status === "error" ? "" : status, error?.class ?? "", error?.status ?? ""].filter(
    (word, at, all) => word !== "" && all.indexOf(word) === at,
  );
  return html`<span${status !== "cached" && html` class="bad"`}>${words.join(" ") || status}</span>`;
}

const modelColumns: readonly Column[] = [
  { title: "model" },
  ...["calls", "failed", "tokens in", "tokens out", "mean time", "cost", "share"].map((title) => ({
    title,
    align: "right" as const,
  })),
];

/** Shows calls, failures, tokens, latency and cost of each model, and its share of the known cost. */
export function modelSection(calls: readonly ModelCall[]): Html | undefined {
  const models = Object.entries(byModel(calls));
  if (models.length === 0) return undefined;
  const decimals = decimalsFor(calls.map(({ costUsd }) => costUsd));
  const paid = models.reduce((sum, [, { costUsd }]) => sum + (costUsd ?? 0), 0);
  const rows = models
    .toSorted(([, one], [, other]) => (other.costUsd ?? 0) - (one.costUsd ?? 0))
    .map(([model, each]) => [
      model,
      count(each.calls),
      each.failed === 0 ? "–" : html`<span class="bad">${count(each.failed)}</span>`,
      count(each.inputTokens),
      count(each.outputTokens),
      ms(each.meanLatencyMs),
      usd(each.costUsd, { decimals }),
      each.costUsd === null || paid === 0 ? "–" : share(each.costUsd / paid),
    ]);
  return table("Models", modelColumns, rows);
}
