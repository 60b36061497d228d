/** Rewards of one variant. */
export interface Rewards {
  readonly count: number;
  /** Sum of rewards from 0 to 1. */
  readonly sum: number;
}

/** Belief about the mean reward of a variant, as masses over equal cells. */
export interface Belief {
  readonly from: number;
  readonly step: number;
  readonly mass: readonly number[];
  /** Mass below each cell. */
  readonly below: readonly number[];
}

/** Cells of a belief. */
const cells = 200;
/** Standard deviations around the mean that the cells cover. */
const reach = 12;

/**
 * Returns the Beta posterior of a mean reward under a flat prior. A reward between 0 and 1 counts as that share of a success.
 */
export function beliefOf({ count, sum }: Rewards): Belief {
  const [wins, losses] = [1 + sum, 1 + count - sum];
  const mean = wins / (wins + losses);
  const deviation = Math.sqrt((mean * (1 - mean)) / (wins + losses + 1));
  const from = Math.max(0, mean - reach * deviation);
  const step = (Math.min(1, mean + reach * deviation) - from) / cells;
  const logs = Array.from({ length: cells }, (_, cell) => {
    const point = from + (cell + 0.5) * step;
    return sum * Math.log(point) + (count - sum) * Math.log(1 - point);
  });
  const top = logs.reduce((most, log) => Math.max(most, log), -Infinity);
  const raw = logs.map((log) => Math.exp(log - top));
  const total = raw.reduce((all, each) => all + each, 0);
  const mass = raw.map((each) => each / total);
  let before = 0;
  const below = mass.map((each) => {
    before += each;
    return before - each;
  });
  return { from, step, mass, below };
}

/** Returns the probability that a mean is below a value. */
function probabilityBelow({ from, step, mass, below }: Belief, value: number): number {
  const place = (value - from) / step;
  if (place <= 0) return 0;
  if (place >= cells) return 1;
  const cell = Math.floor(place);
  return below[cell]! + (place - cell) * mass[cell]!;
}

/** Returns for each belief the probability that its mean is the highest. Thompson sampling draws in these proportions. */
export function probabilitiesOfBest(beliefs: readonly Belief[]): readonly number[] {
  const best = beliefs.map((belief, index) => {
    const others = beliefs.filter((_, other) => other !== index);
    return belief.mass.reduce((sum, mass, cell) => {
      const point = belief.from + (cell + 0.5) * belief.step;
      return sum + others.reduce((product, other) => product * probabilityBelow(other, point), mass);
    }, 0);
  });
  const total = best.reduce((all, each) => all + each, 0);
  return best.map((each) => each / total);
}
