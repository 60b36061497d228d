import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { CallTimeoutError } from "../../src/errors/index.js";
import { withinLimits } from "../../src/resilience/deadline.js";

const never = () => new Promise<never>(() => {});
const failed = (promise: Promise<unknown>) =>
  promise.then(
    () => "it succeeded",
    (error: unknown) => error,
  );

describe("withinLimits", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("returns what the work returns, and leaves neither timer nor listener behind", async () => {
    const { signal } = new AbortController();
    const limits = { timeout: 1_000, firstTokenTimeout: 100 };
    expect(await withinLimits(limits, [signal], async () => "answer")).toBe("answer");
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("throws what the work throws, also before it returned a promise", async () => {
    const { signal } = new AbortController();
    const error = new Error("broken");
    const throwing = () => {
      throw error;
    };
    expect(await failed(withinLimits({ timeout: 1_000 }, [signal], () => Promise.reject(error)))).toBe(error);
    expect(await failed(withinLimits({ timeout: 1_000 }, [signal], throwing))).toBe(error);
    expect(vi.getTimerCount()).toBe(0);
    expect(getEventListeners(signal, "abort")).toEqual([]);
  });

  it("ends work that ignores its signal when the time is over, and aborts the signal", async () => {
    let given: AbortSignal | undefined;
    const outcome = failed(
      withinLimits({ timeout: 50 }, [], (signal) => {
        given = signal;
        return never();
      }),
    );
    await vi.advanceTimersByTimeAsync(49);
    expect(given?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(await outcome).toMatchObject({ name: "CallTimeoutError", kind: "timeout", limit: 50 });
    expect(CallTimeoutError.isInstance(given?.reason)).toBe(true);
  });

  it("says that time is over even if the work turns the abort into an error of its own", async () => {
    const outcome = failed(
      withinLimits({ timeout: 50 }, [], (signal) => {
        return new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("AbortError"))));
      }),
    );
    await vi.advanceTimersByTimeAsync(50);
    expect(await outcome).toBeInstanceOf(CallTimeoutError);
  });

  it("ends work whose first token is late, and not work whose first token came", async () => {
    const silent = failed(withinLimits({ firstTokenTimeout: 10 }, [], never));
    const talking = withinLimits({ firstTokenTimeout: 10, timeout: 1_000 }, [], async (_, firstToken) => {
      firstToken();
      await new Promise((resolve) => setTimeout(resolve, 500));
      return "answer";
    });
    await vi.advanceTimersByTimeAsync(500);
    expect(await silent).toMatchObject({ kind: "firstTokenTimeout", limit: 10 });
    expect(await talking).toBe("answer");
  });

  it("passes an abort of any source on, with its reason", async () => {
    const [run, lane] = [new AbortController(), new AbortController()];
    let given: AbortSignal | undefined;
    const outcome = failed(
      withinLimits({}, [run.signal, undefined, lane.signal], (signal) => {
        given = signal;
        return never();
      }),
    );
    const reason = new Error("the outcome is certain");
    lane.abort(reason);
    expect(await outcome).toBe(reason);
    expect(given?.reason).toBe(reason);
    expect([run, lane].flatMap(({ signal }) => getEventListeners(signal, "abort"))).toEqual([]);
  });

  it("ends every call that listens to the signal of one run, also after others have ended", async () => {
    const run = new AbortController();
    await withinLimits({}, [run.signal], async () => "answer");
    const ended = withinLimits({}, [run.signal], async () => "answer");
    const open = Array.from({ length: 20 }, () => failed(withinLimits({}, [run.signal], never)));
    await ended;
    const reason = new Error("the caller has left");
    run.abort(reason);
    expect(new Set(await Promise.all(open))).toEqual(new Set([reason]));
    expect(getEventListeners(run.signal, "abort")).toEqual([]);
  });

  it("lets a hundred calls listen to the signal of one run without a warning", async () => {
    const warned = vi.fn();
    process.on("warning", warned);
    const { signal } = new AbortController();
    let at = 0;
    const calls = Array.from({ length: 100 }, () => withinLimits({}, [signal], async () => ++at));
    expect(getEventListeners(signal, "abort")).toHaveLength(1); // shared, so that there is no leak to warn of
    expect(await Promise.all(calls)).toHaveLength(100);
    expect(getEventListeners(signal, "abort")).toEqual([]);
    vi.useRealTimers();
    await new Promise(setImmediate);
    process.off("warning", warned);
    expect(warned).not.toHaveBeenCalled();
  });

  it("does not start the work under a source that has aborted", async () => {
    const work = vi.fn(never);
    expect(await failed(withinLimits({ timeout: 50 }, [AbortSignal.abort("over")], work))).toBe("over");
    expect(work).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("leaves nothing to be rejected unheard when the work fails after its time", async () => {
    const unheard = vi.fn();
    process.on("unhandledRejection", unheard);
    const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 200));
    const outcome = failed(withinLimits({ timeout: 50 }, [], late));
    await vi.advanceTimersByTimeAsync(300);
    expect(await outcome).toBeInstanceOf(CallTimeoutError);
    vi.useRealTimers();
    await new Promise(setImmediate);
    process.off("unhandledRejection", unheard);
    expect(unheard).not.toHaveBeenCalled();
  });

  it.each([Number.POSITIVE_INFINITY, 2 ** 31, 1e12])(
    "takes a limit of %d ms for none instead of ending at once",
    async (ms) => {
      const answer = withinLimits({ timeout: ms, firstTokenTimeout: ms }, [], async () => {
        await new Promise((resolve) => setTimeout(resolve, 60_000));
        return "answer";
      });
      await vi.advanceTimersByTimeAsync(60_000);
      expect(await answer).toBe("answer");
    },
  );
});
