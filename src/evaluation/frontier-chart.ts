import { pageWidth } from "../drawing/fit-width.js";
import { escapeXml } from "../drawing/svg-text.js";
import { InvalidOptionError } from "../errors/index.js";
import { logAxis, shareAxis } from "./chart/axis.js";
import { formatDollars, formatPercent } from "./chart/figures.js";
import {
  drawAxes,
  drawBar,
  drawFrontier,
  drawLabel,
  drawLeader,
  drawLegend,
  drawMark,
  drawWords,
  type LabelText,
  labelSize,
  markBox,
} from "./chart/parts.js";
import { type Point, placeLabels, type Segment } from "./chart/place-labels.js";
import { HEIGHT, INK, PLOT, WIDTH } from "./chart/style.js";

/** One model or graph of the chart. */
export interface FrontierPoint {
  readonly name: string;
  /** USD, 0 or more; 0 is drawn left of the logarithmic axis. */
  readonly cost: number;
  /** Share of right answers, 0..1. */
  readonly accuracy: number;
  /** 95 % interval of the accuracy. @default no interval */
  readonly interval?: readonly [lower: number, upper: number];
  /** Draws a diamond, with figures below the name. @default false */
  readonly highlight?: boolean;
  /** True for a bound that nothing real reaches, such as an oracle: it is left out of the frontier. @default false */
  readonly bound?: boolean;
}

/** Texts of the chart: one line of title, at most two of subtitle and source. */
export interface FrontierOptions {
  /** @default "Cost and accuracy" */
  readonly title?: string;
  /** @default none */
  readonly subtitle?: string;
  /** Source of the figures. @default none */
  readonly source?: string;
  /** What `cost` measures. @default "cost of 1,000 questions" */
  readonly costOf?: string;
  /** Corners of the random mixes of single models, drawn as a dotted line. @default no line */
  readonly mix?: readonly { readonly cost: number; readonly accuracy: number }[];
  /** @default { plain: "one model", highlight: "several models together" } */
  readonly legend?: { readonly plain: string; readonly highlight: string };
}

/**
 * Draws cost (logarithmic) against accuracy, and the frontier: the points that no cheaper one matches.
 *
 * **When to use** - to choose between models and graphs that answered the same questions.
 * **Gotchas** - about 20 labels fit; the background is white, also on dark pages.
 *
 * @returns SVG text without a prolog, deterministic
 * @example
 * ```ts
 * import { frontierChart } from "langgraph-multimodel/notebook";
 * const svg = frontierChart([
 *   { name: "gpt-4o-mini", cost: 0.1, accuracy: 0.946 },
 *   { name: "gpt-4o", cost: 1.67, accuracy: 0.962 },
 *   { name: "cascade", cost: 0.22, accuracy: 0.962, highlight: true },
 * ]);
 * ```
 * @throws {InvalidOptionError} without points, or for a value outside its range
 * @throws {RangeError} when texts or labels do not fit
 */
