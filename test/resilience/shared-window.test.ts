import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryStore } from "../../src/index.js";
import { SharedWindow } from "../../src/resilience/shared-window.js";
import { inTime, type Store } from "../../src/resilience/store.js";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A store in memory whose methods reply when `reply` says so. */
function storeThat(reply: <Value>(use: () => Value | Promise<Value>) => Promise<Value>, given: Partial<Store> = {}) {
  const memory = memoryStore();
  const store: Store = {
    ...memory,
    ...{ name: "test", ...given },
    get: (key) => reply(() => memory.get(key)),
    reserve: (reservation) => reply(() => memory.reserve(reservation)),
    settle: (place, amount) => reply(() => memory.settle(place, amount)),
  };
  return { memory, store };
}

const after =
  (ms: number) =>
  <Value>(use: () => Value | Promise<Value>) =>
    new Promise<Value>((resolve) => setTimeout(() => resolve(use()), ms));
const down = () => Promise.reject(new Error("ECONNREFUSED"));
const place = { key: "day", windowMs: 60_000 };
const reservation = (id: string, amount = 40) => ({ ...place, id, amount, limit: 100, leaseMs: 10_000 });

describe("inTime", () => {
  it("waits for a slow store as long as it allows, then not at all until it replies", async () => {
    const { store, memory } = storeThat(after(300), { patienceMs: 200 });
    memory.set("a", "1", 60_000);
    const reasons: string[] = [];
    const read = () =>
      inTime(
        store,
        () => store.get("a"),
        (reason) => reasons.push(reason),
      );
    const first = read();
    await vi.advanceTimersByTimeAsync(200);
    expect(await first).toBeUndefined();
    expect(await read()).toBeUndefined(); // no timer has to advance
    expect(reasons).toEqual(["took longer than 200 ms", "took longer than 200 ms"]);
    await vi.advanceTimersByTimeAsync(300);
    const quick = inTime(store, async () => "2");
    expect(await quick).toBe("2");
  });

  it("has no value of a store that rejects or throws, and says so", async () => {
    const { store } = storeThat(down);
    const reasons: string[] = [];
    const note = (reason: string) => reasons.push(reason);
    expect(await inTime(store, () => store.get("a"), note)).toBeUndefined();
    const closed = () => {
      throw new Error("closed");
    };
    expect(await inTime(store, closed, note)).toBeUndefined();
    expect(reasons).toEqual(["cannot be reached", "cannot be reached"]);
  });
});

describe("SharedWindow", () => {
  it("gives back a reservation that is granted too late", async () => {
    let reply: Parameters<typeof storeThat>[0] = after(80);
    const { store, memory } = storeThat((use) => reply(use));
    const shared = new SharedWindow(store);
    const late = shared.reserve(reservation("late"));
    await vi.advanceTimersByTimeAsync(50);
    expect(await late).toBeUndefined();
    reply = async (use) => use();
    await vi.advanceTimersByTimeAsync(30);
    await shared.reserve(reservation("next", 1));
    expect(memory.used("day")).toBe(1);
  });

  it("settles again what a store that was down did not learn", async () => {
    let reply: Parameters<typeof storeThat>[0] = async (use) => use();
    const { store, memory } = storeThat((use) => reply(use));
    const shared = new SharedWindow(store);
    await shared.reserve(reservation("one"));
    reply = down;
    await shared.settle(reservation("one"), 25);
    expect(memory.used("day")).toBe(40);
    reply = async (use) => use();
    await shared.reserve(reservation("two", 0));
    expect(memory.used("day")).toBe(25);
  });

  it("reports what was spent without the store before it reserves", async () => {
    let reply: Parameters<typeof storeThat>[0] = down;
    const { store, memory } = storeThat((use) => reply(use));
    const shared = new SharedWindow(store);
    shared.spendAlone({ ...place, id: "alone" }, 30);
    shared.spendAlone({ ...place, id: "too" }, 40);
    expect(await shared.reserve(reservation("lost"))).toBeUndefined();
    reply = async (use) => use();
    expect(await shared.reserve(reservation("back"))).toEqual({ granted: false, used: 70 });
    expect(memory.used("day")).toBe(70);
  });
});
