import { InvalidOptionError } from "../errors/index.js";
import type { Store } from "./store.js";

/** Milliseconds that a call waits for a store at most. */
const patience = 50;

/** A store whose values are not worth waiting for: one that fails or is slow has none. */
export class QuickStore {
  private broken = false;
  private unsaid: string | undefined;

  constructor(private readonly store: Store) {}

  /** Reads a value; `undefined` also if the store fails, or takes longer than 50 ms. */
  async get(key: string): Promise<string | undefined> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      const read = this.store.get(key);
      if (!isPromise(read)) return read;
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`took longer than ${patience} ms`)), patience);
      });
      const value = await Promise.race([read, late]);
      this.broken = false;
      return value;
    } catch (error) {
      this.note(error);
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Writes a value without waiting for it. */
  set(key: string, value: string, ttlMs: number): void {
    try {
      const written = this.store.set(key, value, ttlMs);
      if (isPromise(written)) written.catch((error: unknown) => this.note(error));
    } catch (error) {
      this.note(error);
    }
  }

  /** Returns what is wrong with the store, once for each time it breaks. */
  trouble(): string | undefined {
    const { unsaid } = this;
    this.unsaid = undefined;
    return unsaid;
  }

  private note(error: unknown): void {
    if (this.broken) return;
    this.broken = true;
    const late = error instanceof Error && error.message.startsWith("took longer");
    this.unsaid = `its store (${this.store.name}) ${late ? error.message : "cannot be reached"}`;
  }
}

function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof (value as Promise<T> | undefined)?.then === "function";
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
