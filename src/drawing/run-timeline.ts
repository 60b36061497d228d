import { InvalidOptionError } from "../errors/index.js";
import { type GivenCalls, givenCalls } from "../ledger/given-calls.js";
import type { ModelCall } from "../ledger/model-call.js";
import { inDark } from "./dark.js";
import { checkTheme, type Theme } from "./draw-graph.js";
import { decimalsFor, formatCount, formatMs, formatTotal, formatUsd } from "./figures.js";
import { pageWidth } from "./fit-width.js";
import { readableCall } from "./readable-call.js";
import { escapeXml, fitText, svgText, textWidth } from "./svg-text.js";
import { type TimeScale, timeScale } from "./time-scale.js";
import { callWords, drawRowBar } from "./timeline-bar.js";
import { drawLegend } from "./timeline-legend.js";
import { durationOf, spansOf, startOf, type TimelineRow, timelineRows } from "./timeline-rows.js";
import { INK, type Layout, layoutFor, NAME, NOTE, PAPER, RULE, SOFT } from "./timeline-style.js";

export interface TimelineOptions {
  /** Colours for dark pages; the background is part of the picture. @default "light" */
  readonly theme?: Theme;
  /** Width in pixels, 320 to 860. Below 560, a bar stands under its name. @default 860 */
  readonly width?: number;
}

/** Rows that are drawn; the sums count all calls. */
const MOST_ROWS = 200;
const TOP = 40;

/**
 * Draws the calls of a run over time: one bar a call, those of a nested graph together, with what each cost.
 *
 * **When to use** - to see what a run waited for: a slow judge, a retry, a lane that the others waited for.
 * **Gotchas** - a bar is light until the first token, where the client streams, and hatched when its call failed or was cancelled. A dashed
 * line is the wait before a retry. Long pauses without a call are shortened, with a mark. Of more than 200 lines the first are drawn.
 *
 * @param given the final state of a run, also as JSON, or its calls, as of `callsOf(error)`
 * @returns SVG text that begins with `<svg`, at most 860 pixels wide, without scripts
 * @example
 * ```ts
 * import { runTimeline } from "langgraph-multimodel/report";
 * const state = await createFallback({ models: { small, large } }).compile().invoke({ messages: "Hi" });
 * const svg = runTimeline(state);
 * ```
 * @throws {InvalidOptionError} when `given` holds no ledger, or an option is out of range
 */
export function runTimeline(given: GivenCalls, { theme = "light", width = pageWidth }: TimelineOptions = {}): string {
  checkTheme("runTimeline", theme);
  if (!(width >= 320 && width <= pageWidth))
    throw new InvalidOptionError("runTimeline.width", width, `give 320 to ${pageWidth} pixels`);
  const calls = givenCalls(given, "runTimeline").map(readableCall);
  const svg = drawTimeline(calls, width);
  return theme === "dark" ? inDark(svg) : svg;
}

function drawTimeline(calls: readonly ModelCall[], width: number): string {
  const rows = timelineRows(calls);
  const drawn = rows.slice(0, MOST_ROWS);
  const decimals = decimalsFor(calls.map(({ costUsd }) => costUsd));
  const total = formatTotal(calls, decimals);
  const costs = new Set([total, ...calls.map((call) => costText(call, decimals))]);
  const costWidth = [...costs].reduce(
    (most, text) => Math.max(most, textWidth(text, { ...NAME, bold: text === total })),
    0,
  );
  const layout = layoutFor(width, costWidth);
  const scale = timeScale(spansOf(rows), layout.plot.left, layout.plot.right);
  const start = startOf(calls);
  const bottom = TOP + drawn.length * layout.row.height;
  const legend = drawLegend(calls, layout, bottom + 56);
  const height = Math.ceil(bottom + 56 + legend.height);
  const summary = `${formatCount(calls.length)} ${calls.length === 1 ? "call" : "calls"} in ${formatMs(durationOf(calls))}, ${total}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" data-calls="${calls.length}">`,
    `<title>Timeline of a run: ${escapeXml(summary)}</title>`,
    `<desc>${drawn.flatMap(({ call }) => (call ? [`${callWords(call, call.startedAt - start)}, ${escapeXml(costText(call, decimals))}`] : [])).join("; ")}</desc>`,
    `<rect width="${width}" height="${height}" fill="${PAPER}"/>`,
    ...(calls.length === 0 ? [] : drawAxis(scale, layout, bottom)),
    ...drawn.flatMap((row, index) =>
      drawRow(row, { scale, layout, decimals, start, y: TOP + index * layout.row.height }),
    ),
    ...drawTotal(
      { summary, total, left: rows.length - drawn.length, duration: formatMs(durationOf(calls)) },
      layout,
      bottom,
    ),
    ...legend.parts,
    "</svg>",
    "",
  ].join("\n");
}

