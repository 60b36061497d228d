import { InvalidOptionError } from "../../errors/index.js";
import { textTable } from "../../ledger/text-table.js";
import type { Measure, Report } from "../runs/report.js";
import type { PairedComparison } from "./compare.js";

/** Columns of a text table. */
const widest = 120;

const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
const points = (value: number) => `${value > 0 ? "+" : value < 0 ? "-" : ""}${(100 * Math.abs(value)).toFixed(1)} pt`;
const dollars = (value: number) => (value === 0 ? "0" : value.toPrecision(3));
const milliseconds = (value: number) => value.toFixed(0);

function span({ low, high }: Measure, write: (value: number) => string): string {
  const [from, to] = [low, high].map((limit) => (Number.isFinite(limit) ? write(limit!) : "?"));
  return `${from} to ${to}`;
}

const shown = (value: number | null, write: (value: number) => string) =>
  value === null || Number.isNaN(value) ? "unknown" : write(value);

/**
 * Formats evaluations as a table, one a line, or a comparison of two as text.
 *
 * **When to use** - in a terminal or a log; the report itself is data for a page.
 *
 * @param reports one report, several, or what `compare` returned
 * @example
 * ```ts
 * import { evaluate, exact, formatEvaluation } from "langgraph-multimodel/evaluation";
 * const dataset = [{ input: "Capital of France?", expected: "Paris" }];
 * console.log(formatEvaluation(await evaluate({ graph: small, dataset, scorers: [exact()], name: "small" })));
 * ```
 * @throws {InvalidOptionError} when it is neither reports nor a comparison
 */
export function formatEvaluation(reports: Report | readonly Report[] | PairedComparison): string {
  if (typeof reports === "object" && reports !== null && "mcNemar" in reports) return comparisonText(reports);
  const list = [reports].flat() as readonly Report[];
  if (list.length === 0 || list.some((report) => !Array.isArray(report?.items))) {
    throw new InvalidOptionError("formatEvaluation.reports", reports, "give what evaluate or compare returned");
  }
  const rows = list.map((report, position) => ({
    answered: false,
    cells: [
      report.name ?? `report ${position + 1}`,
      String(report.items.length),
      ...[shown(report.accuracy.value, percent), span(report.accuracy, (value) => (100 * value).toFixed(1))],
      ...[shown(report.costUsd.value, dollars), span(report.costUsd, dollars)],
      ...[shown(report.latency.value, milliseconds), String(report.failed)],
    ],
  }));
  const [left, right] = ["left", "right"] as const;
  const titles = ["", "questions", "right", "95 % interval", "USD a question", "95 % interval", "median ms", "failed"];
  const columns = titles.map((title, column) => ({ title, align: column === 0 ? left : right }));
  return textTable({ columns, rows }, widest);
}

function comparisonText(comparison: PairedComparison): string {
  const { names, questions, difference, low, high, mcNemar, margin, notWorse, costUsd, costShare } = comparison;
  const [first, second] = names;
  const verdict = notWorse ? "shown" : "not shown";
  const needed = comparison.questionsNeeded?.toLocaleString("en-US") ?? "unknown";
  return [
    `${first} minus ${second}, on the same ${questions} questions`,
    `right      ${points(difference)} (95 %: ${points(low)} to ${points(high)})`,
    `           only ${first} right: ${mcNemar.onlyFirst}, only ${second} right: ${mcNemar.onlySecond}; by chance: p = ${mcNemar.p.toPrecision(2)}`,
    `not worse  by more than ${(100 * margin).toFixed(1)} pt: ${verdict}; questions needed: ${needed}`,
    `USD        ${shown(costUsd.value, dollars)} a question (95 %: ${span(costUsd, dollars)})`,
    `cost       ${shown(costShare.value, percent)} of ${second} (95 %: ${span(costShare, percent)})`,
  ].join("\n");
}
