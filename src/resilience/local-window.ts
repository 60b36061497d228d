import type { NanoUsd } from "../ledger/worst-case.js";

/** Amounts by window, in this process. */
export class LocalWindow {
  #crowded = 1_000;
  readonly #windows = new Map<string, { readonly end: number; used: NanoUsd }>();

  used(id: string): NanoUsd {
    return this.#windows.get(id)?.used ?? 0;
  }

  /** Returns how many windows end at a time, and the largest amount of one. */
  at(end: number): { readonly keys: number; readonly most: NanoUsd } {
    let keys = 0;
    let most = 0;
    for (const window of this.#windows.values()) {
      if (window.end !== end) continue;
      keys++;
      most = Math.max(most, window.used);
    }
    return { keys, most };
  }

  /** Adds an amount if the sum stays within `limit`. */
  add(id: string, end: number, amount: NanoUsd, limit: NanoUsd): boolean {
    const used = this.used(id) + amount;
    if (used > limit) return false;
    if (!this.#windows.has(id)) this.#forgetEnded();
    this.#windows.set(id, { end, used });
    return true;
  }

  /** Changes an amount by what a call spent more or less than it reserved. */
  correct(id: string, difference: NanoUsd): void {
    const window = this.#windows.get(id);
    if (window !== undefined) window.used += difference;
  }

  /** Drops ended windows, when twice as many are kept as were left the last time. */
  #forgetEnded(): void {
    if (this.#windows.size < this.#crowded) return;
    const now = Date.now();
    for (const [id, { end }] of this.#windows) if (end < now) this.#windows.delete(id);
    this.#crowded = Math.max(1_000, 2 * this.#windows.size);
  }
}
