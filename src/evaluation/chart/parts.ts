import { svgText, type TextStyle, textWidth, wrapText } from "../../drawing/svg-text.js";
import type { ChartAxis } from "./axis.js";
import { formatPercent } from "./figures.js";
import type { Box, PlacedLabel, Point, Segment } from "./place-labels.js";
import { BODY, COLOURS, EDGE, HEIGHT, INK, LABEL, PLOT, SMALL, TITLE, WIDTH } from "./style.js";

/** Text of a label; highlighted points have figures below the name. */
export interface LabelText {
  readonly name: string;
  readonly figures?: string;
}

const MARK = 6;
const LABEL_LINE = 15;
const FIGURES = { size: 11.5 } as const;
const DASH = 'stroke-dasharray="6 4"';

/** Draws title, subtitle and source; throws when a text does not fit, rather than cutting it. */
export function drawWords(title: string, subtitle: string, source: string): string[] {
  const sourceLines = linesOf(source, SMALL, 2);
  const sourceTop = HEIGHT - 16 - 14 * (sourceLines.length - 1);
  return [
    ...linesOf(title, TITLE, 1).map((line) => svgText(line, { ...TITLE, x: EDGE, y: 36, fill: INK.text })),
    ...linesOf(subtitle, BODY, 2).map((line, row) =>
      svgText(line, { ...BODY, x: EDGE, y: 58 + 17 * row, fill: INK.soft }),
    ),
    ...sourceLines.map((line, row) => svgText(line, { ...SMALL, x: EDGE, y: sourceTop + 14 * row, fill: INK.soft })),
  ];
}

function linesOf(text: string, style: TextStyle, lines: number): string[] {
  const width = WIDTH - 2 * EDGE;
  const wrapped = wrapText(text, width, style);
  if (wrapped.length > lines || wrapped.some((line) => textWidth(line, style) > width)) {
    throw new RangeError(`This text does not fit ${lines} line(s) of the picture: ${text}`);
  }
  return wrapped;
}

export function drawLegend(legend: { readonly plain: string; readonly highlight: string }): string[] {
  const y = PLOT.y - 18;
  const entries = [
    { text: legend.plain, mark: (x: number) => drawMark({ x, y: y - 4 }, false) },
    { text: legend.highlight, mark: (x: number) => drawMark({ x, y: y - 4 }, true) },
    {
      text: "frontier: nothing cheaper is as accurate",
      mark: (x: number) =>
        `<line x1="${x - 14}" y1="${y - 4}" x2="${x + 8}" y2="${y - 4}" stroke="${COLOURS.frontier}" stroke-width="2" ${DASH}/>`,
    },
  ];
  let x = EDGE + 8;
  return entries.flatMap(({ text, mark }, index) => {
    if (index === 2) x += 8;
    const drawn = [mark(x), svgText(text, { ...LABEL, x: x + 14, y, fill: INK.soft })];
    x += 14 + textWidth(text, LABEL) + 26;
    if (x - 26 > WIDTH - EDGE) throw new RangeError(`The legend does not fit one line of the picture: ${text}`);
    return drawn;
  });
}

export function drawAxes(cost: ChartAxis, accuracy: ChartAxis, costOf: string): string[] {
  const bottom = PLOT.y + PLOT.height;
  const right = PLOT.x + PLOT.width;
  const middle = PLOT.y + PLOT.height / 2;
  const named = `${costOf}, USD (logarithmic)`;
  if (textWidth(named, BODY) > PLOT.width) throw new RangeError(`This text does not fit below the picture: ${named}`);
  return [
    ...accuracy.ticks.flatMap((tick) => {
      const y = accuracy.at(tick);
      return [
        `<line x1="${PLOT.x}" y1="${y.toFixed(1)}" x2="${right}" y2="${y.toFixed(1)}" stroke="${INK.grid}"/>`,
        svgText(formatPercent(tick, 0), { ...LABEL, x: PLOT.x - 8, y: y + 4, fill: INK.soft, anchor: "end" }),
      ];
    }),
    ...cost.ticks.flatMap((tick) => {
      const x = cost.at(tick);
      return [
        `<line x1="${x.toFixed(1)}" y1="${PLOT.y}" x2="${x.toFixed(1)}" y2="${bottom + 5}" stroke="${INK.grid}"/>`,
        svgText(formatTick(tick), { ...LABEL, x, y: bottom + 20, fill: INK.soft, anchor: "middle" }),
      ];
    }),
    `<line x1="${PLOT.x}" y1="${bottom}" x2="${right}" y2="${bottom}" stroke="${INK.axis}"/>`,
    svgText(named, {
      ...BODY,
      x: PLOT.x + PLOT.width / 2,
      y: bottom + 42,
      fill: INK.text,
      anchor: "middle",
    }),
    `<g transform="rotate(-90 22 ${middle})">${svgText("right answers", { ...BODY, x: 22, y: middle, fill: INK.text, anchor: "middle" })}</g>`,
  ];
}

