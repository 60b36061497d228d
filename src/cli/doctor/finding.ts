/** One thing that was checked. */
export interface Finding {
  readonly state: "ok" | "note" | "problem";
  readonly what: string;
  readonly found: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** Who uses each of some things, in order. */
export function usersOf<Item>(
  pairs: Iterable<readonly [item: Item, user: string]>,
): ReadonlyMap<Item, readonly string[]> {
  const users = new Map<Item, string[]>();
  for (const [item, user] of pairs) users.set(item, [...(users.get(item) ?? []), user]);
  return users;
}
