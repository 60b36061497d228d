/** Makes repeatable numbers from 0 to 1 (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws a name in proportion to its share. */
export function drawn(shares: Readonly<Record<string, number>>, random: () => number): string {
  const names = Object.keys(shares);
  let left = random() * names.reduce((sum, name) => sum + shares[name]!, 0);
  for (const name of names) {
    left -= shares[name]!;
    if (left < 0) return name;
  }
  return names.at(-1)!;
}
