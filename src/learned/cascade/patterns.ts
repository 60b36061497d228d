/**
 * Every agreement pattern of a number of models: which of them answered, and whose answers are equal. Patterns are numbered so that
 * what follows one has a higher number.
 */
export interface Patterns {
  readonly models: number;
  /** Most models that answer. */
  readonly depth: number;
  readonly all: readonly Pattern[];
  /** Number of the first pattern at full depth. */
  readonly leaves: number;
  /** Ways in which one more answer may follow each pattern: its groups, and one more. */
  readonly ways: Int8Array;
  /**
   * Where in `following` the patterns begin that may follow pattern `number` when `model` answers, at `number * models + model`: one
   * for each group it may join, then one with a group of its own. -1 for a model that has answered, and at full depth.
   */
  readonly starts: Int32Array;
  readonly following: Int32Array;
  /** Finds the number of a pattern by its `keyOf`. */
  readonly numbers: ReadonlyMap<string, number>;
}

export interface Pattern {
  /** Models that answered, in rising order. */
  readonly members: readonly number[];
  /** Group of equal answers of each member; groups are numbered in order of their first member. */
  readonly labels: readonly number[];
  readonly groups: number;
}

/** Most patterns that a policy weighs. */
const MOST = 5_000;

export const keyOf = (members: readonly number[], labels: readonly number[]): string => `${members}|${labels}`;

const known = new Map<number, Patterns>();

/** Returns the patterns of some models, to the depth at which they are not too many. */
export function patternsOf(models: number): Patterns {
  let patterns = known.get(models);
  if (patterns === undefined) {
    patterns = enumerate(models, depthFor(models));
    known.set(models, patterns);
  }
  return patterns;
}

/** Number of ways to group 0 to 5 answers. */
const BELL = [1, 1, 2, 5, 15, 52] as const;

function depthFor(models: number): number {
  let [count, sets] = [1, 1];
  for (let size = 1; size < BELL.length; size++) {
    sets = (sets * (models - size + 1)) / size;
    count += sets * BELL[size]!;
    if (size > models || count > MOST) return size - 1;
  }
  return BELL.length - 1;
}

function enumerate(models: number, depth: number): Patterns {
  const all: Pattern[] = [{ members: [], labels: [], groups: 0 }];
  const numbers = new Map([[keyOf([], []), 0]]);
  const starts: number[] = [];
  const following: number[] = [];
  for (let at = 0; at < all.length; at++) {
    const pattern = all[at]!;
    for (let model = 0; model < models; model++) {
      const isOver = pattern.members.length === depth || pattern.members.includes(model);
      starts.push(isOver ? -1 : following.length);
      for (let group = 0; !isOver && group <= pattern.groups; group++) {
        const next = joined(pattern, model, group);
        const key = keyOf(next.members, next.labels);
        let number = numbers.get(key);
        if (number === undefined) {
          number = all.length;
          numbers.set(key, number);
          all.push(next);
        }
        following.push(number);
      }
    }
  }
  const ways = Int8Array.from(all, ({ groups }) => groups + 1);
  const leaves = all.findIndex(({ members }) => members.length === depth);
  return {
    models,
    depth,
    all,
    leaves,
    ways,
    numbers,
    starts: Int32Array.from(starts),
    following: Int32Array.from(following),
  };
}

function joined({ members, labels }: Pattern, model: number, group: number): Pattern {
  const place = members.findIndex((member) => member > model);
  const at = place < 0 ? members.length : place;
  return canonical([...members.slice(0, at), model, ...members.slice(at)], labels.toSpliced(at, 0, group));
}

/** Numbers groups in order of their first member. */
export function canonical<Label>(members: readonly number[], given: readonly Label[]): Pattern {
  const order = new Map<Label, number>();
  const labels = given.map((label) => {
    if (!order.has(label)) order.set(label, order.size);
    return order.get(label)!;
  });
  return { members, labels, groups: order.size };
}