export function frontierChart(points: readonly FrontierPoint[], options: FrontierOptions = {}): string {
  checkPoints(points);
  const {
    title = "Cost and accuracy",
    subtitle = "",
    source = "",
    costOf = "cost of 1,000 questions",
    mix = [],
    legend = { plain: "one model", highlight: "several models together" },
  } = options;
  const cost = logAxis(
    points.map((point) => point.cost),
    PLOT.x,
    PLOT.x + PLOT.width,
  );
  const shares = points.flatMap(({ interval, accuracy }) => interval ?? [accuracy]);
  const accuracy = shareAxis(shares, PLOT.y + PLOT.height, PLOT.y);

  const at = (dollars: number, share: number): Point => ({ x: cost.at(dollars), y: accuracy.at(share) });
  const steps = toSteps(
    paretoFrontier(points.filter(({ bound }) => bound !== true)).map((point) => at(point.cost, point.accuracy)),
  );
  const drawn = points.map((point) => {
    const [low, high] = point.interval ?? [];
    const bars: Segment[] = low === undefined ? [] : [[at(point.cost, low), at(point.cost, high!)]];
    return { place: at(point.cost, point.accuracy), bars, text: toLabelText(point), bold: !!point.highlight };
  });
  for (const { text } of drawn) {
    const room = PLOT.width - 8;
    if (labelSize(text).width > room)
      throw new RangeError(`This name does not fit the picture; shorten it: ${text.name}`);
  }
  const labels = placeLabels(
    drawn.map(({ place, text }) => ({ anchor: place, ...labelSize(text) })),
    {
      area: { x: PLOT.x + 4, y: PLOT.y + 2, width: PLOT.width - 8, height: PLOT.height - 6 },
      marks: drawn.map(({ place }) => markBox(place)),
      lines: [...drawn.flatMap(({ bars }) => bars), ...steps],
    },
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${pageWidth}" height="${Math.round((HEIGHT * pageWidth) / WIDTH)}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(points.map((point) => `${point.name}: ${toFigures(point)}`).join("; "))}</desc>`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8" fill="${INK.paper}" stroke="${INK.border}"/>`,
    ...drawWords(title, subtitle, source),
    ...drawLegend(legend),
    ...drawAxes(cost, accuracy, costOf),
    ...drawMix(mix, at),
    drawFrontier(steps),
    ...drawn.flatMap(({ bars, bold }) => bars.map((bar) => drawBar(bar, bold))),
    ...labels.flatMap(drawLeader),
    ...drawn.map(({ place, bold }) => drawMark(place, bold)),
    ...drawn.flatMap(({ place, text }, index) => drawLabel(labels[index]!, text, place)),
    "</svg>\n",
  ].join("\n");
}

function checkPoints(points: readonly FrontierPoint[]): void {
  if (!Array.isArray(points) || points.length === 0) {
    throw new InvalidOptionError("frontierChart.points", points, "give at least one { name, cost, accuracy }");
  }
  for (const { name, cost, accuracy, interval = [accuracy, accuracy] } of points) {
    if (!(cost >= 0 && cost < Number.POSITIVE_INFINITY)) {
      throw new InvalidOptionError(`frontierChart: cost of ${name}`, cost, "give USD, 0 or more");
    }
    const inOrder = [0, interval[0], accuracy, interval[1], 1];
    if (!inOrder.every((value, index) => index === 0 || value >= inOrder[index - 1]!)) {
      const expected = "give shares with 0 <= lower <= accuracy <= upper <= 1";
      throw new InvalidOptionError(`frontierChart: accuracy of ${name}`, accuracy, expected);
    }
  }
}

/** Returns the points that beat all cheaper ones in accuracy, by cost. */
function paretoFrontier(points: readonly FrontierPoint[]): FrontierPoint[] {
  const byCost = points.toSorted((a, b) => a.cost - b.cost || b.accuracy - a.accuracy);
  let best = Number.NEGATIVE_INFINITY;
  return byCost.filter(({ accuracy }) => {
    const isBetter = accuracy > best;
    if (isBetter) best = accuracy;
    return isBetter;
  });
}

/** Connects the frontier points as a staircase, since costs between two points buy no more accuracy. */
function toSteps(corners: readonly Point[]): Segment[] {
  return corners.slice(1).flatMap((to, index): Segment[] => {
    const from = corners[index]!;
    const bend = { x: to.x, y: from.y };
    return [
      [from, bend],
      [bend, to],
    ];
  });
}

/** Draws the mixes between two corners in steps, since the axis of costs is logarithmic. */
function drawMix(corners: readonly { cost: number; accuracy: number }[], at: (cost: number, share: number) => Point) {
  const places = corners.slice(1).flatMap((to, index) => {
    const from = corners[index]!;
    return Array.from({ length: 33 }, (_, step) => {
      const share = step / 32;
      return at(from.cost + share * (to.cost - from.cost), from.accuracy + share * (to.accuracy - from.accuracy));
    });
  });
  if (places.length === 0) return [];
  const points = places.map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
  return [
    `<polyline class="mix" points="${points}" fill="none" stroke="${INK.axis}" stroke-width="1.5" stroke-dasharray="1 4"/>`,
  ];
}

function toFigures({ accuracy, cost }: FrontierPoint): string {
  return `${formatPercent(accuracy)} · ${formatDollars(cost)}`;
}

function toLabelText(point: FrontierPoint): LabelText {
  return point.highlight ? { name: point.name, figures: toFigures(point) } : { name: point.name };
}
