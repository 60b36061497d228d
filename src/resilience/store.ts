/** A value, or a promise of it: the store of one process answers at once. */
type Now<T> = T | Promise<T>;

/** One reservation in a window of a budget. */
export interface Reservation {
  /** Id of the reservation, to settle it. */
  readonly id: string;
  /** Key of the window. */
  readonly key: string;
  /** Amount reserved, a whole number of units. */
  readonly amount: number;
  /** Most units the window may hold, settled and reserved ones together. */
  readonly limit: number;
  /** Milliseconds after which the reservation of a process that died is given back. */
  readonly leaseMs: number;
  /** Milliseconds until the window is forgotten. */
  readonly windowMs: number;
}

/**
 * Shared memory of breakers, cool-downs, limits, budgets and caches. Every method is atomic. A store of several processes rejects when it
 * cannot be reached; its users then go on without it.
 */
export interface Store {
  /** Name for messages: `memory`, `redis`. */
  readonly name: string;
  /** Milliseconds a call waits for it before it goes on without. @default 50 */
  readonly patienceMs?: number;
  get(key: string): Now<string | undefined>;
  set(key: string, value: string, ttlMs: number): Now<void>;
  delete(key: string): Now<void>;
  /** Adds to a window that begins with its first amount if the sum stays within `limit`; otherwise adds nothing. */
  consume(
    key: string,
    amount: number,
    limit: number,
    windowMs: number,
  ): Now<{ readonly granted: boolean /** Milliseconds until the window ends. */; readonly msLeft: number }>;
  /** Reserves an amount if it fits. */
  reserve(
    reservation: Reservation,
  ): Now<{ readonly granted: boolean /** Units used, with this reservation. */; readonly used: number }>;
  /** Replaces a reservation by what was really used; 0 gives it back. */
  settle(reservation: Pick<Reservation, "id" | "key" | "windowMs">, amount: number): Now<void>;
  /** Returns the units that a window holds, settled and reserved ones. */
  used(key: string): Now<number>;
}

/** Waits for a reply of a store, as long as its `patienceMs` allows; `undefined` if it failed or is slow. */
export async function inTime<Value>(
  { patienceMs = 50 }: Store,
  asked: Value | Promise<Value>,
): Promise<Value | undefined> {
  if (!(asked instanceof Promise)) return asked;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => {
      timer = setTimeout(() => resolve(undefined), 0); // a reply that is here, but was not read by a busy process, is in time
    }, patienceMs);
  });
  try {
    return await Promise.race([asked, late]);
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/** Returns true for an object with the methods of a store. */
export function isStore(value: unknown): value is Store {
  const methods = ["get", "set", "delete", "consume", "reserve", "settle", "used"] as const;
  return methods.every((method) => typeof (Object(value) as Partial<Store>)[method] === "function");
}
