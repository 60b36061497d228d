/** Key that stands for all that no longer fit. */
export const others = "(others)";

/** Returns the key, or `others` if the map is full and does not have it: what callers and providers name must not grow without end. */
export function keyWithin(map: ReadonlyMap<string, unknown>, key: string, most: number): string {
  return map.has(key) || map.size < most ? key : others;
}
