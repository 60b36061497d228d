/** The cost-quality picture of the demo, as SVG text. */
import { logAxis, shareAxis } from "./chart-axis.js";
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
} from "./chart-parts.js";
import { HEIGHT, INK, PLOT, WIDTH } from "./chart-style.js";
import { type Point, placeLabels, type Segment } from "./place-labels.js";
import { formatDollars, formatPercent } from "./statistics.js";
import { escapeXml } from "./svg-text.js";

/** One model or strategy in the picture. */
export interface FrontierPoint {
  readonly name: string;
  /** USD per 1,000 questions, more than 0. */
  readonly costPer1000: number;
  /** Share of right answers, 0..1. */
  readonly accuracy: number;
  /** 95 % interval of the accuracy. */
  readonly interval: readonly [lower: number, upper: number];
  /**
   * Drawn as a diamond, with its figures under the name.
   * @default false
   */
  readonly highlight?: boolean;
}

/** Words of the picture: one line of title, at most two of subtitle and source. */
export interface FrontierSvgOptions {
  /** @default "Cost and accuracy on GSM8K" */
  readonly title?: string;
  /** @default "Share of right answers, with 95 % Wilson intervals, against the list price of 1,000 questions" */
  readonly subtitle?: string;
  /** @default "Recorded answers, replayed; origins and licences: data/README.md" */
  readonly source?: string;
  /** @default { plain: "one model", highlight: "several models together" } */
  readonly legend?: { readonly plain: string; readonly highlight: string };
}

/**
 * Draws cost (logarithmic) against accuracy with error bars, and the frontier: the points that nothing cheaper equals.
 *
 * @returns SVG text without a prolog, the same for the same points.
 * @throws RangeError without points, for a value outside its range, or where words or labels find no room.
 */
export function frontierSvg(points: readonly FrontierPoint[], options: FrontierSvgOptions = {}): string {
  checkPoints(points);
  const {
    title = "Cost and accuracy on GSM8K",
    subtitle = "Share of right answers, with 95 % Wilson intervals, against the list price of 1,000 questions",
    source = "Recorded answers, replayed; origins and licences: data/README.md",
    legend = { plain: "one model", highlight: "several models together" },
  } = options;
  const costs = points.map(({ costPer1000 }) => costPer1000);
  const cost = logAxis(costs, PLOT.x, PLOT.x + PLOT.width);
  const shares = points.flatMap(({ interval }) => interval);
  const accuracy = shareAxis(shares, PLOT.y + PLOT.height, PLOT.y);

  const at = (costPer1000: number, share: number): Point => ({ x: cost.at(costPer1000), y: accuracy.at(share) });
  const steps = toSteps(paretoFrontier(points).map((point) => at(point.costPer1000, point.accuracy)));
  const drawn = points.map((point) => {
    const bar: Segment = [at(point.costPer1000, point.interval[0]), at(point.costPer1000, point.interval[1])];
    return { place: at(point.costPer1000, point.accuracy), bar, text: toLabelText(point), bold: !!point.highlight };
  });
  const labels = placeLabels(
    drawn.map(({ place, text }) => ({ anchor: place, ...labelSize(text) })),
    {
      area: { x: PLOT.x + 4, y: PLOT.y + 2, width: PLOT.width - 8, height: PLOT.height - 6 },
      marks: drawn.map(({ place }) => markBox(place)),
      lines: [...drawn.map(({ bar }) => bar), ...steps],
    },
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif">`,
    `<title>${escapeXml(title)}</title>`,
    `<desc>${escapeXml(points.map((point) => `${point.name}: ${toFigures(point)}`).join("; "))}</desc>`,
    `<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${HEIGHT - 1}" rx="8" fill="${INK.paper}" stroke="${INK.border}"/>`,
    ...drawWords(title, subtitle, source),
    ...drawLegend(legend),
    ...drawAxes(cost, accuracy),
    drawFrontier(steps),
    ...drawn.map(({ bar, bold }) => drawBar(bar, bold)),
    ...labels.flatMap(drawLeader),
    ...drawn.map(({ place, bold }) => drawMark(place, bold)),
    ...drawn.flatMap(({ place, text }, index) => drawLabel(labels[index]!, text, place)),
    "</svg>\n",
  ].join("\n");
}

function checkPoints(points: readonly FrontierPoint[]): void {
  if (points.length === 0) throw new RangeError("There is nothing to draw: give at least one point.");
  for (const { name, costPer1000, accuracy, interval } of points) {
    if (!(costPer1000 > 0 && costPer1000 < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`${name} costs ${costPer1000}: a logarithmic axis needs a cost above 0.`);
    }
    const inOrder = [0, interval[0], accuracy, interval[1], 1];
    if (!inOrder.every((value, index) => index === 0 || value >= inOrder[index - 1]!)) {
      throw new RangeError(`${name}: expected 0 <= ${interval[0]} <= ${accuracy} <= ${interval[1]} <= 1.`);
    }
  }
}

/** The points that are more accurate than everything cheaper, by cost. */
function paretoFrontier(points: readonly FrontierPoint[]): FrontierPoint[] {
  const byCost = points.toSorted((a, b) => a.costPer1000 - b.costPer1000 || b.accuracy - a.accuracy);
  let best = Number.NEGATIVE_INFINITY;
  return byCost.filter(({ accuracy }) => {
    const isBetter = accuracy > best;
    if (isBetter) best = accuracy;
    return isBetter;
  });
}

/** A staircase: more money buys nothing until it buys the next point. */
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

function toFigures({ accuracy, costPer1000 }: FrontierPoint): string {
  return `${formatPercent(accuracy)} · ${formatDollars(costPer1000)}`;
}

function toLabelText(point: FrontierPoint): LabelText {
  return point.highlight ? { name: point.name, figures: toFigures(point) } : { name: point.name };
}
