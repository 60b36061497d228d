import { getEventListeners } from "node:events";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidOptionError } from "../../src/errors/index.js";
import { checkRetry, type RetryOptions, requestsWait, retries, retryDelay, sleep } from "../../src/resilience/retry.js";

const server = { class: "server", retryable: true } as const;
const asking = (retryAfterMs: number) => ({ class: "rate_limit", retryable: true, retryAfterMs }) as const;
/** The waits of a call that never works, until it is given up. */
function waits(retry: RetryOptions | false | undefined, failure: Parameters<typeof retryDelay>[2] = server): number[] {
  const found: number[] = [];
  for (let attempt = 1; attempt < 100; attempt++) {
    const wait = retryDelay(retry, attempt, failure, () => 1);
    if (wait === undefined) return found;
    found.push(wait);
  }
  return found;
}

describe("retryDelay", () => {
  it("retries twice after 500 and 1,000 ms at most", () => {
    expect(waits(undefined)).toEqual([500, 1_000]);
    expect(waits({})).toEqual([500, 1_000]);
  });

  it("doubles up to 8 s", () => {
    expect(waits({ maxRetries: 6 })).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000]);
  });

  it("climbs a fixed ladder: at once, +1 s, +3 s", () => {
    expect(waits({ backoff: [1_000, 3_000] })).toEqual([1_000, 3_000]);
  });

  it("repeats the last step of a ladder that is shorter than the retries, and cuts one that is longer", () => {
    expect(waits({ maxRetries: 4, backoff: [1_000, 3_000] })).toEqual([1_000, 3_000, 3_000, 3_000]);
    expect(waits({ maxRetries: 1, backoff: [1_000, 3_000] })).toEqual([1_000]);
    expect(waits({ maxRetries: 2, backoff: [0] })).toEqual([0, 0]);
  });

  it("never retries when it is switched off, by false or by 0", () => {
    expect(waits(false)).toEqual([]);
    expect(waits({ maxRetries: 0 })).toEqual([]);
    expect(waits({ backoff: [] })).toEqual([]);
  });

  it("never retries what a retry cannot mend", () => {
    expect(waits({ maxRetries: 5 }, { class: "quota", retryable: false })).toEqual([]);
  });

  it("retries an empty answer once", () => {
    expect(waits({ maxRetries: 5 }, { class: "empty", retryable: true })).toEqual([500]);
    expect(waits({ maxRetries: 0 }, { class: "empty", retryable: true })).toEqual([]);
  });

  it("waits as long as the provider asks, on a ladder too", () => {
    expect(waits({ backoff: [1_000, 3_000] }, asking(7_000))).toEqual([7_000, 7_000]);
    expect(waits(undefined, asking(0))).toEqual([0, 0]);
  });

  it("falls back at once when the provider asks for more than 60 s", () => {
    expect(waits(undefined, asking(60_000))).toEqual([60_000, 60_000]);
    expect(waits(undefined, asking(60_001))).toEqual([]);
  });

  it("draws the wait evenly from zero to the step", () => {
    expect([0, 0.25, 0.999].map((drawn) => retryDelay(undefined, 2, server, () => drawn))).toEqual([0, 250, 999]);
  });

  it("keeps every drawn wait between zero and the step, and the number of retries as asked", () => {
    fc.assert(
      fc.property(fc.nat(20), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (maxRetries, drawn) => {
        for (let attempt = 1; attempt <= maxRetries; attempt++) {
          const wait = retryDelay({ maxRetries }, attempt, server, () => drawn);
          expect(wait).toBeGreaterThanOrEqual(0);
          expect(wait).toBeLessThan(Math.min(8_000, 500 * 2 ** (attempt - 1)));
        }
        expect(retryDelay({ maxRetries }, maxRetries + 1, server, () => drawn)).toBeUndefined();
      }),
    );
  });
});

describe("checkRetry", () => {
  it.each<RetryOptions | false | undefined>([undefined, false, {}, { maxRetries: 0 }, { backoff: [0, 1_000] }])(
    "accepts %o",
    (retry) => expect(() => checkRetry(retry, "model.retry")).not.toThrow(),
  );

  it.each<[RetryOptions, string]>([
    [{ maxRetries: -1 }, "maxRetries"],
    [{ maxRetries: 1.5 }, "maxRetries"],
    [{ maxRetries: Number.NaN }, "maxRetries"],
    [{ backoff: [-1] }, "backoff"],
    [{ backoff: [Number.NaN] }, "backoff"],
    [{ backoff: [500, -1] }, "backoff"],
    [{ backoff: 500 as unknown as number[] }, "backoff"],
  ])("refuses %o and names the option", (retry, option) => {
    expect(() => checkRetry(retry, "model.retry")).toThrow(InvalidOptionError);
    expect(() => checkRetry(retry, "model.retry")).toThrow(`model.retry.${option} is `);
  });
});

describe("checkRetry › of another kind", () => {
  it.each([null, 3, "twice", true])("refuses %o", (retry) => {
    expect(() => checkRetry(retry as never, "model.retry")).toThrow(
      /model\.retry is .*give \{ maxRetries, backoff \} or false/,
    );
  });
});

describe("retries", () => {
  it("is true where a model is called again at all", () => {
    for (const retry of [undefined, {}, { maxRetries: 1 }, { backoff: [0] }]) expect(retries(retry)).toBe(true);
    for (const retry of [false, { maxRetries: 0 }, { backoff: [] }] as const) expect(retries(retry)).toBe(false);
  });
});

describe("requestsWait", () => {
  it("is true for a rate limit, and for any failure that names a wait", () => {
    expect(requestsWait({ class: "rate_limit" })).toBe(true);
    expect(requestsWait({ class: "server", retryAfterMs: 1 })).toBe(true);
    expect(requestsWait({ class: "server", retryAfterMs: 0 })).toBe(false);
    expect(requestsWait({ class: "server" })).toBe(false);
  });
});

describe("sleep", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("ends after its time", async () => {
    const woke = vi.fn();
    const slept = sleep(1_000, [undefined]).then(woke);
    await vi.advanceTimersByTimeAsync(999);
    expect(woke).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await slept;
    expect(woke).toHaveBeenCalledOnce();
  });

  it("ends at once when any signal aborts, with its reason, and leaves no timer behind", async () => {
    const [run, lane] = [new AbortController(), new AbortController()];
    const slept = sleep(8_000, [run.signal, undefined, lane.signal]);
    const reason = new Error("no longer needed");
    lane.abort(reason);
    await expect(slept).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("does not begin under a signal that has aborted", async () => {
    await expect(sleep(8_000, [AbortSignal.abort("over")])).rejects.toBe("over");
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves no listener on a signal that outlives it", async () => {
    const { signal } = new AbortController();
    const naps = Array.from({ length: 5 }, () => sleep(10, [signal]));
    await vi.advanceTimersByTimeAsync(10);
    await Promise.all(naps);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });
});
