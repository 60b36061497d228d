import type { ModelCall } from "../ledger/model-call.js";
import { formatMs } from "./figures.js";
import { escapeXml, svgText, textWidth } from "./svg-text.js";
import type { TimeScale } from "./time-scale.js";
import type { TimelineRow } from "./timeline-rows.js";
import { ALERT, BAR, EDGE, type Layout, NOTE, PAPER, ROLES, SOFT } from "./timeline-style.js";

/** Draws the bar of a row whose upper end is at `y`, with what went wrong beside it. */
export function drawRowBar(row: TimelineRow, scale: TimeScale, layout: Layout, y: number): string[] {
  const x = scale.at(row.start);
  const width = Math.max(2, scale.at(row.end) - x);
  if (row.call === undefined) return [bracket(x, width, y)];
  const { call } = row;
  const { colour } = ROLES[call.role];
  const words = outcomeWords(call)?.slice(0, 40);
  const beside = words === undefined ? [] : drawWords(words, x, width, { plot: layout.plot, y });
  const isCovered = words !== undefined && !fitsAfter(words, x + width, layout.plot);
  return [
    ...drawWait(row, scale, { layout, y, isCovered }),
    ...drawBar(call, { x, width, y, colour }, scale),
    ...beside,
  ];
}

interface Bar {
  readonly x: number;
  readonly width: number;
  readonly y: number;
  readonly colour: string;
}

/** Draws a call: light until its first token, hatched when it failed or was cancelled, an outline when a cache answered. */
function drawBar(call: ModelCall, bar: Bar, scale: TimeScale): string[] {
  const { x, width, y, colour } = bar;
  const rect = (at: number, wide: number, attributes: string) =>
    `<rect x="${at.toFixed(1)}" y="${y}" width="${wide.toFixed(1)}" height="${BAR}" rx="2.5" ${attributes}/>`;
  if (call.status === "cached")
    return [rect(x, Math.max(width, 6), `fill="${PAPER}" stroke="${colour}" stroke-width="1.5"`)];
  const failed = call.status !== "ok";
  if (failed) {
    const outline = rect(x, width, `fill="${colour}" fill-opacity="0.14" stroke="${colour}" stroke-width="1"`);
    return [
      outline,
      `<path d="${hatch(x, width, y)}" stroke="${colour}" stroke-width="1.4" fill="none"/>`,
      ...firstToken(call, bar, scale),
    ];
  }
  if (call.timeToFirstTokenMs === undefined) return [rect(x, width, `fill="${colour}"`)];
  const first = firstTokenAt(call, bar, scale);
  return [
    rect(x, width, `fill="${colour}" fill-opacity="0.4"`),
    rect(first, x + width - first, `fill="${colour}"`),
    ...firstToken(call, bar, scale),
  ];
}

function firstTokenAt({ startedAt, timeToFirstTokenMs = 0 }: ModelCall, { x, width }: Bar, scale: TimeScale): number {
  return Math.min(Math.max(scale.at(startedAt + timeToFirstTokenMs), x), x + width);
}

/** Draws a tick where the first token arrived. */
function firstToken(call: ModelCall, bar: Bar, scale: TimeScale): string[] {
  if (call.timeToFirstTokenMs === undefined) return [];
  const at = firstTokenAt(call, bar, scale).toFixed(1);
  return [`<path class="first-token" d="M${at} ${bar.y - 3}v${BAR + 6}" stroke="${bar.colour}" stroke-width="1.8"/>`];
}

/** Draws slanted lines within a bar; a pattern would need an id, which must not repeat in a page of several pictures. */
function hatch(x: number, width: number, y: number): string {
  const apart = 5;
  const lines: string[] = [];
  for (let from = x - BAR + apart; from < x + width; from += apart) {
    const [left, right] = [Math.max(from, x), Math.min(from + BAR, x + width)];
    if (right - left < 0.5) continue;
    lines.push(
      `M${left.toFixed(1)} ${(y + BAR - (left - from)).toFixed(1)}L${right.toFixed(1)} ${(y + BAR - (right - from)).toFixed(1)}`,
    );
  }
  return lines.join("");
}

