import { InvalidOptionError } from "../errors/index.js";
import { textTable } from "../ledger/text-table.js";
import type { VariantComparison } from "./compare-variants.js";
import type { Difference, Figure } from "./compared-figures.js";
import { type Metric, metrics } from "./metrics.js";

/** Title of a figure, and how its values are written. */
interface Format {
  readonly title: string;
  write(value: number): string;
  /** Writes a difference without its sign. @default as a value */
  readonly writeDifference?: (value: number) => string;
}

const percent: Format["write"] = (value) => `${(100 * value).toFixed(1)} %`;
const points: Format["write"] = (value) => `${(100 * value).toFixed(1)} pt`;
const milliseconds: Format["write"] = (value) => value.toFixed(0);

const formats: Readonly<Record<Metric, Format>> = {
  success: { title: "success", write: percent, writeDifference: points },
  fallen: { title: "fallen", write: percent, writeDifference: points },
  costUsd: { title: "USD a run", write: (value) => significant(value) },
  meanLatencyMs: { title: "mean ms", write: milliseconds },
  p50LatencyMs: { title: "p50 ms", write: milliseconds },
  p95LatencyMs: { title: "p95 ms", write: milliseconds },
  score: { title: "score", write: (value) => value.toFixed(3) },
};

/** Columns of a text table. */
const widest = 100;

/**
 * Formats a comparison as a text table: for each figure a line per side, with its interval, the difference from the baseline, and how
 * many more runs would tell.
 *
 * **When to use** - in a terminal or a log; the comparison itself is data for a page.
 * **Gotchas** - figures without a value are left out. "?" is a limit that these runs do not give.
 *
 * @example
 * ```ts
 * import { compareVariants, formatComparison } from "langgraph-multimodel/evaluation";
 * const graph = createExperiment({ models: { a, b }, weights: { a: 1, b: 1 }, seed: "spring" }).compile();
 * const runs = await Promise.all(["Hi", "Hello"].map((messages) => graph.invoke({ messages })));
 * console.log(formatComparison(compareVariants(runs)));
 * ```
 * @throws {InvalidOptionError} when it is no comparison
 */
export function formatComparison(comparison: VariantComparison): string {
  if (typeof Object(comparison).variants !== "object") {
    const expected = "give what compareVariants returned";
    throw new InvalidOptionError("formatComparison.comparison", comparison, expected);
  }
  const { baseline, variants, differences, peeking, unassigned } = comparison;
  const names = Object.keys(variants);
  const isPlanned = Object.values(differences).some((each) => Object.values(each).some(hasSmallest));
  const shown = (Object.keys(metrics) as Metric[]).filter((metric) =>
    names.some((name) => isShown(variants[name]![metric], metric)),
  );
  const rows = shown.flatMap((metric) =>
    [...names]
      .sort((one, other) => Number(other === baseline) - Number(one === baseline))
      .map((name, index) => {
        const { title, write, writeDifference = write } = formats[metric];
        const figure = variants[name]![metric];
        const own = [
          index === 0 ? title : "",
          name,
          String(figure.runs),
          valueText(figure, write),
          rangeText(figure, write),
        ];
        const difference = differences[name]?.[metric];
        return { cells: [...own, ...differenceCells(difference, writeDifference, isPlanned)], answered: false };
      }),
  );
  const titles = ["figure", "side", "runs", "value", "95 % interval", "difference", "95 % interval", "more runs"];
  const columns = [...titles, ...(isPlanned ? ["for smallest"] : [])].map((title, index) => ({
    title,
    align: index < 2 ? ("left" as const) : ("right" as const),
  }));
  const remarks = [
    ...(peeking ? ["The intervals hold however often they are looked at."] : []),
    ...(unassigned > 0 ? [`${unassigned} ${unassigned === 1 ? "run is" : "runs are"} of no side.`] : []),
  ];
  return [textTable({ columns, rows }, widest), ...remarks].join("\n");
}

const hasSmallest = ({ moreRuns }: Difference) => moreRuns.smallest !== undefined;

/** Leaves out runs that nothing fell in, which is what most comparisons have. */
const isShown = ({ value }: Figure, metric: Metric) => value !== null && !(metric === "fallen" && value === 0);

function differenceCells(difference: Difference | undefined, write: Format["write"], isPlanned: boolean): string[] {
  if (difference === undefined) return isPlanned ? ["", "", "", ""] : ["", "", ""];
  const { differs, moreRuns, value } = difference;
  const signed = (each: number) => `${each > 0 ? "+" : ""}${write(each)}`;
  const seen = differs ? "differs" : runsText(moreRuns.seen);
  const cells = [value === null ? "–" : signed(value), value === null ? "–" : rangeText(difference, signed), seen];
  return isPlanned ? [...cells, moreRuns.smallest === undefined ? "" : runsText(moreRuns.smallest)] : cells;
}

function runsText(runs: number | null): string {
  if (runs === null) return "–";
  return runs === 0 ? "enough" : runs.toLocaleString("en-US");
}

const valueText = ({ value }: Figure, write: Format["write"]) => (value === null ? "–" : write(value));

/** Writes an interval with its unit once. */
function rangeText({ value, low, high }: Pick<Figure, "value" | "low" | "high">, write: Format["write"]): string {
  if (value === null) return "–";
  const [from, to] = [low, high].map((limit) => (limit === null ? "?" : write(limit)));
  return `${from!.replace(/ (%|pt)$/, "")} to ${to}`;
}

/** Writes a number with three significant digits, never as a power of ten. */
function significant(value: number): string {
  if (value === 0) return "0";
  const digits = 2 - Math.floor(Math.log10(Math.abs(value)));
  return value.toFixed(Math.min(20, Math.max(2, digits)));
}
