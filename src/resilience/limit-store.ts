import type { LimitOptions } from "./limit-options.js";
import { sharedPlaces } from "./shared-places.js";
import { inTime } from "./store.js";

const minute = 60_000;

/** The part of a limit that processes share: its places, and its requests and tokens per minute, in minutes of the clock. */
export interface SharedLimit {
  /** Returns the milliseconds until the next try after a refusal. */
  waitFor(): number;
  /** Returns false if other processes used it up, else what gives the place back, with the tokens that were really used. */
  take(tokens: number): Promise<false | ((usedTokens: number) => void)>;
}

/** Milliseconds until processes look again for a place that another one may have left. */
const look = 100;

/** Makes the shared part of a limit; `undefined` without a store. A store that fails or is slow grants all. */
export function sharedLimit(options: LimitOptions): SharedLimit | undefined {
  const { store, key = "", requestsPerMinute, tokensPerMinute } = options;
  const places = sharedPlaces(options);
  if (store === undefined || (places === undefined && (requestsPerMinute ?? tokensPerMinute) === undefined))
    return undefined;
  let closedUntil = 0;
  const refuse = (msLeft: number) => {
    closedUntil = Date.now() + Math.max(1, msLeft);
    return false as const;
  };
  const ofMinute = async (amount: number) => {
    if (requestsPerMinute !== undefined) {
      const grant = await inTime(store, () => store.consume(`limit:${key}:requests`, 1, requestsPerMinute, minute));
      if (grant?.granted === false) return refuse(grant.msLeft);
    }
    if (tokensPerMinute === undefined) return () => {};
    const now = Date.now();
    const window = {
      id: crypto.randomUUID(),
      key: `limit:${key}:tokens:${Math.floor(now / minute)}`,
      windowMs: minute,
    };
    const reservation = {
      ...window,
      amount: Math.min(amount, tokensPerMinute),
      limit: tokensPerMinute,
      leaseMs: minute,
    };
    const grant = await inTime(store, () => store.reserve(reservation));
    if (grant?.granted === false) return refuse(minute - (now % minute));
    return (used: number) => void inTime(store, () => store.settle(window, Math.ceil(Math.max(0, used))));
  };
  return {
    waitFor: () => Math.min(minute, Math.max(0, closedUntil - Date.now())),
    async take(amount) {
      const leave = places === undefined ? () => {} : await places.take();
      if (leave === undefined) return refuse(look);
      const settle = await ofMinute(amount);
      if (settle === false) {
        leave();
        return false;
      }
      return (used) => {
        leave();
        settle(used);
      };
    },
  };
}