const costText = ({ costUsd, estimated }: ModelCall, decimals: number) =>
  formatUsd(costUsd, { decimals, estimated: estimated === true });

/** Draws the ticks of time above the rows, and where time is shortened. */
function drawAxis({ ticks, breaks }: TimeScale, { plot }: Layout, bottom: number): string[] {
  return [
    ...ticks.flatMap(({ ms, x, afterBreak }) => [
      `<path d="M${x.toFixed(1)} ${TOP - 6}V${bottom}" stroke="${RULE}" stroke-width="1"/>`,
      svgText(`${afterBreak ? "+" : ""}${tickText(ms)}`, {
        ...NOTE,
        x: Math.max(x, plot.left),
        y: TOP - 14,
        fill: SOFT,
        anchor: ms === 0 ? "start" : "middle",
      }),
    ]),
    ...breaks.flatMap(({ x, width, start, end }) => [
      `<rect class="break" x="${x.toFixed(1)}" y="${TOP - 6}" width="${width.toFixed(1)}" height="${(bottom - TOP + 6).toFixed(1)}" fill="#eef2f6"/>`,
      svgText(`${formatMs(end - start)}`, {
        ...NOTE,
        x: x + width / 2,
        y: bottom + 14,
        fill: SOFT,
        anchor: "middle",
        halo: PAPER,
      }),
    ]),
  ];
}

function tickText(ms: number): string {
  return ms >= 1_000 && ms < 60_000 ? `${Number((ms / 1_000).toFixed(2))} s` : ms === 0 ? "0" : formatMs(ms);
}

interface RowPlace {
  readonly scale: TimeScale;
  readonly layout: Layout;
  readonly decimals: number;
  /** Start of the run, Unix ms. */
  readonly start: number;
  readonly y: number;
}

function drawRow(row: TimelineRow, { scale, layout, decimals, start, y }: RowPlace): string[] {
  const { call, depth } = row;
  const { names, time, cost, row: at } = layout;
  const text = { ...NAME, y: y + at.text };
  const left = names.left + depth * 14;
  const room = names.right - left;
  const name = fitText(nameOf(row), room, NAME, 1)[0] ?? "";
  const beside = left + textWidth(name, NAME) * 0.9 + 8;
  const model =
    call === undefined || names.right - beside < 40
      ? ""
      : (fitText(call.model, names.right - beside, NOTE, 1)[0] ?? "");
  const drawn = [
    svgText(name, { ...text, x: left, fill: INK, bold: call === undefined }),
    ...(model === "" || call?.model === row.name
      ? []
      : [svgText(model, { ...NOTE, y: text.y, x: beside, fill: SOFT })]),
    ...drawRowBar(row, scale, layout, y + at.bar),
  ];
  if (call === undefined) return ["<g>", ...drawn, "</g>"];
  return [
    `<g class="call" data-call="${escapeXml(call.id)}" data-start="${call.startedAt - start}" data-ms="${call.latencyMs}" data-cost="${call.costUsd ?? "unknown"}">`,
    `<title>${callWords(call, call.startedAt - start)}</title>`,
    ...drawn,
    svgText(formatMs(call.latencyMs), { ...text, x: time, fill: SOFT, anchor: "end" }),
    svgText(costText(call, decimals), { ...text, x: cost, fill: INK, anchor: "end" }),
    "</g>",
  ];
}

function nameOf({ name, call }: TimelineRow): string {
  if (call === undefined) return name;
  return `${name}${call.attempt > 1 ? ` ↻${call.attempt}` : ""}${call.hedge ? " ⇉" : ""}`;
}

interface Total {
  readonly summary: string;
  readonly total: string;
  readonly duration: string;
  /** Rows that are not drawn. */
  readonly left: number;
}

function drawTotal(
  { summary, total, duration, left }: Total,
  { width, names, time, cost }: Layout,
  bottom: number,
): string[] {
  const y = bottom + 34;
  const words = left > 0 ? `${summary.split(" in ")[0]}, ${formatCount(left)} more lines` : summary.split(" in ")[0]!;
  return [
    `<path d="M${names.left} ${bottom + 18}H${width - names.left}" stroke="#bdbdbd" stroke-width="1"/>`,
    svgText(words, { ...NAME, x: names.left, y, fill: INK, bold: true }),
    svgText(duration, { ...NAME, x: time, y, fill: INK, anchor: "end", bold: true }),
    svgText(total, { ...NAME, x: cost, y, fill: INK, anchor: "end", bold: true }),
  ];
}
