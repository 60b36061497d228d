import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { countCall, hedgeDelay } from "../../src/resilience/hedge.js";
import { withLatency } from "../../src/resilience/latency.js";
import { OutrunError } from "../../src/resilience/outrun-error.js";
import { type Lane, type Raced, raceTwice } from "../../src/resilience/race-twice.js";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Answers after a time, or fails with an error; an abort ends it at once. */
function answerAfter<T>(ms: number, answer: T | Error, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => (answer instanceof Error ? reject(answer) : resolve(answer)), ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

interface Call {
  readonly times: readonly number[];
  readonly answers?: readonly (string | Error)[];
  readonly stop?: AbortSignal;
  readonly endsCall?: (error: unknown) => boolean;
  readonly mayRepeat?: () => boolean;
}

/** Races requests that take `times`; a second one is sent after 100 ms. */
function race({ times, answers = ["first", "second"], stop, endsCall = () => false, mayRepeat = () => true }: Call) {
  const lanes: Lane[] = [];
  const told: Raced[] = [];
  const result = raceTwice(
    (lane) => {
      lanes[lane.number] = lane;
      return lane.watch(() => answerAfter(times[lane.number]!, answers[lane.number]!, lane.signal));
    },
    { stops: [stop], delayMs: () => 100, mayRepeat, endsCall },
    (raced) => told.push(raced),
  );
  result.catch(() => {});
  return { result, lanes, told };
}

describe("raceTwice", () => {
  it("sends nothing twice that is answered in time, and leaves no timer", async () => {
    const { result, lanes, told } = race({ times: [99, 1] });
    await vi.advanceTimersByTimeAsync(100);
    expect([await result, lanes.length, vi.getTimerCount()]).toEqual(["first", 1, 0]);
    expect(told).toEqual([{ afterMs: undefined, winner: 0 }]);
  });

  it("takes the second answer, and aborts the first request as outrun", async () => {
    const { result, lanes, told } = race({ times: [5_000, 30] });
    await vi.advanceTimersByTimeAsync(130);
    expect(await result).toBe("second");
    expect(lanes[0]!.signal.reason).toBeInstanceOf(OutrunError);
    expect(told).toEqual([{ afterMs: 100, winner: 1 }]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("takes the first answer if it still comes first, and aborts the second request", async () => {
    const { result, lanes } = race({ times: [110, 30] });
    await vi.advanceTimersByTimeAsync(110);
    expect(await result).toBe("first");
    expect(lanes[1]!.signal.aborted).toBe(true);
    expect(lanes[1]!.signal.reason).not.toBeInstanceOf(OutrunError);
  });

  it.each([
    ["the first", [120, 300], [new Error("down"), "second"], "second"],
    ["the second", [300, 10], ["first", new Error("down")], "first"],
  ])("waits for the other request when %s fails", async (_which, times, answers, expected) => {
    const { result } = race({ times, answers });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await result).toBe(expected);
  });

  it("throws the error of the first request when both fail", async () => {
    const { result, told } = race({ times: [150, 10], answers: [new Error("one"), new Error("two")] });
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(result).rejects.toThrow("one");
    expect(told).toEqual([{ afterMs: 100, winner: undefined }]);
  });

  it("sends no second request after the first one failed", async () => {
    const { result, lanes } = race({ times: [50, 10], answers: [new Error("down"), "second"] });
    await vi.advanceTimersByTimeAsync(1_000);
    await expect(result).rejects.toThrow("down");
    expect(lanes).toHaveLength(1);
  });

  it("ends with an error that ends the call, and aborts the other request", async () => {
    const fault = new TypeError("a bug");
    const { result, lanes } = race({
      times: [5_000, 10],
      answers: ["first", fault],
      endsCall: (error) => error === fault,
    });
    await vi.advanceTimersByTimeAsync(110);
    await expect(result).rejects.toBe(fault);
    expect(lanes[0]!.signal.aborted).toBe(true);
  });

  it("ends both requests with an abort from outside", async () => {
    const stop = new AbortController();
    const { result, lanes } = race({ times: [5_000, 5_000], stop: stop.signal, endsCall: () => stop.signal.aborted });
    await vi.advanceTimersByTimeAsync(100);
    stop.abort(new Error("stopped"));
    await expect(result).rejects.toThrow("stopped");
    expect(lanes.map(({ signal }) => signal.aborted)).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("asks whether a second request may be sent only when it is due", async () => {
    const mayRepeat = vi.fn(() => false);
    const { result, lanes } = race({ times: [500, 1], mayRepeat });
    await vi.advanceTimersByTimeAsync(99);
    expect(mayRepeat).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(500);
    expect([await result, lanes.length, mayRepeat.mock.calls.length]).toEqual(["first", 1, 1]);
  });

  it("sends no second request once a part of the answer was shown", async () => {
    const { result, lanes } = race({ times: [500, 1] });
    expect(lanes[0]!.claim()).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    expect([await result, lanes.length]).toEqual(["first", 1]);
  });

  it("shows one of the two only: the first to have a token", async () => {
    const { result, lanes } = race({ times: [150, 400] });
    await vi.advanceTimersByTimeAsync(110);
    expect([lanes[1]!.claim(), lanes[0]!.claim(), lanes[1]!.claim()]).toEqual([true, false, true]);
    expect(lanes.map((lane) => lane.hasShown())).toEqual([false, true]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await result).toBe("second");
  });

  it("fails with the request that was shown, although the other one might have answered", async () => {
    const { result, lanes } = race({ times: [5_000, 50], answers: ["first", new Error("cut")] });
    await vi.advanceTimersByTimeAsync(110);
    lanes[1]!.claim();
    await vi.advanceTimersByTimeAsync(100);
    await expect(result).rejects.toThrow("cut");
  });
});

describe("hedgeDelay", () => {
  const observe = async (client: object, times: readonly number[]) => {
    for (const ms of times) {
      const call = withLatency(client, () => new Promise((resolve) => setTimeout(resolve, ms)));
      await vi.advanceTimersByTimeAsync(ms);
      await call;
    }
  };

  it("is a time, or what a share of the earlier calls took", async () => {
    const client = {};
    expect(hedgeDelay({ afterMs: 800 }, client)).toBe(800);
    await observe(
      client,
      Array.from({ length: 20 }, (_, index) => 100 + index),
    );
    expect(hedgeDelay({ percentile: 0.95 }, client)).toBe(118);
    expect(hedgeDelay({ percentile: 0.5 }, client)).toBe(109);
  });

  it("is unknown after too few calls for the percentile", async () => {
    const client = {};
    await observe(
      client,
      Array.from({ length: 9 }, () => 100),
    );
    expect(hedgeDelay({ percentile: 0.5 }, client)).toBeUndefined();
    await observe(client, [100]);
    expect([hedgeDelay({ percentile: 0.5 }, client), hedgeDelay({ percentile: 0.95 }, client)]).toEqual([
      100,
      undefined,
    ]);
  });

  it("counts a request that was outrun as one that takes longer", async () => {
    const client = {};
    await observe(
      client,
      Array.from({ length: 19 }, () => 100),
    );
    const stop = new AbortController();
    const call = withLatency(client, () => answerAfter(9_000, "late", stop.signal), { stops: [stop.signal] });
    await vi.advanceTimersByTimeAsync(300);
    stop.abort(new OutrunError());
    await expect(call).rejects.toThrow();
    expect(hedgeDelay({ percentile: 0.96 }, client)).toBeUndefined();
    await observe(
      client,
      Array.from({ length: 5 }, () => 100),
    );
    expect(hedgeDelay({ percentile: 0.96 }, client)).toBe(100);
    expect(hedgeDelay({ percentile: 0.97 }, client)).toBeUndefined();
  });
});

describe("countCall", () => {
  it("allows one of the first calls, then a tenth of the last 100", () => {
    const client = {};
    const granted = Array.from({ length: 300 }, () => countCall(client, {}).claim());
    const inLast100 = (end: number) => granted.slice(Math.max(0, end - 100), end).filter(Boolean).length;
    expect(granted.slice(0, 19).filter(Boolean)).toHaveLength(1);
    expect(Math.max(...granted.map((_, index) => inLast100(index + 1)))).toBe(10);
    expect(granted.filter(Boolean)).toHaveLength(30);
  });

  it("allows one however small the share is", () => {
    const client = {};
    expect([1, 2, 3].map(() => countCall(client, { maxExtra: 0.001 }).claim())).toEqual([true, false, false]);
  });
});

describe("hedging where 5 % of the calls are slow", () => {
  /** 2,000 calls: 95 % take 200 to 400 ms, the others 5 s. */
  const calls = 2_000;
  const fraction = (index: number) => (index * 0.6180339887) % 1; // evenly spread, always the same
  const timeOf = (index: number) => (fraction(index) < 0.05 ? 5_000 : 200 + 200 * fraction(index * 7));

  async function simulated(options: { readonly percentile: number } | undefined) {
    const client = {};
    const times: number[] = [];
    let requests = 0;
    for (let index = 0; index < calls; index++) {
      const startedAt = Date.now();
      const call = countCall(client, {});
      const run = raceTwice(
        (lane) => {
          const ms = timeOf(requests++);
          const attempt = () => answerAfter(ms, "answer", lane.signal);
          return lane.watch(() => withLatency(client, attempt, { stops: [lane.signal] }));
        },
        {
          stops: [],
          delayMs: () => options && hedgeDelay(options, client),
          mayRepeat: () => call.claim(),
          endsCall: () => false,
        },
        () => {},
      );
      await vi.runAllTimersAsync();
      await run;
      times.push(Date.now() - startedAt);
    }
    const p99 = times.toSorted((one, other) => one - other)[Math.ceil(0.99 * calls) - 1]!;
    return { p99, more: requests / calls - 1 };
  }

  it("more than halves p99 at under 10 % more calls", async () => {
    const [plain, hedged] = [await simulated(undefined), await simulated({ percentile: 0.95 })];
    expect(plain).toEqual({ p99: 5_000, more: 0 });
    expect(hedged.p99).toBeLessThan(plain.p99 / 2);
    expect(hedged.more).toBeLessThan(0.1);
  });
});
