/** A text with its vector of length 1, and the model it is an example for. */
export interface Example<Name extends string> {
  readonly name: Name;
  readonly text: string;
  readonly vector: Float64Array;
}

interface Nearest<Name extends string> {
  readonly scores: Readonly<Record<string, number>>;
  readonly best: { readonly name: Name; readonly text: string; readonly score: number } | undefined;
}

/** Scales a vector to length 1; a zero vector becomes NaN, which is near nothing. */
export function unit(vector: readonly number[]): Float64Array {
  const length = Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return Float64Array.from(vector, (value) => value / length);
}

/** Scores each model by the mean cosine similarity of its `neighbours` nearest examples. */
export function nearest<Name extends string>(
  examples: readonly Example<Name>[],
  request: Float64Array,
  neighbours: number,
): Nearest<Name> {
  const near = new Map<Name, { text: string; similarity: number }[]>();
  for (const { name, text, vector } of examples) {
    const similarity = cosine(vector, request);
    if (Number.isNaN(similarity)) continue;
    const found = near.get(name) ?? [];
    near.set(name, found);
    found.push({ text, similarity });
  }
  const scores: Record<string, number> = {};
  let best: Nearest<Name>["best"];
  for (const [name, found] of near) {
    const counted = found.sort((one, other) => other.similarity - one.similarity).slice(0, neighbours);
    const score = counted.reduce((sum, { similarity }) => sum + similarity, 0) / counted.length;
    scores[name] = score;
    if (best === undefined || score > best.score) best = { name, text: counted[0]!.text, score };
  }
  return { scores, best };
}

/** Rounds to nine digits, so that equal texts score 1. Returns NaN if the vectors cannot be compared. */
function cosine(one: Float64Array, other: Float64Array): number {
  if (one.length !== other.length || one.length === 0) return Number.NaN;
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += one[index]! * other[index]!;
  return Math.round(sum * 1e9) / 1e9;
}
