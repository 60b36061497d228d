/** Tests for data with more than `most` levels, or with a cycle: recursion over it would overflow the stack. */
export function tooDeep(value: unknown, most: number): boolean {
  const heights = new Map<object, number>(); // shared parts are visited once
  const open = new Set<object>();
  const heightOf = (inner: unknown): number => {
    if (typeof inner !== "object" || inner === null) return 0;
    const known = heights.get(inner);
    if (known !== undefined) return known;
    if (open.has(inner) || open.size >= most) return Infinity;
    open.add(inner);
    const height = 1 + Object.values(inner).reduce<number>((most, part) => Math.max(most, heightOf(part)), 0);
    open.delete(inner);
    heights.set(inner, height);
    return height;
  };
  return heightOf(value) > most;
}
