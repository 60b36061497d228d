import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { MemoryWindows } from "./memory-windows.js";
import type { Store } from "./store.js";

export interface MemoryStoreOptions {
  /** Values kept, such as cached answers; a new one replaces the one that was not read for the longest time. @default 1,000 */
  readonly maxValues?: number;
}

interface Kept {
  readonly value: string;
  readonly expiresAt: number;
}

/**
 * Makes a store in the memory of this process, the default of everything that takes a `store`.
 *
 * **When to use** - to give caches a size of their own, or several of them one size together. For several processes use a store outside.
 * **Gotchas** - what it holds ends with the process. Windows of limits and budgets are never dropped before they end.
 *
 * @example
 * ```ts
 * const cache = exactCache({ ttlMs: 10 * 60_000, store: memoryStore({ maxValues: 200 }) });
 * const models = { small: { model: small, cache }, large: { model: large, cache } };
 * ```
 * @throws {InvalidOptionError} when `maxValues` is not a whole number above 0
 */
export function memoryStore(options: MemoryStoreOptions = {}): Store {
  checkKeys(options, "memoryStore", ["maxValues"]);
  const { maxValues = 1_000 } = options;
  if (!Number.isInteger(maxValues) || maxValues < 1) {
    throw new InvalidOptionError("memoryStore.maxValues", maxValues, "give a whole number above 0");
  }
  const values = new Map<string, Kept>();
  const windows = new MemoryWindows();
  const read = (key: string): string | undefined => {
    const kept = values.get(key);
    if (kept === undefined) return undefined;
    values.delete(key);
    if (kept.expiresAt <= Date.now()) return undefined;
    values.set(key, kept); // the one read last stays the longest
    return kept.value;
  };
  return {
    name: "memory",
    get: read,
    set(key, value, ttlMs) {
      values.delete(key);
      values.set(key, { value, expiresAt: Date.now() + ttlMs });
      if (values.size > maxValues) values.delete(values.keys().next().value!);
    },
    delete(key) {
      values.delete(key);
    },
    consume: (key, amount, limit, windowMs) => windows.consume(key, amount, limit, windowMs),
    reserve: (reservation) => windows.reserve(reservation),
    begin: (reservation) => windows.begin(reservation),
    renew: (reservation) => windows.renew(reservation),
    settle: (reservation, amount) => windows.settle(reservation, amount),
    used: (key) => windows.used(key),
  };
}