/** Formats a tick: "free", "$0.05", "$0.10", "$2". */
function formatTick(dollars: number): string {
  if (dollars === 0) return "free";
  return `$${dollars.toFixed(dollars >= 1 ? 0 : Math.max(2, Math.ceil(-Math.log10(dollars))))}`;
}

export function drawFrontier(steps: readonly Segment[]): string {
  const [first] = steps;
  const corners = first ? [first[0], ...steps.map(([, end]) => end)] : [];
  const points = corners.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return `<polyline class="frontier" points="${points}" fill="none" stroke="${COLOURS.frontier}" stroke-width="2" ${DASH}/>`;
}

export function drawBar([start, end]: Segment, highlight: boolean): string {
  const [x, low, high] = [start.x, start.y, end.y].map((value) => value.toFixed(1));
  const caps = [low, high].map((y) => `M${(start.x - 4).toFixed(1)} ${y}h8`).join("");
  return `<path class="interval" d="M${x} ${low}V${high}${caps}" stroke="${colour(highlight)}" stroke-width="1.5" stroke-opacity="0.45"/>`;
}

/** The mark of a point: shape as well as colour tells the two kinds apart. */
export function drawMark({ x, y }: Point, highlight: boolean): string {
  const style = `fill="${colour(highlight)}" stroke="${INK.paper}" stroke-width="1.5"`;
  const [left, top] = [x.toFixed(1), (y - MARK - 1).toFixed(1)];
  const side = MARK + 1;
  if (highlight)
    return `<path class="mark" d="M${left} ${top}l${side} ${side}l-${side} ${side}l-${side} -${side}z" ${style}/>`;
  return `<circle class="mark" cx="${left}" cy="${y.toFixed(1)}" r="${MARK}" ${style}/>`;
}

export function markBox({ x, y }: Point): Box {
  const side = MARK + 2;
  return { x: x - side, y: y - side, width: 2 * side, height: 2 * side };
}

export function labelSize({ name, figures }: LabelText): { width: number; height: number } {
  const width = textWidth(name, { ...LABEL, bold: figures !== undefined });
  if (figures === undefined) return { width, height: LABEL_LINE };
  return { width: Math.max(width, textWidth(figures, FIGURES)), height: 2 * LABEL_LINE - 1 };
}

/** Draws the text of a label, aligned to the side nearer to its point. */
export function drawLabel(box: PlacedLabel, { name, figures }: LabelText, point: Point): string[] {
  const isLeft = box.x + box.width / 2 < point.x;
  const place = { x: isLeft ? box.x + box.width : box.x, anchor: isLeft ? "end" : "start" } as const;
  const style = { ...place, className: "label", halo: INK.paper };
  const bold = figures !== undefined;
  const title = svgText(name, { ...LABEL, ...style, y: box.y + 11.5, fill: INK.text, bold });
  if (!bold) return [title];
  return [title, svgText(figures, { ...FIGURES, ...style, y: box.y + 25.5, fill: INK.soft })];
}

/** Draws a thin line from a point to a distant label. */
export function drawLeader({ leader }: PlacedLabel): string[] {
  if (!leader) return [];
  const [from, to] = leader;
  const ends = `x1="${from.x.toFixed(1)}" y1="${from.y.toFixed(1)}" x2="${to.x.toFixed(1)}" y2="${to.y.toFixed(1)}"`;
  return [`<line class="leader" ${ends} stroke="${INK.axis}" stroke-width="0.8"/>`];
}

function colour(highlight: boolean): string {
  return highlight ? COLOURS.highlight : COLOURS.plain;
}
