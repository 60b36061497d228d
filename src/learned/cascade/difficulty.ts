/** Difficulties at which the distribution of a question's difficulty is evaluated. */
export const difficulties: readonly number[] = Array.from({ length: 15 }, (_, index) => -3.5 + index / 2);

/** Returns the weights of a normal distribution on the grid; they sum to 1. */
export function normalWeights(mean = 0, deviation = 1): Float64Array {
  const weights = Float64Array.from(difficulties, (value) => Math.exp(-(((value - mean) / deviation) ** 2) / 2));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return weights.map((weight) => weight / sum);
}

export const sigmoid = (value: number): number => 1 / (1 + Math.exp(-value));
