import type { VariantComparison } from "./compare-variants.js";
import type { Difference, Figure } from "./compared-figures.js";
import { type Metric, metrics } from "./metrics.js";

/** How the values of a figure are written. */
interface Format {
  write(value: number): string;
  /** Writes a difference without its sign. @default as a value */
  readonly writeDifference?: (value: number) => string;
}

/** A value and its interval in words. */
interface Written {
  readonly value: string;
  readonly range: string;
}

/** Short titles of figures. */
export const titles: Readonly<Record<Metric, string>> = {
  ...{ success: "success", fallen: "fallen", costUsd: "USD a run" },
  ...{ meanLatencyMs: "mean ms", p50LatencyMs: "p50 ms", p95LatencyMs: "p95 ms", score: "score" },
};

const percent: Format["write"] = (value) => `${(100 * value).toFixed(1)} %`;
const points: Format["write"] = (value) => `${(100 * value).toFixed(1)} pt`;
const milliseconds: Format["write"] = (value) => value.toFixed(0);

const formats: Readonly<Record<Metric, Format>> = {
  success: { write: percent, writeDifference: points },
  fallen: { write: percent, writeDifference: points },
  costUsd: { write: (value) => significant(value) },
  meanLatencyMs: { write: milliseconds },
  p50LatencyMs: { write: milliseconds },
  p95LatencyMs: { write: milliseconds },
  score: { write: (value) => value.toFixed(3) },
};

/** Returns the figures that have a value, without `fallen` where nothing fell. */
export function shownMetrics({ variants }: VariantComparison): readonly Metric[] {
  const isShown = ({ value }: Figure, metric: Metric) => value !== null && !(metric === "fallen" && value === 0);
  return (Object.keys(metrics) as Metric[]).filter((metric) =>
    Object.values(variants).some((figures) => isShown(figures[metric], metric)),
  );
}

/** Writes a figure of one side. */
export function figureText(figure: Figure, metric: Metric): Written {
  return written(figure, formats[metric].write);
}

/** Writes the difference of a side from the baseline, with its sign. */
export function differenceText(difference: Difference, metric: Metric): Written {
  const { write, writeDifference = write } = formats[metric];
  return written(difference, (value) => `${value > 0 ? "+" : ""}${writeDifference(value)}`);
}

/** Says how many more runs would tell, or that the sides differ. */
export function moreRunsText({ differs, moreRuns }: Difference): string {
  return differs ? "differs" : runsText(moreRuns.seen);
}

/** Writes a number of further runs. */
export function runsText(runs: number | null): string {
  if (runs === null) return "–";
  return runs === 0 ? "enough" : runs.toLocaleString("en-US");
}

/** Writes a value and its interval, the unit of an interval once. */
function written({ value, low, high }: Pick<Figure, "value" | "low" | "high">, write: Format["write"]): Written {
  if (value === null) return { value: "–", range: "–" };
  const [from, to] = [low, high].map((limit) => (limit === null ? "?" : write(limit)));
  return { value: write(value), range: `${from!.replace(/ (%|pt)$/, "")} to ${to}` };
}

/** Writes a number with three significant digits, never as a power of ten. */
function significant(value: number): string {
  if (value === 0) return "0";
  const digits = 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(20, Math.max(2, digits)));
}
