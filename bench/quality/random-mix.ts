interface Outcome {
  readonly right: number | boolean;
  readonly costUsd: number;
}

/** The share that is right, on average, when the strong or the cheapest model answers at random, at a mean cost of `costUsd`. */
export function randomMix(costUsd: number, cheap: readonly Outcome[], strong: readonly Outcome[]): number {
  const [costCheap, costStrong] = [cheap, strong].map((all) => mean(all.map((each) => each.costUsd)));
  const [rightCheap, rightStrong] = [cheap, strong].map((all) => mean(all.map(({ right }) => Number(right))));
  const share = (costUsd - costCheap!) / (costStrong! - costCheap!);
  return rightCheap! + Math.min(1, Math.max(0, share)) * (rightStrong! - rightCheap!);
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
