import type { LimitOptions } from "./limit-options.js";
import { inTime } from "./store.js";

const minute = 60_000;

/** The part of a limit that processes share: its requests and tokens per minute, in minutes of the clock. */
export interface SharedLimit {
  /** Returns the milliseconds until the next try after a refusal. */
  waitFor(): number;
  /** Returns false if other processes used it up, else true, or a function for the tokens that were really used. */
  take(tokens: number): Promise<boolean | ((usedTokens: number) => void)>;
}

/** Makes the shared part of a limit; `undefined` without a store or a limit per minute. A store that fails or is slow grants all. */
export function sharedLimit(options: LimitOptions): SharedLimit | undefined {
  const { store, key = "", requestsPerMinute, tokensPerMinute } = options;
  if (store === undefined || (requestsPerMinute ?? tokensPerMinute) === undefined) return undefined;
  let closedUntil = 0;
  const refuse = (msLeft: number) => {
    closedUntil = Date.now() + Math.max(1, msLeft);
    return false;
  };
  return {
    waitFor: () => Math.min(minute, Math.max(0, closedUntil - Date.now())),
    async take(amount) {
      if (requestsPerMinute !== undefined) {
        const grant = await inTime(store, () => store.consume(`limit:${key}:requests`, 1, requestsPerMinute, minute));
        if (grant?.granted === false) return refuse(grant.msLeft);
      }
      if (tokensPerMinute === undefined) return true;
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
      return (used) => void inTime(store, () => store.settle(window, Math.ceil(Math.max(0, used))));
    },
  };
}
