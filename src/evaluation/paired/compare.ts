import { checkKeys } from "../../errors/check-keys.js";
import { InvalidOptionError } from "../../errors/index.js";
import type { EvaluatedItem } from "../runs/item.js";
import { type Cluster, clusterOf, level, type Measure, type Report } from "../runs/report.js";
import { bootstrap, clustered, type Sums, wider } from "../statistics/bootstrap.js";
import { momentsOf } from "../statistics/means.js";
import { normalQuantile } from "../statistics/normal.js";
import { mcNemarExact, pairedDifference, pairedSampleSize } from "../statistics/paired-shares.js";

/** Options of `compare`. */
export interface CompareOptions {
  /** Difference that does not matter, in score: `0.01` is one point. @default none: `notWorse` needs a difference of 0 or more */
  readonly margin?: number;
  /** Scorer whose scores are compared. @default whether the answers are right */
  readonly scorer?: string;
  /** Name of a tag, or a function of the item: questions of one cluster are drawn together. @default each stands alone */
  readonly cluster?: Cluster;
}

/** Two evaluations of the same questions, the first minus the second, with 95 % intervals. */
export interface PairedComparison {
  readonly names: readonly [string, string];
  /** Questions that both scored. */
  readonly questions: number;
  /** Score of the first minus that of the second. */
  readonly difference: number;
  readonly low: number;
  readonly high: number;
  /** Questions that only one side answered right, and how likely so uneven a split is between equal sides. */
  readonly mcNemar: { readonly onlyFirst: number; readonly onlySecond: number; readonly p: number };
  /** True if the interval excludes a first side that is worse by more than the margin. */
  readonly notWorse: boolean;
  readonly margin: number;
  /**
   * Questions with which 8 of 10 evaluations show that the first side is not worse by more than the margin, or, without a margin, that the
   * sides differ; `null` if these answers do not say.
   */
  readonly questionsNeeded: number | null;
  /** USD per question, the first minus the second. */
  readonly costUsd: Measure;
  /** Cost of the first as a share of that of the second. */
  readonly costShare: Measure;
}

/** Probability of a finding, by which questions are planned. */
const power = 0.8;

/**
 * Compares two evaluations question by question: the difference of their scores and costs, whether it may be chance, and whether the
 * first is not worse than a margin allows.
 *
 * **When to use** - both answered the same questions. The pairs tell more than two separate intervals, which overlap for differences
 * that are certain.
 * **Gotchas** - the difference is first minus second: `compare(cascade, strong)`. Only questions that both scored count, matched by id.
 * An interval that holds 0 does not show that two sides are equal: give a `margin` and read `notWorse`. Of several comparisons some find
 * a difference by chance; a graph that was chosen on these questions looks better than it is. More: docs/evaluation.md
 *
 * @example
 * ```ts
 * import { compare, evaluate, number } from "langgraph-multimodel/evaluation";
 * const settings = { dataset: [{ input: "What is 3 * 6?", expected: 18 }], scorers: [number()] };
 * const [cheap, strong] = [await evaluate({ graph: small, ...settings }), await evaluate({ graph: large, ...settings })];
 * const { difference, low, high, notWorse, questionsNeeded } = compare(cheap, strong, { margin: 0.01 });
 * ```
 * @throws {InvalidOptionError} when an option is invalid, or the reports share no question
 */
export function compare(first: Report, second: Report, options: CompareOptions = {}): PairedComparison {
  checkKeys(options, "compare", ["margin", "scorer", "cluster"]);
  const { margin = 0, scorer, cluster } = options;
  if (!(margin >= 0 && margin < 1))
    throw new InvalidOptionError("compare.margin", margin, "give 0 up to 1: 0.01 is a point");
  const pairs = pairsOf(first, second, scorer);
  const over = (part: readonly Pair[], sumsOf: (pair: Pair) => Sums) =>
    clustered(part.map((pair) => ({ cluster: clusterOf(pair.items[0], cluster), sums: sumsOf(pair) })));
  const gaps = pairs.map(({ scores: [one, other] }) => one - other);
  const counts = {
    first: gaps.filter((gap) => gap > 0).length,
    second: gaps.filter((gap) => gap < 0).length,
    total: pairs.length,
  };
  const z = normalQuantile(1 - level / 2);
  const [mean] = bootstrap(
    over(pairs, ({ scores: [one, other] }) => [one - other, 1]),
    [ratio],
    level,
  );
  const isBinary = gaps.every((gap) => Number.isInteger(gap));
  const { value, low, high } = isBinary ? wider(mean!, pairedDifference(counts, z)) : mean!;
  const priced = pairs.every(({ items }) => items.every(({ costUsd }) => costUsd !== null));
  const costs = priced
    ? bootstrap(
        over(pairs, ({ items: [one, other] }) => [one.costUsd!, other.costUsd!, 1]),
        [([one = 0, other = 0, all = 1]) => (one - other) / all, ([one = 0, other = 0]) => one / other],
        level,
      )
    : [];
  return {
    names: [first.name ?? "first", second.name ?? "second"],
    questions: pairs.length,
    ...{ difference: value, low, high },
    mcNemar: { onlyFirst: counts.first, onlySecond: counts.second, p: mcNemarExact(counts) },
    ...{ notWorse: low >= -margin, margin, questionsNeeded: needed(gaps, margin) },
    ...{ costUsd: measured(costs[0]), costShare: measured(costs[1]) },
  };
}

interface Pair {
  readonly items: readonly [EvaluatedItem, EvaluatedItem];
  readonly scores: readonly [number, number];
}

function pairsOf(first: Report, second: Report, scorer: string | undefined): Pair[] {
  for (const [position, report] of [first, second].entries()) {
    if (Array.isArray(report?.items)) continue;
    throw new InvalidOptionError(
      `compare: report ${position + 1}`,
      report,
      "give what evaluate or loadReport returned",
    );
  }
  const scoreOf = (item: EvaluatedItem) => (scorer === undefined ? item.right : (item.scores[scorer] ?? null));
  const others = new Map(second.items.map((item) => [item.id, item]));
  const pairs = first.items.flatMap((one): Pair[] => {
    const other = others.get(one.id);
    const [score, otherScore] = [scoreOf(one), other === undefined ? null : scoreOf(other)];
    if (score === null || otherScore === null) return [];
    return [{ items: [one, other!], scores: [Number(score), Number(otherScore)] }];
  });
  if (pairs.length > 0) return pairs;
  const expected = `the reports share no question with a score${scorer === undefined ? "" : ` of ${scorer}`}; evaluate both on one dataset`;
  throw new InvalidOptionError("compare", `${first.items.length} and ${second.items.length} items`, expected);
}

function needed(gaps: readonly number[], margin: number): number | null {
  const { mean, variance } = momentsOf(gaps);
  const gap = margin > 0 ? mean + margin : mean;
  if (variance === 0 || gap === 0 || (margin > 0 && gap < 0)) return null;
  return Math.ceil(
    pairedSampleSize(variance, gap, { level: normalQuantile(1 - level / 2), power: normalQuantile(power) }),
  );
}

const ratio = ([sum = 0, count = 1]: Sums) => sum / count;

function measured(estimate: Measure | undefined): Measure {
  const finite = (number: number | null | undefined) => (Number.isFinite(number) ? number! : null);
  return { value: finite(estimate?.value), low: finite(estimate?.low), high: finite(estimate?.high) };
}
