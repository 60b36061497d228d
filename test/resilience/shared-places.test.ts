import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { memoryStore } from "../../src/index.js";
import type { LimitOptions } from "../../src/resilience/limit-options.js";
import { type LimitedCall, limiterOf } from "../../src/resilience/limiter.js";
import type { Store } from "../../src/resilience/store.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const call = (movesOn = false): LimitedCall => ({ client: {}, tokens: 10, stops: [], movesOn: () => movesOn });
const limit: Omit<LimitOptions, "store"> = { concurrency: 2, key: "k", leaseMs: 3_000 };

/** A store that one process can no longer reach, as after its death. */
function cutFrom(store: Store): Store & { dies(): void } {
  let dead = false;
  const gone = () => Promise.reject(new Error("dead"));
  return {
    ...store,
    renew: (place) => (dead ? gone() : store.renew!(place)),
    settle: (place, amount) => (dead ? gone() : store.settle(place, amount)),
    dies: () => {
      dead = true;
    },
  };
}

describe("limiterOf › concurrency in a store", () => {
  it("is one for all processes, and a call waits for a place that another process leaves", async () => {
    const store = memoryStore();
    const [one, other] = [limiterOf({ ...limit, store }), limiterOf({ ...limit, store })];
    const leave = await one.enter(call());
    await other.enter(call());
    let entered = false;
    const third = other.enter(call()).then((leaves) => {
      entered = true;
      return leaves;
    });
    await vi.advanceTimersByTimeAsync(60_000); // places of calls in progress are renewed
    expect(entered).toBe(false);
    await expect(one.enter(call(true))).rejects.toThrow(/limit/); // another model can take it
    leave(5);
    await vi.advanceTimersByTimeAsync(200);
    expect(entered).toBe(true);
    (await third)(5);
    expect(store.used("limit:k:running")).toBe(1);
  });

  it("gives back the places of a process that died", async () => {
    const shared = memoryStore();
    const store = cutFrom(shared);
    const dying = limiterOf({ ...limit, store });
    await Promise.all([dying.enter(call()), dying.enter(call())]);
    const other = limiterOf({ ...limit, store: shared });
    let entered = 0;
    void other.enter(call()).then(() => entered++);
    void other.enter(call()).then(() => entered++);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(entered).toBe(0);
    store.dies();
    await vi.advanceTimersByTimeAsync(3_500);
    expect(entered).toBe(2);
  });

  it("leaves its place again if the minute is used up", async () => {
    const store = memoryStore();
    const one = limiterOf({ ...limit, requestsPerMinute: 1, store });
    const other = limiterOf({ ...limit, requestsPerMinute: 1, store });
    (await one.enter(call()))(5);
    await expect(other.enter({ ...call(), movesOn: () => store.used("limit:k:running") === 0 })).rejects.toThrow(
      /limit/,
    );
    expect(store.used("limit:k:running")).toBe(0);
  });

  it("holds in each process by itself while the store is down", async () => {
    const down = { ...memoryStore(), reserve: () => Promise.reject(new Error("down")) };
    const [one, other] = [limiterOf({ ...limit, store: down }), limiterOf({ ...limit, store: down })];
    for (const each of [one, one, other, other]) await each.enter(call());
    await expect(one.enter(call(true))).rejects.toThrow(/limit of 2 calls at once is reached/);
  });
});
