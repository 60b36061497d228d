interface Placed {
  readonly kind: string;
  readonly path: string;
  readonly worstUsd: number | null;
}

/**
 * Joins two orders into the shortest one that holds both; what they share keeps the fields of the first and the higher worst case.
 */
export function mergedOrder<Step extends Placed>(one: readonly Step[], other: readonly Step[]): readonly Step[] {
  const lengths = commonLengths(one, other);
  const merged: Step[] = [];
  let [at, beside] = [0, 0];
  while (at < one.length || beside < other.length) {
    const [mine, theirs] = [one[at], other[beside]];
    if (mine !== undefined && theirs !== undefined && isSame(mine, theirs)) {
      merged.push({ ...mine, worstUsd: higher(mine.worstUsd, theirs.worstUsd) });
      at++;
      beside++;
    } else if (theirs === undefined || (mine !== undefined && lengths[at + 1]![beside]! > lengths[at]![beside + 1]!)) {
      merged.push(mine!);
      at++;
    } else {
      merged.push(theirs);
      beside++;
    }
  }
  return merged;
}

const isSame = (one: Placed, other: Placed) => one.kind === other.kind && one.path === other.path;
const higher = (one: number | null, other: number | null) =>
  one === null || other === null ? null : Math.max(one, other);

/** Lengths of the longest common subsequences of all ends of two lists. */
function commonLengths(one: readonly Placed[], other: readonly Placed[]): number[][] {
  const lengths = Array.from({ length: one.length + 1 }, () => new Array<number>(other.length + 1).fill(0));
  for (let at = one.length - 1; at >= 0; at--) {
    for (let beside = other.length - 1; beside >= 0; beside--) {
      lengths[at]![beside] = isSame(one[at]!, other[beside]!)
        ? 1 + lengths[at + 1]![beside + 1]!
        : Math.max(lengths[at + 1]![beside]!, lengths[at]![beside + 1]!);
    }
  }
  return lengths;
}
