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
  /** Milliseconds after which the reservation of a process that died is given back, unless its call had begun. */
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
  /**
   * Ends the lease of a reservation, as its call begins: from now on it counts until it is settled. Returns false if it was given back
   * already. Without this method such a call is given back too.
   */
  begin?(reservation: Pick<Reservation, "id" | "key">): Now<boolean>;
  /** Begins the lease of a reservation anew; without this method it ends after its first `leaseMs`. */
  renew?(reservation: Pick<Reservation, "id" | "key" | "leaseMs" | "windowMs">): Now<void>;
  /** Replaces a reservation by what was really used; 0 gives it back. */
  settle(reservation: Pick<Reservation, "id" | "key" | "windowMs">, amount: number): Now<void>;
  /** Returns the units that a window holds, settled and reserved ones. */
  used(key: string): Now<number>;
}

/** Stores whose last reply was late; nothing waits for them until one arrives. */
const slow = new WeakSet<object>();

/**
 * Reads from or writes to a store, and waits for it as long as its `patienceMs` allows; `undefined` if it fails or is slow. Several users
 * of one slow store wait for it once together.
 *
 * @param onTrouble receives why there is no value, such as "took longer than 50 ms"
 */
export async function inTime<Value>(
  store: Store,
  use: () => Value | Promise<Value>,
  onTrouble: (reason: string) => void = () => {},
): Promise<Value | undefined> {
  const { patienceMs = 50 } = store;
  const late = () => onTrouble(`took longer than ${patienceMs} ms`);
  const failed = () => onTrouble("cannot be reached");
  let reply: Value | Promise<Value>;
  try {
    reply = use();
  } catch {
    failed();
    return undefined;
  }
  if (!isPromise(reply)) return reply;
  const wasSlow = slow.has(store);
  const settled = reply.then(
    (value) => {
      slow.delete(store);
      return value;
    },
    () => {
      slow.delete(store);
      if (!wasSlow) failed();
      return undefined;
    },
  );
  if (wasSlow) {
    late();
    return undefined;
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const over = new Promise<undefined>((resolve) => {
    const end = () => {
      slow.add(store);
      late();
      resolve(undefined);
    };
    const last = () => {
      timer = setTimeout(end, 1); // a reply that is here, but was not read by a busy process, is in time
    };
    timer = setTimeout(last, Math.max(0, patienceMs - 1));
  });
  try {
    return await Promise.race([settled, over]);
  } finally {
    clearTimeout(timer);
  }
}

function isPromise<Value>(value: Value | Promise<Value>): value is Promise<Value> {
  return typeof (value as Promise<Value> | undefined)?.then === "function";
}

/** Returns true for an object with the methods of a store. */
export function isStore(value: unknown): value is Store {
  const methods = ["get", "set", "delete", "consume", "reserve", "settle", "used"] as const;
  return methods.every((method) => typeof (Object(value) as Partial<Store>)[method] === "function");
}
