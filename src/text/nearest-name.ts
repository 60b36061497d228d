/** Returns `; did you mean fast?` if one of the names is similar to the written one, otherwise `""`. */
export function didYouMean(written: unknown, names: readonly string[]): string {
  if (typeof written !== "string" || written.length > 60) return "";
  const [best] = names
    .map((name) => ({ name, distance: distance(normalized(written), normalized(name)) }))
    .filter(({ name, distance }) => name !== written && distance <= Math.floor((name.length + 1) / 4))
    .sort((one, other) => one.distance - other.distance);
  return best === undefined ? "" : `; did you mean ${best.name}?`;
}

/** Ignores case and separators: `top_p`, `top-p` and `topP` are equal. */
const normalized = (name: string) => name.toLowerCase().replace(/[-_ ]/g, "");

/** Counts insertions, deletions, changes and swaps of neighbours (optimal string alignment). */
function distance(one: string, other: string): number {
  let before: number[] = [];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i++) {
    const next = [i];
    for (let j = 1; j <= other.length; j++) {
      const changed = row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      next.push(Math.min(changed, row[j]! + 1, next[j - 1]! + 1, isSwapped ? before[j - 2]! + 1 : Infinity));
    }
    before = row;
    row = next;
  }
  return row.at(-1)!;
}
