import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidOptionError, memoryStore } from "../../src/index.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const reservation = { id: "one", key: "day", amount: 40, limit: 100, leaseMs: 1_000, windowMs: 10_000 };

describe("memoryStore", () => {
  it("keeps a value until its time is over, or it is deleted", async () => {
    const store = memoryStore();
    store.set("a", "1", 1_000);
    store.set("b", "2", 1_000);
    vi.advanceTimersByTime(999);
    store.delete("b");
    expect([await store.get("a"), await store.get("b")]).toEqual(["1", undefined]);
    vi.advanceTimersByTime(1);
    expect(await store.get("a")).toBeUndefined();
  });

  it("drops the value that was not read for the longest time", async () => {
    const store = memoryStore({ maxValues: 2 });
    store.set("a", "1", 1_000);
    store.set("b", "2", 1_000);
    await store.get("a");
    store.set("c", "3", 1_000);
    expect(["a", "b", "c"].map((key) => store.get(key))).toEqual(["1", undefined, "3"]);
  });

  it("grants what fits into a window, which begins with its first amount", async () => {
    const store = memoryStore();
    expect(await store.consume("minute", 3, 5, 60_000)).toEqual({ granted: true, msLeft: 60_000 });
    vi.advanceTimersByTime(20_000);
    expect(await store.consume("minute", 3, 5, 60_000)).toEqual({ granted: false, msLeft: 40_000 });
    expect(await store.consume("minute", 2, 5, 60_000)).toEqual({ granted: true, msLeft: 40_000 });
    vi.advanceTimersByTime(40_000);
    expect(await store.used("minute")).toBe(0);
    expect(await store.consume("minute", 5, 5, 60_000)).toEqual({ granted: true, msLeft: 60_000 });
    expect(await store.consume("other", 6, 5, 60_000)).toEqual({ granted: false, msLeft: 0 });
  });

  it("reserves what fits, and replaces a reservation by what was used", async () => {
    const store = memoryStore();
    expect(await store.reserve(reservation)).toEqual({ granted: true, used: 40 });
    expect(await store.reserve({ ...reservation, id: "two", amount: 61 })).toEqual({ granted: false, used: 40 });
    expect(await store.reserve({ ...reservation, id: "two", amount: 60 })).toEqual({ granted: true, used: 100 });
    await store.settle(reservation, 5);
    await store.settle({ ...reservation, id: "two" }, 0);
    expect(await store.used("day")).toBe(5);
  });

  it("gives a reservation back when its lease is over, and still counts what was used after that", async () => {
    const store = memoryStore();
    await store.reserve(reservation);
    vi.advanceTimersByTime(1_000);
    expect(await store.used("day")).toBe(0);
    await store.settle(reservation, 30);
    expect(await store.used("day")).toBe(30);
  });

  it("keeps the reservation of a call that has begun, however long it takes, until it is settled", async () => {
    const store = memoryStore();
    await store.reserve(reservation);
    expect(await store.begin!(reservation)).toBe(true);
    await store.reserve({ ...reservation, id: "late" });
    vi.advanceTimersByTime(1_000);
    expect(await store.begin!({ ...reservation, id: "late" })).toBe(false);
    expect(await store.used("day")).toBe(40);
    await store.settle(reservation, 30);
    expect(await store.used("day")).toBe(30);
  });

  it("forgets a window that has ended; what is settled later counts in the next one", async () => {
    const store = memoryStore();
    await store.reserve({ ...reservation, leaseMs: 60_000 });
    vi.advanceTimersByTime(10_000);
    expect(await store.used("day")).toBe(0);
    await store.settle(reservation, 7);
    expect(await store.used("day")).toBe(7);
  });

  it("keeps every window that has not ended, however many there are", async () => {
    const store = memoryStore();
    for (let index = 0; index < 1_200; index++) store.consume(`short ${index}`, 1, 1, 1);
    for (let index = 0; index < 1_200; index++) store.consume(`long ${index}`, 1, 1, 60_000);
    vi.advanceTimersByTime(1);
    for (let index = 0; index < 2_000; index++) store.consume(`new ${index}`, 1, 1, 60_000);
    expect([store.used("long 0"), store.used("long 1199"), store.used("short 0")]).toEqual([1, 1, 0]);
  });

  it("refuses a size that is none", () => {
    expect(() => memoryStore({ maxValues: 0 })).toThrow(InvalidOptionError);
  });
});
