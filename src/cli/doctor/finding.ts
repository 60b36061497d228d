/** The result of one check. */
export interface Finding {
  readonly state: "ok" | "note" | "problem";
  readonly what: string;
  readonly found: string;
  readonly remedy?: string;
}

/** Groups users by item, in first-seen order. */
export function usersOf<Item>(
  pairs: Iterable<readonly [item: Item, user: string]>,
): ReadonlyMap<Item, readonly string[]> {
  const users = new Map<Item, string[]>();
  for (const [item, user] of pairs) users.set(item, [...(users.get(item) ?? []), user]);
  return users;
}
