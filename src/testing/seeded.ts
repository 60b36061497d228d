/** Returns a source of numbers from 0 to 1 that repeats itself for the same key. */
export function seeded(key: string): () => number {
  let state = 2166136261;
  for (const character of key) state = Math.imul(state ^ character.codePointAt(0)!, 16777619); // FNV-1a
  return () => {
    state = (state + 0x6d2b79f5) | 0; // mulberry32
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
