import { InvalidOptionError } from "../errors/index.js";
import { textTable } from "../ledger/text-table.js";
import type { VariantComparison } from "./compare-variants.js";
import type { Difference } from "./compared-figures.js";
import { differenceText, figureText, moreRunsText, runsText, shownMetrics, titles } from "./comparison-text.js";
import type { Metric } from "./metrics.js";

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
  const shown = shownMetrics(comparison);
  const rows = shown.flatMap((metric) =>
    [...names]
      .sort((one, other) => Number(other === baseline) - Number(one === baseline))
      .map((name, index) => {
        const figure = variants[name]![metric];
        const own = [
          index === 0 ? titles[metric] : "",
          name,
          String(figure.runs),
          ...Object.values(figureText(figure, metric)),
        ];
        const difference = differences[name]?.[metric];
        return { cells: [...own, ...differenceCells(difference, metric, isPlanned)], answered: false };
      }),
  );
  const heads = ["figure", "side", "runs", "value", "95 % interval", "difference", "95 % interval", "more runs"];
  const columns = [...heads, ...(isPlanned ? ["for smallest"] : [])].map((title, index) => ({
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

function differenceCells(difference: Difference | undefined, metric: Metric, isPlanned: boolean): string[] {
  if (difference === undefined) return isPlanned ? ["", "", "", ""] : ["", "", ""];
  const { moreRuns } = difference;
  const { value, range } = differenceText(difference, metric);
  const cells = [value, range, moreRunsText(difference)];
  return isPlanned ? [...cells, moreRuns.smallest === undefined ? "" : runsText(moreRuns.smallest)] : cells;
}
