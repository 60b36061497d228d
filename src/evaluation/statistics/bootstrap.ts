import { randomFrom } from "../../aggregation/shuffled.js";
import { quantileOf } from "./quantiles.js";
import type { Estimate } from "./estimate.js";

const DRAWS = 1_000;

/**
 * Returns a figure of items with its percentile bootstrap interval: items are drawn again, whole, so that what belongs to one question
 * stays together.
 *
 * Source: B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
 *
 * @param figure of columns of numbers, given by the sums over the drawn items
 * @param level probability that the interval misses the figure
 */
export function bootstrap(
  columns: readonly (readonly number[])[],
  figure: (sums: readonly number[]) => number,
  level: number,
): Estimate {
  const size = columns[0]!.length;
  const random = randomFrom("bootstrap");
  const sumOf = (places: ArrayLike<number>) =>
    columns.map((column) => {
      let sum = 0;
      for (let at = 0; at < places.length; at++) sum += column[places[at]!]!;
      return sum;
    });
  const places = new Int32Array(size);
  const figures = Array.from({ length: DRAWS }, () => {
    for (let at = 0; at < size; at++) places[at] = Math.floor(random() * size);
    return figure(sumOf(places));
  }).sort((one, other) => one - other);
  const whole = figure(sumOf(Int32Array.from({ length: size }, (_, at) => at)));
  return { value: whole, low: quantileOf(figures, level / 2), high: quantileOf(figures, 1 - level / 2) };
}
