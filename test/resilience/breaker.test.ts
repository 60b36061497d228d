import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ErrorClass, InvalidOptionError } from "../../src/errors/index.js";
import type { BreakerEvent } from "../../src/events/publish.js";
import { subscribe } from "../../src/events/subscribe.js";
import {
  breakerGuard,
  describeBreaker,
  openBreaker,
  openElsewhere,
  withBreaker,
} from "../../src/resilience/breaker.js";
import { type BreakerOptions, breakerSettings, checkBreaker } from "../../src/resilience/breaker-options.js";
import { sharedBreaker } from "../../src/resilience/breaker-store.js";
import type { Store } from "../../src/resilience/store.js";
import { httpError } from "../support/fakes.js";

const settings = (options: BreakerOptions = {}) => breakerSettings(options)!;
const usual = settings();

/** Ends attempts on a client, one after the other. */
async function end(client: object, kinds: readonly (ErrorClass | "ok")[], options: BreakerOptions = {}) {
  for (const kind of kinds) await attempt(client, kind, options);
}

function attempt(client: object, kind: ErrorClass | "ok", options: BreakerOptions = {}, retryAfterMs?: number) {
  const classify = () => ({
    ...{ class: kind as ErrorClass, retryable: true, movesOn: true },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
  const work = async () => {
    if (kind !== "ok") throw new Error(kind);
  };
  return withBreaker(client, work, settings(options), { classify }).catch(() => {});
}

/** An attempt that ends when the test says so. */
function running(client: object, options: BreakerOptions = {}, stops: AbortSignal[] = []) {
  let resolve!: (answer: string) => void;
  let reject!: (error: Error) => void;
  const work = () =>
    new Promise<string>((...settle) => {
      [resolve, reject] = settle;
    });
  const ended = withBreaker(client, work, settings(options), { stops }).catch(() => {});
  return {
    succeed: () => {
      resolve("ok");
      return ended;
    },
    fail: () => {
      reject(httpError(503));
      return ended;
    },
  };
}

const times = <T>(count: number, value: T) => Array.from({ length: count }, () => value);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("withBreaker", () => {
  it("opens after 5 failures in a row, for 30 s, and says until when", async () => {
    const client = {};
    await end(client, times(4, "timeout"));
    expect(openBreaker(client, usual)).toBeUndefined();
    await end(client, ["server"]);
    expect(openBreaker(client, usual)).toMatchObject({ class: "server", ms: 30_000, retryAt: 1_030_000 });
    vi.advanceTimersByTime(10_000);
    expect(describeBreaker(openBreaker(client, usual)!)).toBe(
      "breaker open until 1970-01-01T00:17:10.000Z, 20 s more (server)",
    );
    expect(breakerGuard(usual).unavailable(client)).toMatchObject({ waitMs: 20_000 });
    vi.advanceTimersByTime(20_000);
    expect(openBreaker(client, usual)).toBeUndefined();
  });

  it("starts the row again after an answer", async () => {
    const client = {};
    await end(client, [...times(4, "network"), "ok", ...times(4, "network")] as ErrorClass[], { ratio: 0 });
    expect(openBreaker(client, usual)).toBeUndefined();
  });

  it("opens above half of at least 10 attempts, and not at half", async () => {
    const [half, above, few] = [{}, {}, {}];
    await end(half, times(5, ["ok", "server"] as const).flat());
    expect(openBreaker(half, usual)).toBeUndefined();
    await end(above, [...times(4, ["ok", "server"] as const).flat(), "server", "server"]);
    expect(openBreaker(above, usual)).toMatchObject({ class: "server" });
    await end(few, [...times(3, ["ok", "server"] as const).flat(), "server", "server"]);
    expect(openBreaker(few, usual)).toBeUndefined();
  });

  it("forgets attempts older than the window", async () => {
    const client = {};
    await end(client, times(5, ["server", "ok"] as const).flat());
    vi.advanceTimersByTime(60_000);
    await end(client, ["server"]);
    expect(openBreaker(client, usual)).toBeUndefined();
  });

  it.each(["timeout", "network", "server"] as const)("counts %s", async (kind) => {
    const client = {};
    await end(client, times(5, kind));
    expect(openBreaker(client, usual)).toMatchObject({ class: kind });
  });

  it.each([
    ...(["rate_limit", "quota", "refusal", "authentication", "invalid_request", "context_overflow"] as const),
    ...(["empty", "unknown", "model_unavailable", "too_large", "abort", "interrupt"] as const),
  ])("does not count %s, which neither begins nor ends a row", async (kind) => {
    const client = {};
    await end(client, times(20, kind));
    expect(openBreaker(client, usual)).toBeUndefined();
    await end(client, [...times(4, "server" as const), kind, "server"]);
    expect(openBreaker(client, usual)).toMatchObject({ class: "server" });
  });

  it("does not count an attempt that is aborted from outside", async () => {
    const client = {};
    for (let number = 0; number < 9; number++) await running(client, {}, [AbortSignal.abort()]).fail();
    expect(openBreaker(client, usual)).toBeUndefined();
  });

  it("stays open for a longer wait of the provider, up to 5 minutes", async () => {
    const [longer, shorter, years] = [{}, {}, {}];
    for (const [client, wait] of [
      [longer, 90_000],
      [shorter, 1_000],
      [years, 1e12],
    ] as const)
      for (let number = 0; number < 5; number++) await attempt(client, "server", {}, wait);
    expect([longer, shorter, years].map((client) => openBreaker(client, usual)?.ms)).toEqual([90_000, 30_000, 300_000]);
  });

  it("lets one probe through, and closes when it is answered", async () => {
    const client = {};
    await end(client, times(5, "server"));
    vi.advanceTimersByTime(30_000);
    const probe = running(client);
    expect(openBreaker(client, usual)).toMatchObject({ ms: 0, retryAt: Date.now() });
    expect(breakerGuard(usual).unavailable(client)).toEqual({
      reason: "breaker half-open: another call finds out whether it answers again (server)",
    });
    await probe.succeed();
    expect(openBreaker(client, usual)).toBeUndefined();
    await end(client, times(4, "server"));
    expect(openBreaker(client, usual)).toBeUndefined(); // what was before is forgotten
  });

  it("opens again when the probe fails", async () => {
    const client = {};
    await end(client, times(5, "server"));
    vi.advanceTimersByTime(30_000);
    await end(client, ["timeout"]);
    expect(openBreaker(client, usual)).toMatchObject({ class: "timeout", ms: 30_000 });
  });

  it.each(["invalid_request", "rate_limit", "refusal"] as const)(
    "closes when the provider answers the probe with %s",
    async (kind) => {
      const client = {};
      await end(client, times(5, "server"));
      vi.advanceTimersByTime(30_000);
      await end(client, [kind]);
      await end(client, times(4, "server"));
      expect(openBreaker(client, usual)).toBeUndefined();
    },
  );

  it("lets the next call probe after a probe that was aborted, and after one that never ends", async () => {
    const client = {};
    await end(client, times(5, "server"));
    vi.advanceTimersByTime(30_000);
    await running(client, {}, [AbortSignal.abort()]).fail();
    expect(openBreaker(client, usual)).toBeUndefined();
    running(client);
    vi.advanceTimersByTime(59_999);
    expect(openBreaker(client, usual)).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(openBreaker(client, usual)).toBeUndefined();
  });

  it("is not closed by an attempt that began before it opened, and not prolonged by one that fails meanwhile", async () => {
    const client = {};
    const [early, late] = [running(client), running(client)];
    await end(client, times(5, "server"));
    await early.succeed();
    expect(openBreaker(client, usual)?.ms).toBe(30_000);
    vi.advanceTimersByTime(10_000);
    await late.fail();
    await end(client, ["server"]);
    expect(openBreaker(client, usual)?.ms).toBe(20_000);
  });

  it("is closed by an answer to a call that was made in spite of it", async () => {
    const client = {};
    await end(client, times(5, "server"));
    await end(client, ["ok"]);
    expect(openBreaker(client, usual)).toBeUndefined();
  });

  it("follows the settings of each entry of a client", async () => {
    const client = {};
    await end(client, times(2, "server"), { failures: 2 });
    expect(openBreaker(client, settings({ openMs: 5_000 }))?.ms).toBe(5_000);
    vi.advanceTimersByTime(5_000);
    expect(openBreaker(client, settings({ openMs: 5_000 }))).toBeUndefined();
    expect(openBreaker(client, usual)?.ms).toBe(25_000);
  });

  it("is not prolonged by a clock that is set back", async () => {
    const client = {};
    await end(client, times(5, "server"));
    vi.setSystemTime(500_000);
    expect(openBreaker(client, usual)?.ms).toBe(30_000);
  });
});

describe("breakerSettings", () => {
  it("switches off with false and 0, which are not unset", () => {
    expect(breakerSettings(false)).toBeUndefined();
    expect(breakerSettings({ openMs: 0 })).toBeUndefined();
    expect(breakerSettings({ failures: 0, ratio: 0 })).toBeUndefined();
    expect(breakerSettings({ failures: 0, windowMs: 0 })).toBeUndefined();
    expect(breakerSettings({ failures: 0 })).toMatchObject({ failures: 0, ratio: 0.5 });
    expect(breakerSettings({ failures: undefined as never })).toEqual(breakerSettings(undefined));
  });

  it("publishes that it opens, probes and closes, with the name of the model", async () => {
    const client = {};
    const events: BreakerEvent[] = [];
    const call = (work: () => Promise<unknown>) =>
      withBreaker(client, work, settings({ failures: 2 }), { model: "gpt" }).catch(() => {});
    const fail = () => Promise.reject(httpError(503));
    await call(fail);
    const unsubscribe = subscribe({ onBreaker: (event) => events.push(event) });
    await call(fail);
    vi.advanceTimersByTime(30_000);
    await call(fail);
    vi.advanceTimersByTime(30_000);
    await call(async () => "yes");
    unsubscribe();
    const probe = { state: "half_open", model: "gpt", class: "server" };
    expect(events).toEqual([
      { state: "open", model: "gpt", class: "server", retryAt: 1_030_000 },
      probe,
      { state: "open", model: "gpt", class: "server", retryAt: 1_060_000 },
      probe,
      { state: "closed", model: "gpt" },
    ]);
  });

  it.each(["budget", "deadline"] as const)("is not closed by a %s that refuses its probe", async (kind) => {
    const client = {};
    await end(client, times(5, "server"));
    vi.advanceTimersByTime(30_000);
    await end(client, [kind, "server"]);
    expect(openBreaker(client, usual)).toMatchObject({ class: "server", ms: 30_000 });
  });

  it("keeps the other rule where one is off", async () => {
    const [streak, share] = [{}, {}];
    await end(streak, times(9, "server"), { failures: 0 });
    expect(openBreaker(streak, usual)).toBeUndefined();
    await end(streak, ["server"], { failures: 0 });
    expect(openBreaker(streak, usual)).toBeDefined();
    await end(share, times(40, ["ok", "server", "server"] as const).flat(), { ratio: 0 });
    expect(openBreaker(share, usual)).toBeUndefined();
  });
});

describe("checkBreaker", () => {
  it.each([
    [true, "breaker"],
    [0, "breaker"],
    [{ failures: -1 }, "breaker.failures"],
    [{ failures: 1.5 }, "breaker.failures"],
    [{ ratio: 1.1 }, "breaker.ratio"],
    [{ ratio: Number.NaN }, "breaker.ratio"],
    [{ minimum: 0 }, "breaker.minimum"],
    [{ minimum: 1_001 }, "breaker.minimum"],
    [{ openMs: -1 }, "breaker.openMs"],
    [{ windowMs: Number.POSITIVE_INFINITY }, "breaker.windowMs"],
    [{ key: "" }, "breaker.key"],
    [{ store: {} }, "breaker.store"],
    [{ opensMs: 1 }, "breaker.opensMs"],
  ])("refuses %o", (given, option) => {
    expect(() => checkBreaker(given as BreakerOptions, "breaker")).toThrow(InvalidOptionError);
    expect(() => checkBreaker(given as BreakerOptions, "breaker")).toThrow(
      new RegExp(`^${option.replace(".", "\\.")} `),
    );
  });

  it("accepts what switches it off", () => {
    for (const given of [undefined, false, {}, { failures: 0, ratio: 0, windowMs: 0, openMs: 0 }] as const)
      expect(() => checkBreaker(given, "breaker")).not.toThrow();
  });
});

describe("sharedBreaker", () => {
  /** A store as another process sees it, and how often it was read. */
  function storeOf(values: Map<string, string>, read = (key: string): unknown => values.get(key)) {
    const reads: string[] = [];
    const store = {
      get: (key: string) => {
        reads.push(key);
        return read(key);
      },
      set: (key: string, value: string) => void values.set(key, value),
      delete: (key: string) => void values.delete(key),
    } as unknown as Store;
    return { store, reads };
  }

  const opening = JSON.stringify({ class: "server", at: 1_000_000, waitMs: 0 });

  it("publishes that it opened, and that it closed", async () => {
    const values = new Map<string, string>();
    const [one, other] = [{}, {}];
    const shared = sharedBreaker(storeOf(values).store, "openai gpt", usual);
    for (let number = 0; number < 5; number++)
      await withBreaker(one, () => Promise.reject(httpError(503)), usual, shared).catch(() => {});
    await sharedBreaker(storeOf(values).store, "openai gpt", usual).learn(other);
    expect(openBreaker(other, usual)).toMatchObject({ class: "server", ms: 30_000 });
    vi.advanceTimersByTime(30_000);
    await withBreaker(one, async () => "ok", usual, shared);
    expect(values.size).toBe(0);
  });

  it("waits for the first look only, and looks once a second", async () => {
    const { store, reads } = storeOf(new Map([["breaker:a", opening]]));
    const shared = sharedBreaker(store, "a", usual);
    const client = {};
    expect(await shared.learn(client)).toBeUndefined();
    expect(openBreaker(client, usual)).toBeDefined();
    expect(shared.learn(client)).toBeUndefined();
    expect(reads).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(shared.learn(client)).toBeUndefined();
    expect(reads).toHaveLength(2);
  });

  it("goes on after 50 ms without a store that is slow, and at once without one that fails", async () => {
    const slow = sharedBreaker(storeOf(new Map(), () => new Promise(() => {})).store, "a", usual).learn({})!;
    let waited = false;
    const done = slow.then(() => {
      waited = true;
    });
    await vi.advanceTimersByTimeAsync(49);
    expect(waited).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await done;
    const failing = () => Promise.reject(new Error("ECONNREFUSED"));
    const throwing = () => {
      throw new Error("closed");
    };
    for (const read of [failing, throwing]) {
      const client = {};
      await sharedBreaker(storeOf(new Map(), read).store, "a", usual).learn(client);
      expect(openBreaker(client, usual)).toBeUndefined();
    }
  });

  it.each(["", "{", "null", '{"class":"toString","at":1,"waitMs":1}', '{"class":"server","at":"1"}'])(
    "ignores %j in the store",
    async (text) => {
      const client = {};
      await sharedBreaker(storeOf(new Map([["breaker:a", text]])).store, "a", usual).learn(client);
      expect(openBreaker(client, usual)).toBeUndefined();
    },
  );

  it("does not go back to an older opening", async () => {
    const client = {};
    openElsewhere(client, { class: "server", at: 1_000_000, waitMs: 0 });
    openElsewhere(client, { class: "timeout", at: 999_000, waitMs: 0 });
    expect(openBreaker(client, usual)).toMatchObject({ class: "server" });
  });
});
