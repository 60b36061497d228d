import { decimalsFor, formatMs, formatTotal, formatUsd } from "../../drawing/figures.js";
import { type TimeScale, timeScale } from "../../drawing/time-scale.js";
import { outcomeWords } from "../../drawing/timeline-bar.js";
import { durationOf, spansOf, type TimelineRow, timelineRows } from "../../drawing/timeline-rows.js";
import type { ModelCall } from "../../ledger/model-call.js";
import { printable, withoutKeys } from "./terminal.js";
import { padLeft, padRight, widthOf } from "./text-width.js";

/** Colours a part of a line; `failed` is no role. */
export type PaintPart = (part: ModelCall["role"] | "failed" | "soft", text: string) => string;

const mostRows = 60;

/**
 * Writes the calls of a run as bars: `█` an answer as it comes, `░` until its first token, `╱` a call that failed or was cancelled, `◇` an
 * answer from a cache, `·` the wait for a retry or in a queue.
 *
 * @param columns width of a line at most
 */
export function timelineLines(calls: readonly ModelCall[], columns: number, paint: PaintPart): string[] {
  if (calls.length === 0) return [];
  const all = timelineRows(calls);
  const rows = all.slice(0, mostRows);
  const decimals = decimalsFor(calls.map(({ costUsd }) => costUsd));
  const left = all.length - rows.length;
  const count = `${calls.length} ${calls.length === 1 ? "call" : "calls"}${left > 0 ? `, ${left} more lines` : ""}`;
  const widest = Math.max(12, Math.min(36, Math.floor(Math.min(columns, 120) / 3)));
  const names = [...rows.map(nameOf), count].map((text) => cut(text, widest));
  const times = rows.map(({ call }) => (call === undefined ? "" : formatMs(call.latencyMs)));
  const costs = rows.map(({ call }) =>
    call === undefined ? "" : formatUsd(call.costUsd, { decimals, estimated: call.estimated === true }),
  );
  const sums = [formatMs(durationOf(calls)), formatTotal(calls, decimals)] as const;
  const [name, time, cost] = [
    [...names, ""],
    [...times, sums[0]],
    [...costs, sums[1]],
  ].map((cells) => Math.max(...cells.map(widthOf)));
  const room = Math.max(10, Math.min(columns, 120) - name! - time! - cost! - 6);
  const scale = timeScale(spansOf(all), 0, room, { pause: 3, tick: 12 });
  const line = (first: string, bar: string, duration: string, price: string) =>
    `${first}  ${bar}  ${paint("soft", padLeft(duration, time!))}  ${padLeft(price, cost!)}`.trimEnd();
  return [
    ...rows.map((row, index) =>
      line(padRight(names[index]!, name!), barOf(row, scale, room, paint), times[index]!, costs[index]!),
    ),
    line(padRight(names.at(-1)!, name!), " ".repeat(room), ...sums),
  ];
}

function nameOf({ name, depth, call }: TimelineRow): string {
  const marks = call === undefined ? "" : `${call.attempt > 1 ? ` ↻${call.attempt}` : ""}${call.hedge ? " ⇉" : ""}`;
  const model = call === undefined || call.model === name ? "" : ` ${call.model}`;
  return "  ".repeat(depth) + withoutKeys(printable(name + marks + model)).replace(/\s+/g, " ");
}

function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = "";
  for (const character of text) {
    if (widthOf(kept + character) >= columns) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Writes a bar of `room` columns, with what went wrong beside it. */
function barOf(row: TimelineRow, scale: TimeScale, room: number, paint: PaintPart): string {
  const { call, waitedFrom } = row;
  if (call === undefined) return " ".repeat(room);
  const column = (time: number) => Math.min(room - 1, Math.max(0, Math.floor(scale.at(time))));
  const from = column(row.start);
  const length = Math.max(1, Math.min(room, Math.round(scale.at(row.end))) - from);
  const waited = waitedFrom === undefined ? 0 : Math.max(0, from - column(waitedFrom));
  const bar = paint(call.role, cells(call, scale, from, length));
  const words = outcomeWords(call);
  const before = " ".repeat(from - waited) + paint("soft", "·".repeat(waited));
  const after = room - from - length;
  const beside = words === undefined ? "" : withoutKeys(printable(words));
  const colour = call.status === "cached" || call.status === "cancelled" ? "soft" : "failed";
  if (beside !== "" && widthOf(beside) < after)
    return `${before}${bar} ${paint(colour, beside)}${" ".repeat(after - widthOf(beside) - 1)}`;
  if (beside !== "" && widthOf(beside) < from - waited) {
    return `${" ".repeat(from - waited - widthOf(beside) - 1)}${paint(colour, beside)} ${paint("soft", "·".repeat(waited))}${bar}${" ".repeat(after)}`;
  }
  return before + bar + " ".repeat(after);
}

function cells(call: ModelCall, scale: TimeScale, from: number, length: number): string {
  if (call.status === "cached") return "◇".repeat(length);
  if (call.status !== "ok") return "╱".repeat(length);
  if (call.timeToFirstTokenMs === undefined) return "█".repeat(length);
  const first = Math.round(scale.at(call.startedAt + call.timeToFirstTokenMs)) - from;
  const waiting = Math.min(Math.max(0, first), length - 1);
  return "░".repeat(waiting) + "█".repeat(length - waiting);
}
