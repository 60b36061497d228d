import { randomFrom } from "../../aggregation/shuffled.js";
import { inOrder } from "../../ledger/quantile.js";
import type { Estimate } from "./estimate.js";

/** Sums over one question, or over a cluster of questions that are alike: the terms that figures are computed from. */
export type Sums = readonly number[];

/** Reads a figure from the sums over all questions: a mean is `([sum, count]) => sum / count`. */
export type Reading = (sums: Sums) => number;

/** Draws, and the most draws times clusters: many questions have narrow intervals, which fewer draws find as well. */
const most = { draws: 2_000, work: 4_000_000 };
const fewest = 500;

/**
 * Returns figures with percentile intervals: clusters are drawn with replacement, as many as there are, and every figure is computed from
 * the same draw, so that ratios and differences stay paired. One cluster alone bounds nothing.
 *
 * Source: B. Efron, R. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13; clusters as whole units: chapter 8.
 *
 * @param clusters at least one
 */
export function bootstrap(clusters: readonly Sums[], readings: readonly Reading[], level: number): Estimate[] {
  const width = clusters[0]!.length;
  const total = new Array<number>(width).fill(0);
  for (const sums of clusters) for (let term = 0; term < width; term++) total[term]! += sums[term]!;
  const draws = Math.max(fewest, Math.min(most.draws, Math.floor(most.work / clusters.length)));
  const drawn = readings.map(() => new Float64Array(draws));
  const random = randomFrom(`bootstrap of ${clusters.length}`);
  const flat = Float64Array.from(clusters.flat());
  const sums = new Array<number>(width);
  for (let draw = 0; draw < draws; draw++) {
    sums.fill(0);
    for (let count = 0; count < clusters.length; count++) {
      const start = Math.floor(random() * clusters.length) * width;
      for (let term = 0; term < width; term++) sums[term]! += flat[start + term]!;
    }
    for (const [index, read] of readings.entries()) drawn[index]![draw] = read(sums);
  }
  return readings.map((read, index) => {
    const value = read(total);
    if (clusters.length < 2) return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
    const sorted = inOrder([...drawn[index]!].filter((each) => !Number.isNaN(each)));
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
    return { value, low: at(level / 2), high: at(1 - level / 2) };
  });
}

/** Adds up the sums of questions that share a cluster; a question without one is a cluster of its own. */
export function clustered(rows: readonly { readonly cluster: string | undefined; readonly sums: Sums }[]): Sums[] {
  const named = new Map<string, number[]>();
  const alone: Sums[] = [];
  for (const { cluster, sums } of rows) {
    const known = cluster === undefined ? undefined : named.get(cluster);
    if (cluster === undefined) alone.push(sums);
    else if (known === undefined) named.set(cluster, [...sums]);
    else for (const [term, value] of sums.entries()) known[term]! += value;
  }
  return [...named.values(), ...alone];
}

/** Returns the wider limits of two estimates of one figure. */
export function wider(one: Estimate, other: Estimate): Estimate {
  return { value: one.value, low: Math.min(one.low, other.low), high: Math.max(one.high, other.high) };
}
