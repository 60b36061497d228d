/** Amount taken from a window; it may be corrected while it counts. */
export interface Taken {
  at: number;
  amount: number;
}

/** At most `limit` units within any `windowMs`. */
export interface SlidingWindow {
  /** Returns the milliseconds until an amount fits; an amount above the limit fits into an empty window. */
  waitFor(amount: number): number;
  take(amount: number): Taken;
  /** Replaces an amount by what was really used. */
  correct(taken: Taken, amount: number): void;
}

/** Amounts kept after they left the window, before the list is cut. */
const slack = 1_024;

/** Makes an empty window. */
export function slidingWindow(limit: number, windowMs: number): SlidingWindow {
  let entries: Taken[] = [];
  let first = 0;
  let sum = 0;
  const forget = (now: number) => {
    if ((entries.at(-1)?.at ?? now) > now) for (const entry of entries) entry.at = Math.min(entry.at, now); // the clock was set back
    for (; first < entries.length && entries[first]!.at + windowMs <= now; first++) sum -= entries[first]!.amount;
    if (first < slack) return;
    entries = entries.slice(first);
    first = 0;
  };
  return {
    waitFor(amount) {
      const now = Date.now();
      forget(now);
      const room = limit - Math.min(amount, limit);
      let left = sum;
      for (let index = first; left > room; index++) {
        const { at, amount: freed } = entries[index]!;
        left -= freed;
        if (left <= room) return at + windowMs - now;
      }
      return 0;
    },
    take(amount) {
      const taken = { at: Date.now(), amount: Math.min(amount, limit) };
      entries.push(taken);
      sum += taken.amount;
      return taken;
    },
    correct(taken, amount) {
      forget(Date.now());
      if (entries.indexOf(taken, first) === -1) return;
      sum += amount - taken.amount;
      taken.amount = amount;
    },
  };
}