function bracket(x: number, width: number, y: number): string {
  const middle = y + BAR / 2;
  return `<path d="M${x.toFixed(1)} ${middle + 4}v-4h${width.toFixed(1)}v4" stroke="${EDGE}" stroke-width="1.5" fill="none"/>`;
}

interface WaitPlace {
  readonly layout: Layout;
  readonly y: number;
  /** True where the outcome stands before the bar, so that the wait has its words in the tooltip only. */
  readonly isCovered: boolean;
}

/** Draws the time a call waited before it was sent. */
function drawWait(
  { waitedFrom, start, call }: TimelineRow,
  scale: TimeScale,
  { layout: { plot }, y, isCovered }: WaitPlace,
): string[] {
  if (waitedFrom === undefined || call === undefined) return [];
  const [from, to] = [scale.at(waitedFrom), scale.at(start)];
  const middle = y + BAR / 2;
  const words = waitWords(call).join(", ");
  const wide = textWidth(words, NOTE) + 8;
  const fits = !isCovered && wide + 16 <= to - from;
  const gap = fits ? `H${((from + to - wide) / 2).toFixed(1)}m${wide.toFixed(1)} 0` : "";
  const line = `<path class="wait" d="M${from.toFixed(1)} ${y + 2}v${BAR - 4}M${from.toFixed(1)} ${middle}${gap}H${to.toFixed(1)}" stroke="${SOFT}" stroke-width="1" stroke-dasharray="2 3" fill="none"/>`;
  const style = { ...NOTE, y: middle + 4, fill: SOFT };
  if (fits) return [line, svgText(words, { ...style, x: (from + to) / 2, anchor: "middle" })];
  return isCovered || from - wide < plot.left
    ? [line]
    : [line, svgText(words, { ...style, x: from - 6, anchor: "end" })];
}

/** Says how long a call waited, and for what. */
function waitWords({ retryWaitMs = 0, queuedMs = 0 }: ModelCall): string[] {
  return [
    ...(retryWaitMs > 0 ? [`waits ${formatMs(retryWaitMs)}`] : []),
    ...(queuedMs > 0 ? [`queued ${formatMs(queuedMs)}`] : []),
  ];
}

/** Says in a word how a call ended, unless it was answered. */
export function outcomeWords({ status, error }: ModelCall): string | undefined {
  if (status === "ok") return undefined;
  if (status !== "error") return status;
  return error === undefined ? "error" : [error.class, ...(error.status === undefined ? [] : [error.status])].join(" ");
}

/** Returns true if words fit between the end of a bar and that of the plot. */
function fitsAfter(words: string, end: number, plot: Layout["plot"]): boolean {
  return end + 6 + textWidth(words, NOTE) <= plot.right;
}

function drawWords(
  words: string,
  x: number,
  width: number,
  { plot, y }: { plot: Layout["plot"]; y: number },
): string[] {
  const wide = textWidth(words, NOTE);
  const style = { ...NOTE, y: y + BAR / 2 + 4, fill: words === "cached" || words === "cancelled" ? SOFT : ALERT };
  if (fitsAfter(words, x + width, plot)) return [svgText(words, { ...style, x: x + width + 6 })];
  if (x - 6 - wide >= plot.left) return [svgText(words, { ...style, x: x - 6, anchor: "end", halo: PAPER })];
  return [svgText(words, { ...style, x: x + width / 2, anchor: "middle", halo: PAPER })];
}

/** Describes a call in one line, as a tooltip and for screen readers. */
export function callWords(call: ModelCall, startMs: number): string {
  const { path, model, role, latencyMs, timeToFirstTokenMs: first, attempt, hedge } = call;
  const parts = [
    `${path}: ${model}`,
    role,
    outcomeWords(call) ?? "ok",
    ...(attempt > 1 ? [`attempt ${attempt}`] : []),
    ...(hedge ? ["second request"] : []),
    ...waitWords(call),
    `${formatMs(latencyMs)} from ${formatMs(startMs)}`,
    ...(first === undefined ? [] : [`first token after ${formatMs(first)}`]),
  ];
  return escapeXml(parts.join(", "));
}
