import type { VariantComparison } from "../../evaluation/compare-variants.js";
import type { Difference, Figure } from "../../evaluation/compared-figures.js";
import { differenceText, figureText, moreRunsText, shownMetrics } from "../../evaluation/comparison-text.js";
import type { Metric } from "../../evaluation/metrics.js";
import { plural } from "../../report/figures.js";
import { html, type Markup } from "./markup.js";

const titles: Readonly<Record<Metric, string>> = {
  success: "Success",
  fallen: "Fell to another model",
  costUsd: "Cost of a run, USD",
  meanLatencyMs: "Latency, mean, ms",
  p50LatencyMs: "Latency, median, ms",
  p95LatencyMs: "Latency, 95th percentile, ms",
  score: "Judged score",
};

/** A table of what each side did: value and interval, the difference from the baseline, and how many more runs would tell. */
export function comparisonTable(comparison: VariantComparison, label: string): Markup {
  const { baseline, variants, unassigned } = comparison;
  const names = Object.keys(variants).sort((one, other) => Number(other === baseline) - Number(one === baseline));
  const unpriced = names.filter((name) => variants[name]!.runs > 0 && variants[name]!.costUsd.value === null);
  return html`<div class="scroll"><table class="compared" aria-label="${label}">
<thead><tr><th scope="col">Side</th><th scope="col" class="number">Value</th><th scope="col" class="number">Against ${baseline}</th><th scope="col" class="number">More runs</th></tr></thead>
${shownMetrics(comparison).map((metric) => figureRows(comparison, metric, names))}
</table></div>
${unpriced.length > 0 && html`<p class="none">Cost of ${unpriced.join(", ")}: unknown, because a call has no known price.</p>`}
${unassigned > 0 && html`<p class="none">${plural(unassigned, "run")} of no side.</p>`}`;
}

function figureRows({ variants, differences }: VariantComparison, metric: Metric, names: readonly string[]): Markup {
  const figures = names.map((name) => variants[name]![metric]);
  const scale = scaleOf(figures);
  return html`<tbody><tr class="figure"><th scope="rowgroup" colspan="4">${titles[metric]}</th></tr>
${names.map((name, index) => {
  const figure = figures[index]!;
  return html`<tr><th scope="row">${name}<small>${plural(figure.runs, "run")}</small></th>${cell(figure, figureText(figure, metric), intervalBar(figure, scale))}${differenceCells(differences[name]?.[metric], metric)}</tr>`;
})}</tbody>`;
}

function differenceCells(difference: Difference | undefined, metric: Metric): Markup {
  if (difference === undefined) return html`<td></td><td></td>`;
  const more = moreRunsText(difference);
  const { seen } = difference.moreRuns;
  return html`${cell(difference, differenceText(difference, metric))}<td class="number${difference.differs && " differs"}"><data value="${seen ?? "unknown"}">${more}</data></td>`;
}

function cell({ value }: Pick<Figure, "value">, text: ReturnType<typeof figureText>, bar?: Markup): Markup {
  const interval = value !== null && html`<small>${text.range.replace(/ (%|pt)$/, "\u00a0$1")}</small>`;
  return html`<td class="number"><data value="${value ?? "unknown"}">${text.value}</data>${interval}${bar}</td>`;
}

interface Scale {
  readonly from: number;
  readonly to: number;
}

/** Returns the range that the intervals of all sides share. */
function scaleOf(figures: readonly Figure[]): Scale {
  const limits = figures.flatMap(({ value, low, high }) => [value, low, high]).filter((limit) => limit !== null);
  return { from: Math.min(...limits), to: Math.max(...limits) };
}

/** Draws an interval on the scale of its figure; its numbers are beside it, so it is hidden from screen readers. */
function intervalBar({ value, low, high }: Figure, { from, to }: Scale): Markup | undefined {
  if (value === null || !(to > from)) return undefined;
  const at = (limit: number) => Number(((96 * (limit - from)) / (to - from)).toFixed(1));
  const [left, right] = [at(low ?? from), at(high ?? to)];
  return html`<svg class="interval" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="rest" y="2.5" width="100" height="1"/><rect class="range" x="${left}" y="2" width="${Math.max(4, right - left + 4)}" height="2"/><rect class="value" x="${at(value)}" width="4" height="6"/></svg>`;
}
