import { InvalidOptionError } from "../errors/index.js";
import { inTime, type Store } from "./store.js";

/** A store whose values are not worth waiting for: one that fails or is slow has none. */
export class QuickStore {
  private broken = false;
  private unsaid: string | undefined;

  constructor(private readonly store: Store) {}

  /** Reads a value; `undefined` also if the store fails, or is slow. */
  async get(key: string): Promise<string | undefined> {
    let failed = false;
    const value = await inTime(
      this.store,
      () => this.store.get(key),
      (reason) => {
        failed = true;
        this.note(reason);
      },
    );
    if (!failed) this.broken = false;
    return value;
  }

  /** Writes a value without waiting for it. */
  set(key: string, value: string, ttlMs: number): void {
    void inTime(
      this.store,
      () => this.store.set(key, value, ttlMs),
      (reason) => this.note(reason),
    );
  }

  /** Returns what is wrong with the store, once for each time it breaks. */
  trouble(): string | undefined {
    const { unsaid } = this;
    this.unsaid = undefined;
    return unsaid;
  }

  private note(reason: string): void {
    if (this.broken) return;
    this.broken = true;
    this.unsaid = `its store (${this.store.name}) ${reason}`;
  }
}

/** Throws unless the value is a store, or unset. */
export function checkStore(store: Store | undefined, option: string): void {
  if (store === undefined || typeof Object(store).get === "function") return;
  throw new InvalidOptionError(option, store, "give memoryStore(), or a store of several processes");
}

/** Throws unless a time to live is valid. */
export function checkTimeToLive(ttlMs: number, option: string): void {
  if (typeof ttlMs === "number" && ttlMs > 0 && ttlMs <= Number.MAX_SAFE_INTEGER) return;
  throw new InvalidOptionError(option, ttlMs, "give ms above 0");
}
