import { InvalidOptionError } from "../../errors/index.js";
import { inOrder } from "../../ledger/quantile.js";
import { bootstrap, clustered, type Sums, wider } from "../statistics/bootstrap.js";
import type { Estimate } from "../statistics/estimate.js";
import { normalQuantile } from "../statistics/normal.js";
import { quantileEstimate } from "../statistics/quantiles.js";
import { wilson } from "../statistics/shares.js";
import { readEvaluation } from "./evaluation-file.js";
import type { EvaluatedItem } from "./item.js";

/** A figure with its 95 % interval; `null` for what the items do not give. */
export interface Measure {
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** What one model did in an evaluation, per question. */
export interface ModelShare {
  readonly calls: Estimate;
  readonly costUsd: Measure;
}

/** Figures of an evaluation, each with its 95 % interval, and its items. */
export interface Report {
  readonly name?: string;
  readonly items: readonly EvaluatedItem[];
  /** Share of right answers among those that were scored. */
  readonly accuracy: Estimate;
  /** Mean score by scorer. */
  readonly scores: Readonly<Record<string, Estimate>>;
  /** Mean USD per question; `null` if a price is unknown. */
  readonly costUsd: Measure;
  /** USD of all questions. */
  readonly totalCostUsd: number | null;
  /** Median ms of answered questions, and the 95th percentile. */
  readonly latency: Measure & { readonly p95: Measure };
  /** By model id: calls and USD per question. */
  readonly byModel: Readonly<Record<string, ModelShare>>;
  /** Questions whose run failed; they count as wrong. */
  readonly failed: number;
  /** Questions without a score, which accuracy leaves out. */
  readonly unscored: number;
  /** Set if the evaluation ended before the dataset did. */
  readonly stopped?: "budget" | "aborted";
}

/** Name of a tag, or a function: items of one cluster are drawn together. */
export type Cluster = string | ((item: EvaluatedItem) => string | undefined);

export interface ReportSettings {
  readonly name?: string | undefined;
  readonly cluster?: Cluster | undefined;
  readonly stopped?: Report["stopped"];
}

/** Share of intervals that miss the figure. */
export const level = 0.05;

/** Returns the cluster of an item; `undefined` if it stands alone. */
export function clusterOf(item: EvaluatedItem, cluster: Cluster | undefined): string | undefined {
  if (cluster === undefined) return undefined;
  return typeof cluster === "string" ? item.tags?.[cluster] : cluster(item);
}

/** Computes the figures of items, of which there is at least one. */
export function reportOf(items: readonly EvaluatedItem[], { name, cluster, stopped }: ReportSettings = {}): Report {
  const over = (part: readonly EvaluatedItem[], sumsOf: (item: EvaluatedItem) => Sums) =>
    clustered(part.map((item) => ({ cluster: clusterOf(item, cluster), sums: sumsOf(item) })));
  const meanOf = (read: (item: EvaluatedItem) => number | null | undefined): Estimate => {
    const known = items.filter((item) => typeof read(item) === "number");
    if (known.length === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN };
    const [mean] = bootstrap(
      over(known, (item) => [read(item)!, 1]),
      [ratio],
      level,
    );
    if (!known.every((item) => read(item) === 0 || read(item) === 1)) return mean!;
    const successes = known.filter((item) => read(item) === 1).length;
    const share = wilson(successes, known.length, normalQuantile(1 - level / 2));
    return cluster === undefined ? share : wider(share, mean!);
  };
  const costOf = (read: (item: EvaluatedItem) => number | null): Measure =>
    items.some((item) => read(item) === null)
      ? unknown
      : bounded(
          bootstrap(
            over(items, (item) => [read(item)!, 1]),
            [ratio],
            level,
          )[0],
        );
  const latencies = inOrder(items.flatMap(({ latencyMs }) => latencyMs ?? []));
  const quantile = (share: number) =>
    latencies.length === 0 ? unknown : bounded(quantileEstimate(latencies, share, level));
  const names = [...new Set(items.flatMap(({ scores }) => Object.keys(scores)))];
  const models = [...new Set(items.flatMap(({ calls }) => calls.map(({ model }) => model)))];
  const callsOf = (item: EvaluatedItem, model: string) => item.calls.filter((call) => call.model === model);
  const costs = items.map(({ costUsd }) => costUsd);
  return {
    ...(name !== undefined && { name }),
    items,
    accuracy: meanOf(({ right }) => (right === null ? null : Number(right))),
    scores: Object.fromEntries(names.map((each) => [each, meanOf(({ scores }) => scores[each])])),
    costUsd: costOf(({ costUsd }) => costUsd),
    totalCostUsd: costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + cost!, 0),
    latency: { ...quantile(0.5), p95: quantile(0.95) },
    byModel: Object.fromEntries(
      models.map((model) => {
        const calls = bootstrap(
          over(items, (item) => [callsOf(item, model).length, 1]),
          [ratio],
          level,
        )[0]!;
        return [model, { calls, costUsd: costOf((item) => sumOf(callsOf(item, model).map(({ costUsd }) => costUsd))) }];
      }),
    ),
    failed: items.filter(({ error }) => error !== undefined).length,
    unscored: items.filter(({ right }) => right === null).length,
    ...(stopped && { stopped }),
  };
}

/**
 * Reads the report of an evaluation from its file.
 *
 * **When to use** - to compare or format evaluations later, or those of another machine.
 *
 * @param options.cluster name of a tag, or a function of the item: items alike are drawn together @default each stands alone
 * @example
 * ```ts
 * import { compare, evaluate, exact, loadReport } from "langgraph-multimodel/evaluation";
 * const dataset = [{ input: "Capital of France?", expected: "Paris" }];
 * await evaluate({ graph: small, dataset, scorers: [exact()], file: "small.eval.jsonl" });
 * const again = loadReport("small.eval.jsonl");
 * again.accuracy.value;
 * ```
 * @throws {InvalidOptionError} when there is no such file, or it holds no evaluation
 */
export function loadReport(file: string, options: { readonly cluster?: Cluster } = {}): Report {
  const { evaluation, items } = readEvaluation(file, "loadReport.file");
  if (items.size === 0) throw new InvalidOptionError("loadReport.file", file, "it has no item; finish the evaluation");
  return reportOf([...items.values()], { name: evaluation.name, ...options });
}

const ratio = ([sum = 0, count = 1]: Sums) => sum / count;
const unknown: Measure = { value: null, low: null, high: null };
const sumOf = (costs: readonly (number | null)[]) =>
  costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + cost!, 0);

/** Replaces missing and infinite numbers by `null`, which JSON keeps. */
function bounded(estimate: Estimate | undefined): Measure {
  const finite = (number: number | undefined) => (Number.isFinite(number) ? number! : null);
  return { value: finite(estimate?.value), low: finite(estimate?.low), high: finite(estimate?.high) };
}
