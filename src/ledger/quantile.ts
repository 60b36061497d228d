/** Returns the smallest value that a share of the sorted, non-empty sample does not exceed: always a value of the sample. */
export function quantileOf(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)]!;
}

/** Returns a sorted copy of numbers. */
export function inOrder(values: readonly number[]): number[] {
  return values.toSorted((one, other) => one - other);
}
