import type { Reservation } from "./store.js";

interface Window {
  /** Units used for good. */
  settled: number;
  endsAt: number;
  readonly reserved: Map<string, { readonly amount: number; readonly until: number }>;
}

/** Number of windows from which on ended ones are dropped. */
const sweepFrom = 1_000;

/** Windows of limits and budgets in memory: each begins with its first amount, and is forgotten when it ends. */
export class MemoryWindows {
  private readonly windows = new Map<string, Window>();
  private sweepAt = sweepFrom;

  consume(
    key: string,
    amount: number,
    limit: number,
    windowMs: number,
  ): { readonly granted: boolean; readonly msLeft: number } {
    const now = Date.now();
    const before = this.current(key, now);
    if ((before === undefined ? 0 : unitsIn(before, now)) + amount > limit) {
      return { granted: false, msLeft: before === undefined ? 0 : before.endsAt - now };
    }
    const window = before ?? this.open(key, now, windowMs);
    window.settled += amount;
    return { granted: true, msLeft: window.endsAt - now };
  }

  reserve({ id, key, amount, limit, leaseMs, windowMs }: Reservation): {
    readonly granted: boolean;
    readonly used: number;
  } {
    const now = Date.now();
    const before = this.current(key, now);
    const used = before === undefined ? 0 : unitsIn(before, now);
    if (used + amount > limit) return { granted: false, used };
    const window = before ?? this.open(key, now, windowMs);
    window.reserved.set(id, { amount, until: now + leaseMs });
    return { granted: true, used: used + amount };
  }

  begin({ id, key }: Pick<Reservation, "id" | "key">): boolean {
    const now = Date.now();
    const reserved = this.current(key, now)?.reserved;
    const known = reserved?.get(id);
    if (known === undefined || known.until <= now) return false;
    reserved!.set(id, { ...known, until: Infinity });
    return true;
  }

  renew({ id, key, leaseMs, windowMs }: Pick<Reservation, "id" | "key" | "leaseMs" | "windowMs">): void {
    const now = Date.now();
    const window = this.current(key, now);
    const known = window?.reserved.get(id);
    if (known === undefined || known.until <= now) return;
    window!.reserved.set(id, { ...known, until: now + leaseMs });
    window!.endsAt = Math.max(window!.endsAt, now + windowMs);
  }

  settle({ id, key, windowMs }: Pick<Reservation, "id" | "key" | "windowMs">, amount: number): void {
    const now = Date.now();
    const window = this.current(key, now);
    window?.reserved.delete(id);
    if (amount > 0) (window ?? this.open(key, now, windowMs)).settled += amount;
  }

  used(key: string): number {
    const now = Date.now();
    const window = this.current(key, now);
    return window === undefined ? 0 : unitsIn(window, now);
  }

  private current(key: string, now: number): Window | undefined {
    const window = this.windows.get(key);
    if (window === undefined || window.endsAt > now) return window;
    this.windows.delete(key);
    return undefined;
  }

  private open(key: string, now: number, windowMs: number): Window {
    if (this.windows.size >= this.sweepAt) {
      for (const each of this.windows.keys()) this.current(each, now);
      this.sweepAt = Math.max(sweepFrom, 2 * this.windows.size);
    }
    const window: Window = { settled: 0, endsAt: now + windowMs, reserved: new Map() };
    this.windows.set(key, window);
    return window;
  }
}

/** Returns the units of a window; a reservation whose lease is over is given back. */
function unitsIn({ settled, reserved }: Window, now: number): number {
  let sum = settled;
  for (const [id, { amount, until }] of reserved) {
    if (until > now) sum += amount;
    else reserved.delete(id);
  }
  return sum;
}
