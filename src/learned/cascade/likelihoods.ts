import { difficulties, sigmoid } from "./difficulty.js";
import { partitionWeight } from "./ewens.js";
import type { ItemResponse } from "./item-response.js";
import { type Pattern, type Patterns, patternsOf } from "./patterns.js";

const POINTS = difficulties.length;

/** How likely each pattern is with one of its groups right, or with none, at each difficulty: what a policy weighs by a prior. */
export interface Likelihoods {
  readonly patterns: Patterns;
  /** Row of a pattern's first group; one row for each group follows, then one for no right answer. */
  readonly rows: Int32Array;
  /** One value for each difficulty in a row. */
  readonly values: Float64Array;
}

export function likelihoodsOf(fit: ItemResponse, same: number): Likelihoods {
  const models = fit.abilities.length;
  const patterns = patternsOf(models);
  const right = Float64Array.from({ length: models * POINTS }, (_, at) => {
    const model = Math.floor(at / POINTS);
    return sigmoid(fit.abilities[model]! - fit.slopes[model]! * difficulties[at % POINTS]!);
  });
  const rows = new Int32Array(patterns.all.length);
  let count = 0;
  for (const [number, { groups }] of patterns.all.entries()) {
    rows[number] = count;
    count += groups + 1;
  }
  const values = new Float64Array(count * POINTS);
  const weights = new Map<string, number>();
  const weightOf = (sizes: number[]) => {
    const key = sizes.sort().join();
    if (!weights.has(key)) weights.set(key, partitionWeight(sizes, same));
    return weights.get(key)!;
  };
  for (const [number, pattern] of patterns.all.entries()) {
    const sizes = sizesOf(pattern);
    for (let group = 0; group <= pattern.groups; group++) {
      const weight = weightOf(sizes.filter((_, other) => other !== group));
      const at = (rows[number]! + group) * POINTS;
      for (let point = 0; point < POINTS; point++) {
        let value = weight;
        for (let place = 0; place < pattern.members.length; place++) {
          const share = right[pattern.members[place]! * POINTS + point]!;
          value *= pattern.labels[place] === group ? share : 1 - share;
        }
        values[at + point] = value;
      }
    }
  }
  return { patterns, rows, values };
}

function sizesOf({ labels, groups }: Pattern): number[] {
  return Array.from({ length: groups }, (_, group) => labels.filter((label) => label === group).length);
}

/** Joint weights of patterns under a prior of the difficulty. */
export interface Weighed {
  /** Of each pattern: its probability, once its models are asked. */
  readonly totals: Float64Array;
  /** Of each pattern: that of its likeliest group being right; 0 without an answer. */
  readonly best: Float64Array;
}

/** Weighs some patterns by a prior, into arrays that are used again. */
export function weigh(
  { patterns: { ways }, rows, values }: Likelihoods,
  prior: Float64Array,
  numbers: Int32Array,
  into: Weighed,
): void {
  for (let index = 0; index < numbers.length; index++) {
    const number = numbers[index]!;
    const groups = ways[number]! - 1;
    let total = 0;
    let best = 0;
    let at = rows[number]! * POINTS;
    for (let group = 0; group <= groups; group++) {
      let weight = 0;
      for (let point = 0; point < POINTS; point++) weight += prior[point]! * values[at++]!;
      total += weight;
      if (group < groups && weight > best) best = weight;
    }
    into.totals[number] = total;
    into.best[number] = best;
  }
}

export function emptyWeights({ patterns }: Likelihoods): Weighed {
  return { totals: new Float64Array(patterns.all.length), best: new Float64Array(patterns.all.length) };
}

/** Returns the weight of each group of a pattern being right, and last that of none. */
export function groupWeights({ patterns, rows, values }: Likelihoods, prior: Float64Array, number: number): number[] {
  return Array.from({ length: patterns.all[number]!.groups + 1 }, (_, group) => {
    const at = (rows[number]! + group) * POINTS;
    return prior.reduce((sum, weight, point) => sum + weight * values[at + point]!, 0);
  });
}
