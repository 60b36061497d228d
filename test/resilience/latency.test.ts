import { ContextOverflowError } from "@langchain/core/errors";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CallTimeoutError } from "../../src/errors/index.js";
import { claimLatencyProbe, observedLatency, withLatency } from "../../src/resilience/latency.js";
import { httpError } from "../support/fakes.js";

const minute = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** An attempt that takes so long, and ends with an error if there is one. */
async function attempt(client: object, ms: number, error?: Error): Promise<void> {
  const work = async () => {
    vi.setSystemTime(Date.now() + ms);
    if (error !== undefined) throw error;
  };
  await withLatency(client, work).catch((thrown) => expect(thrown).toBe(error));
}

async function client(...attempts: readonly (number | Error)[]): Promise<object> {
  const made = {};
  for (const each of attempts) await (typeof each === "number" ? attempt(made, each) : attempt(made, 20, each));
  return made;
}

const timeout = new CallTimeoutError("timeout", 800);

describe("observedLatency", () => {
  it("knows nothing of a client nobody timed", async () => {
    expect(observedLatency({}, 0.9)).toBeUndefined();
  });

  it("gives back what the work gave", async () => {
    expect(await withLatency({}, async () => "answer")).toBe("answer");
  });

  it("takes the percentile by nearest rank", async () => {
    const made = await client(...Array.from({ length: 20 }, (_, index) => (20 - index) * 10));
    const ms = (percentile: number) => observedLatency(made, percentile)?.ms;
    expect([0.01, 0.05, 0.5, 0.9, 0.95, 0.96, 1].map(ms)).toEqual([10, 10, 100, 180, 190, 200, 200]);
    expect(observedLatency(made, 0.9)).toEqual({ ms: 180, answered: true, samples: 20 });
  });

  it.each([
    [0.56, 25, 14],
    [0.28, 25, 7],
    [0.14, 50, 7],
  ])(
    "has no rank too many where %f of %d attempts is a little over a whole number as a product",
    async (share, of, rank) => {
      expect(share * of).toBeGreaterThan(rank);
      const made = await client(...Array.from({ length: of }, (_, index) => index + 1));
      expect(observedLatency(made, share)?.ms).toBe(rank);
    },
  );

  it("equals sorting, for any attempts", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 100 }),
        async (attempts, percent) => {
          const sorted = [...attempts].sort((one, other) => one - other);
          const rank = Math.ceil((percent * attempts.length) / 100);
          expect(observedLatency(await client(...attempts), percent / 100)?.ms).toBe(sorted[rank - 1]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("drops the oldest attempt, not the newest, when there are many", async () => {
    const made = await client(...Array.from({ length: 64 }, () => 1_000));
    for (let call = 0; call < 58; call++) await attempt(made, 10);
    expect(observedLatency(made, 0.9)).toEqual({ ms: 10, answered: true, samples: 64 });
    expect(observedLatency(made, 0.91)?.ms).toBe(1_000);
    for (let call = 0; call < 64; call++) await attempt(made, 10);
    expect(observedLatency(made, 1)?.ms).toBe(10);
  });

  it("forgets an attempt after 5 minutes", async () => {
    const made = await client(100);
    vi.advanceTimersByTime(5 * minute - 1);
    expect(observedLatency(made, 1)?.ms).toBe(100);
    vi.advanceTimersByTime(1);
    expect(observedLatency(made, 1)).toBeUndefined();
  });

  it("counts a time-out as its limit, behind every answer however slow", async () => {
    const made = await client(3_000, timeout);
    expect(observedLatency(made, 0.5)).toEqual({ ms: 3_000, answered: true, samples: 2 });
    expect(observedLatency(made, 0.9)).toEqual({ ms: 3_000, answered: false, samples: 2 });
    expect(observedLatency(await client(timeout), 0.5)).toEqual({ ms: 800, answered: false, samples: 1 });
  });

  it("counts whatever a model fails with, and nothing that follows from the request", async () => {
    const down = [httpError(500), httpError(503), new TypeError("fetch failed"), httpError(408)];
    for (const error of down) expect(observedLatency(await client(error), 0.5)).toMatchObject({ answered: false });
    const failing = [httpError(401), httpError(404), httpError(429), new Error("no idea")];
    for (const error of failing) expect(observedLatency(await client(error), 0.5)).toMatchObject({ answered: false });
    const other = [httpError(400), new ContextOverflowError("too long")];
    for (const error of other) expect(observedLatency(await client(error), 0.5)).toBeUndefined();
  });

  it("does not count an attempt somebody stopped, whatever it ends with", async () => {
    const made = {};
    const stop = AbortSignal.abort(timeout);
    const stopped = withLatency(made, () => Promise.reject(timeout), { stops: [undefined, stop] });
    await expect(stopped).rejects.toBe(timeout);
    expect(observedLatency(made, 0.5)).toBeUndefined();
  });

  it("counts an attempt under way once it takes longer than the patience", async () => {
    const made = {};
    let finish = () => {};
    const running = withLatency(made, () => new Promise<void>((resolve) => (finish = resolve)));
    vi.advanceTimersByTime(1_000);
    expect(observedLatency(made, 0.9)).toBeUndefined();
    expect(observedLatency(made, 0.9, { patience: 1_000 })).toBeUndefined();
    expect(observedLatency(made, 0.9, { patience: 999 })).toEqual({ ms: 1_000, answered: false, samples: 1 });
    vi.advanceTimersByTime(1_000);
    finish();
    await running;
    expect(observedLatency(made, 0.9, { patience: 999 })).toEqual({ ms: 2_000, answered: true, samples: 1 });
  });

  it("forgets an attempt under way after 5 minutes, and none that began later", async () => {
    const made = {};
    const ends: (() => void)[] = [];
    const begin = () => withLatency(made, () => new Promise<void>((resolve) => ends.push(resolve)));
    const first = begin();
    vi.advanceTimersByTime(2 * minute);
    const second = begin();
    vi.advanceTimersByTime(3 * minute - 1);
    expect(observedLatency(made, 1, { patience: 0 })).toEqual({ ms: 5 * minute - 1, answered: false, samples: 2 });
    vi.advanceTimersByTime(1);
    expect(observedLatency(made, 1, { patience: 0 })).toEqual({ ms: 3 * minute, answered: false, samples: 1 });
    expect(observedLatency(made, 1, { patience: 4 * minute })).toBeUndefined();
    expect(claimLatencyProbe(made)).toBe(false);
    vi.advanceTimersByTime(2 * minute);
    expect(claimLatencyProbe(made)).toBe(true);
    for (const end of ends) end();
    await Promise.all([first, second]);
  });

  it("ranks the slowest without an answer last, and none below an answer", async () => {
    const made = await client(30, httpError(500), new CallTimeoutError("timeout", 900), 3_000);
    expect(observedLatency(made, 0.75)).toEqual({ ms: 3_000, answered: false, samples: 4 });
    const failing = await client(new CallTimeoutError("timeout", 900), httpError(500));
    expect([0.5, 1].map((share) => observedLatency(failing, share)?.ms)).toEqual([20, 900]);
  });

  it("lets one run at a time try a client nobody timed, until its attempt has ended", async () => {
    const made = {};
    expect([claimLatencyProbe(made), claimLatencyProbe(made), claimLatencyProbe({})]).toEqual([true, false, true]);
    await attempt(made, 20, httpError(400)); // it taught nothing
    expect([claimLatencyProbe(made), claimLatencyProbe(made)]).toEqual([true, false]);
    vi.advanceTimersByTime(10_000); // whoever took it on never began
    expect(claimLatencyProbe(made)).toBe(true);
    let finish = () => {};
    const running = withLatency(made, () => new Promise<void>((resolve) => (finish = resolve)));
    vi.advanceTimersByTime(minute);
    expect(claimLatencyProbe(made)).toBe(false);
    finish();
    await running;
  });

  it("keeps clients apart, and survives a clock that is set back", async () => {
    const [one, other] = [await client(10), await client(70)];
    expect([one, other].map((made) => observedLatency(made, 1)?.ms)).toEqual([10, 70]);
    const back = {};
    await attempt(back, -500);
    expect(observedLatency(back, 1)?.ms).toBe(0);
  });
});
