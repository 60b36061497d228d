import type { LimitOptions } from "./limit-options.js";
import { SharedWindow } from "./shared-window.js";
import { inTime } from "./store.js";

/** Places of `concurrency` that processes share: each is a reservation with a lease, so that a process that dies gives its places back. */
export interface SharedPlaces {
  /** Takes a place; returns what gives it back, or `undefined` if all are taken. A store that fails or is slow grants all. */
  take(): Promise<(() => void) | undefined>;
}

/** Milliseconds until the store forgets places that no process renews. */
const windowMs = 600_000;

/** Makes the shared places of a limit; `undefined` without a store or `concurrency`. */
export function sharedPlaces(options: LimitOptions): SharedPlaces | undefined {
  const { store, key: name = "", concurrency: limit, leaseMs = 30_000 } = options;
  if (store === undefined || limit === undefined) return undefined;
  const key = `limit:${name}:running`;
  const places = new SharedWindow(store);
  return {
    async take() {
      const place = { id: crypto.randomUUID(), key, leaseMs, windowMs };
      const reply = await places.reserve({ ...place, amount: 1, limit });
      if (reply?.granted === false) return undefined;
      if (reply === undefined) return () => {};
      const timer = setInterval(() => void inTime(store, () => store.renew?.(place)), leaseMs / 3);
      return () => {
        clearInterval(timer);
        void places.settle(place, 0);
      };
    },
  };
}
