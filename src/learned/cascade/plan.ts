import type { Weighed } from "./likelihoods.js";
import type { Patterns } from "./patterns.js";

/** What a plan trades: the cost of each model as a share of the strong model's, and the worth of it in right answers. */
export interface Terms {
  /** Right answers that one call of the strong model is worth. */
  readonly tradeoff: number;
  /** Expected cost of each model, as a share of the strong model's mean cost; `Infinity` for one that cannot be asked. */
  readonly costs: Float64Array;
  /** Share of answers of each model that hold nothing to compare. */
  readonly blanks: Float64Array;
}

/** Choice for patterns by number: the model to ask next, or `STOP`. */
export type Plan = Int8Array;
export const STOP = -1;

const subtrees = new WeakMap<Patterns, Map<number, Int32Array>>();

/** Tests a list in rising order for a number. */
export function includes(numbers: Int32Array, number: number): boolean {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[middle]! < number) low = middle + 1;
    else high = middle;
  }
  return numbers[low] === number;
}

/** Returns a pattern and all that may follow it, in rising order. */
export function subtreeOf(patterns: Patterns, root: number): Int32Array {
  const known = subtrees.get(patterns) ?? new Map<number, Int32Array>();
  subtrees.set(patterns, known);
  let numbers = known.get(root);
  if (numbers === undefined) {
    const found = new Set([root]);
    for (const number of found) {
      for (const next of followersOf(patterns, number)) found.add(next);
    }
    numbers = Int32Array.from(found).sort();
    known.set(root, numbers);
  }
  return numbers;
}

function followersOf({ models, starts, following, ways }: Patterns, number: number): number[] {
  const own = Array.from(starts.subarray(number * models, (number + 1) * models)).filter((start) => start >= 0);
  return own.flatMap((start) => Array.from(following.subarray(start, start + ways[number]!)));
}

/**
 * Chooses for each pattern the model to ask next, or to stop: exact dynamic programming backwards, over joint weights. A blank
 * answer is taken to end the run; the policy plans again when one comes.
 *
 * @param numbers a subtree, in rising order
 * @param worth a buffer, one value a pattern
 */
export function plan(
  patterns: Patterns,
  numbers: Int32Array,
  { totals, best }: Weighed,
  terms: Terms,
  worth: Float64Array,
): Plan {
  const { tradeoff, costs, blanks } = terms;
  const { models, starts, following, ways: waysOf, all, leaves } = patterns;
  const choices: Plan = new Int8Array(all.length).fill(STOP);
  const paid = costs.map((cost) => tradeoff * cost);
  const least = paid.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  for (let index = numbers.length - 1; index >= 0; index--) {
    const number = numbers[index]!;
    const stopped = best[number]!;
    const total = totals[number]!;
    if (number >= leaves || stopped >= total * (1 - least)) {
      worth[number] = stopped; // no answer is worth more than to be certain
      continue;
    }
    const ways = waysOf[number]!;
    let most = stopped;
    for (let model = 0; model < models; model++) {
      const start = starts[number * models + model]!;
      if (start < 0 || paid[model] === Number.POSITIVE_INFINITY) continue;
      let sum = 0;
      for (let way = 0; way < ways; way++) sum += worth[following[start + way]!]!;
      const value = sum + blanks[model]! * (stopped - sum) - paid[model]! * total;
      if (value > most) {
        most = value;
        choices[number] = model;
      }
    }
    worth[number] = most;
  }
  return choices;
}
