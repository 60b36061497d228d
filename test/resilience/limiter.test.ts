import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { InvalidOptionError, LimitReachedError } from "../../src/errors/index.js";
import { onAbort } from "../../src/resilience/deadline.js";
import { parseDuration, waitInWords } from "../../src/resilience/duration.js";
import { checkLimit, type LimitOptions } from "../../src/resilience/limit-options.js";
import { type Leave, type LimitedCall, limiterOf } from "../../src/resilience/limiter.js";
import { noteLimitHeaders, providerWait } from "../../src/resilience/provider-limits.js";
import { slidingWindow } from "../../src/resilience/sliding-window.js";
import type { Store } from "../../src/resilience/store.js";

const client = {};
const call = (more: Partial<LimitedCall> = {}): LimitedCall => ({
  ...{ client, tokens: 0, stops: [], movesOn: () => false },
  ...more,
});

/** Enters calls and keeps what they gave, in order of their start. */
function entering(options: LimitOptions) {
  const limiter = limiterOf(options);
  const started: (string | Error)[] = [];
  const leaves = new Map<string, Leave>();
  const enter = (name: string, more: Partial<LimitedCall> = {}) =>
    limiter.enter(call(more)).then(
      (leave) => {
        started.push(name);
        leaves.set(name, leave);
      },
      (error: Error) => void started.push(error),
    );
  return { limiter, started, enter, leave: (name: string, used = 0) => leaves.get(name)!(used) };
}
const settled = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("limiterOf", () => {
  it("lets `concurrency` calls in at once, and the others in order of arrival", async () => {
    const { started, enter, leave } = entering({ concurrency: 2 });
    for (const name of ["a", "b", "c", "d"]) void enter(name);
    await settled();
    expect(started).toEqual(["a", "b"]);
    leave("b");
    await settled();
    expect(started).toEqual(["a", "b", "c"]);
    leave("a");
    leave("c");
    await settled();
    expect(started).toEqual(["a", "b", "c", "d"]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps the other calls in the queue when two signals of one call fire together", async () => {
    const { started, enter, leave } = entering({ concurrency: 1 });
    const [run, attempt] = [new AbortController(), new AbortController()];
    onAbort(run.signal, () => attempt.abort(run.signal.reason)); // as a hedge or a deadline passes an abort on
    void enter("a");
    void enter("b", { stops: [run.signal, attempt.signal] });
    void enter("c");
    await settled();
    run.abort(new Error("stopped"));
    leave("a");
    await settled();
    expect(started).toEqual(["a", new Error("stopped"), "c"]);
  });

  it("lets `requestsPerMinute` calls begin within any minute", async () => {
    const { started, enter, leave, limiter } = entering({ requestsPerMinute: 2 });
    void enter("a");
    await vi.advanceTimersByTimeAsync(20_000);
    for (const name of ["b", "c", "d"]) void enter(name);
    await settled();
    leave("a");
    leave("b");
    expect(limiter.unavailable(client)).toEqual({
      reason: "limit of 2 requests per minute is reached for 40 s more",
      waitMs: 40_000,
    });
    await vi.advanceTimersByTimeAsync(39_999);
    expect(started).toEqual(["a", "b"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toEqual(["a", "b", "c"]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(started).toEqual(["a", "b", "c", "d"]);
  });

  it("reserves tokens, and corrects them by what was used", async () => {
    const { started, enter, leave } = entering({ tokensPerMinute: 1_000 });
    void enter("a", { tokens: 800 });
    void enter("b", { tokens: 500 });
    await settled();
    expect(started).toEqual(["a"]);
    leave("a", 300);
    await settled();
    expect(started).toEqual(["a", "b"]);
    leave("b", 900); // more than was reserved
    void enter("c", { tokens: 1 });
    await vi.advanceTimersByTimeAsync(59_999);
    expect(started).toEqual(["a", "b"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toEqual(["a", "b", "c"]);
  });

  it("lets a call of more tokens than the limit in when nothing else counts", async () => {
    const { started, enter } = entering({ tokensPerMinute: 100 });
    void enter("a", { tokens: 5_000 });
    void enter("b", { tokens: 5_000 });
    await vi.advanceTimersByTimeAsync(59_999);
    expect(started).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toEqual(["a", "b"]);
  });

  it("fails a call after 60 s in the queue, or after `queueMs`, with the wait that is left", async () => {
    const usual = entering({ requestsPerMinute: 1 });
    const short = entering({ requestsPerMinute: 1, queueMs: 5_000 });
    for (const { enter } of [usual, short]) for (const name of ["a", "b", "c"]) void enter(name);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(short.started).toEqual(["a", expect.any(LimitReachedError), expect.any(LimitReachedError)]);
    expect(short.started[1]).toMatchObject({
      message: "Not called: limit of 1 requests per minute is reached for 55 s more",
      waitMs: 55_000,
    });
    await vi.advanceTimersByTimeAsync(55_000);
    expect(usual.started).toEqual(["a", "b", expect.any(LimitReachedError)]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("keeps calls that only wait for a place as long as it takes", async () => {
    const { started, enter, leave } = entering({ concurrency: 1 });
    for (const name of ["a", "b"]) void enter(name);
    await vi.advanceTimersByTimeAsync(3_600_000);
    leave("a");
    await settled();
    expect(started).toEqual(["a", "b"]);
  });

  it("lets a call leave the queue when it is aborted, and the next one move up", async () => {
    const { started, enter, leave } = entering({ concurrency: 1 });
    const controller = new AbortController();
    void enter("a");
    void enter("b", { stops: [undefined, controller.signal] });
    void enter("c");
    await settled();
    controller.abort(new Error("enough"));
    await settled();
    leave("a");
    await settled();
    expect(started).toEqual(["a", new Error("enough"), "c"]);
    await enter("d", { stops: [AbortSignal.abort(new Error("before"))] });
    expect(started.at(-1)).toEqual(new Error("before"));
  });

  it("does not let a call wait that another model can take", async () => {
    const { started, enter } = entering({ concurrency: 1 });
    await enter("a", { movesOn: () => true });
    await enter("b", { movesOn: () => true });
    expect(started).toEqual(["a", expect.any(LimitReachedError)]);
    expect(started[1]).toMatchObject({ reason: "limit of 1 calls at once is reached", waitMs: undefined });
  });

  it("says that calls wait already", async () => {
    const { limiter, enter } = entering({ tokensPerMinute: 10 });
    void enter("a", { tokens: 9 });
    void enter("b", { tokens: 9 });
    await settled();
    expect(limiter.unavailable(client)?.reason).toBe("limit is reached, and 1 calls wait already");
  });

  it("believes the headers of a provider, for the client they were sent to", async () => {
    const { started, enter, limiter } = entering({});
    const [busy, free] = [{}, {}];
    const headers = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "2s" };
    noteLimitHeaders(busy, new Headers(headers));
    expect(limiter.unavailable(busy)).toEqual({
      reason: "limit of its provider is reached for 2 s more",
      waitMs: 2_000,
    });
    expect(limiter.unavailable(free)).toBeUndefined();
    void enter("busy", { client: busy });
    void enter("free", { client: free });
    await settled();
    expect(started).toEqual(["free"]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(started).toEqual(["free", "busy"]);
  });

  it("counts its own requests until the next headers say what is left", async () => {
    const { started, enter } = entering({});
    const own = {};
    const headers = { "x-ratelimit-remaining-requests": "2", "x-ratelimit-reset-requests": "6s" };
    noteLimitHeaders(own, new Headers(headers));
    for (const name of ["a", "b", "c"]) void enter(name, { client: own });
    await settled();
    expect(started).toEqual(["a", "b"]);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(started).toEqual(["a", "b", "c"]);
  });
});

describe("limiterOf with a store", () => {
  const consumed = (granted: boolean[], msLeft = 4_000) => {
    const keys: string[] = [];
    const store = {
      consume: (key: string) => {
        keys.push(key);
        return { granted: granted.shift() ?? true, msLeft };
      },
    } as unknown as Store;
    return { store, keys };
  };

  it("waits when other processes used the minute up, and gives its own place back meanwhile", async () => {
    const { store, keys } = consumed([true, false]);
    const { started, enter } = entering({ requestsPerMinute: 2, store, key: "openai" });
    void enter("a");
    void enter("b");
    await vi.advanceTimersByTimeAsync(3_999);
    expect(started).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toEqual(["a", "b"]);
    expect(new Set(keys)).toEqual(new Set(["limit:openai:requests"]));
  });

  it("reserves tokens in the minute of the clock, and settles them", async () => {
    const reserved: object[] = [];
    const settledAmounts: unknown[] = [];
    const store = {
      reserve: (reservation: object) => ({ granted: reserved.push(reservation) !== 2, used: 0 }),
      settle: (_: object, amount: number) => void settledAmounts.push(amount),
    } as unknown as Store;
    const { started, enter, leave } = entering({ tokensPerMinute: 100, store, key: "k" });
    await enter("a", { tokens: 40 });
    leave("a", 12.5);
    await settled();
    expect(reserved).toMatchObject([{ key: "limit:k:tokens:16", amount: 40, limit: 100, leaseMs: 60_000 }]);
    expect(settledAmounts).toEqual([13]);
    void enter("b", { tokens: 40 });
    await vi.advanceTimersByTimeAsync(19_999);
    expect(started).toEqual(["a"]);
    await vi.advanceTimersByTimeAsync(1); // the next minute of the clock
    expect(started).toEqual(["a", "b"]);
    expect(reserved.at(-1)).toMatchObject({ key: "limit:k:tokens:17" });
  });

  it.each([
    ["fails", () => Promise.reject(new Error("ECONNREFUSED"))],
    ["hangs", () => new Promise(() => {})],
  ])("goes on after at most 50 ms when the store %s", async (_, consume) => {
    const { started, enter } = entering({ requestsPerMinute: 2, store: { consume } as unknown as Store, key: "k" });
    void enter("a");
    await vi.advanceTimersByTimeAsync(50);
    expect(started).toEqual(["a"]);
  });
});

describe("slidingWindow", () => {
  it("is not prolonged by a clock that is set back", () => {
    const window = slidingWindow(1, 1_000);
    window.take(1);
    vi.setSystemTime(1);
    expect(window.waitFor(1)).toBe(1_000);
  });

  it("ignores a correction of what has left the window", () => {
    const window = slidingWindow(10, 1_000);
    const taken = window.take(10);
    vi.advanceTimersByTime(1_000);
    window.correct(taken, 10_000);
    expect(window.waitFor(10)).toBe(0);
  });

  it("keeps counting over thousands of entries", () => {
    const window = slidingWindow(3, 1_000);
    for (let number = 0; number < 5_000; number++) {
      expect(window.waitFor(1)).toBe(0);
      window.take(1);
      vi.advanceTimersByTime(400);
    }
    window.take(1);
    expect(window.waitFor(1)).toBe(200);
  });
});

describe("noteLimitHeaders", () => {
  const waitAfter = (headers: Record<string, string>, tokens = 1) => {
    const own = {};
    noteLimitHeaders(own, new Headers(headers));
    return providerWait(own, tokens);
  };
  const requests = (reset: string) =>
    waitAfter({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset });

  it.each([
    ["300ms", 300],
    ["1s", 1_000],
    ["7.66s", 7_660],
    ["0m59.5s", 59_500],
    ["6m0s", 60_000], // waits for one minute at most, then a 429 would say more
    ["12", 12_000],
    ["1010", 60_000],
    [String(1_003_000), 60_000],
    ["soon", 0],
    ["", 0],
  ])("reads a reset of %s", (reset, ms) => {
    expect(requests(reset)).toBe(ms);
  });

  it("reads dates and Unix times", () => {
    vi.setSystemTime(Date.UTC(2026, 10, 30));
    expect(requests("2026-11-30T00:00:05Z")).toBe(5_000);
    expect(requests(String(Date.UTC(2026, 10, 30) / 1_000 + 7))).toBe(7_000);
    expect(requests(String(Date.UTC(2026, 10, 30) + 9_000))).toBe(9_000);
    expect(requests("2026-11-29T00:00:00Z")).toBe(0);
  });

  it("reads tokens, Anthropic's names, and names without what is counted", () => {
    expect(waitAfter({ "x-ratelimit-remaining-tokens": "99", "x-ratelimit-reset-tokens": "4s" }, 100)).toBe(4_000);
    expect(waitAfter({ "x-ratelimit-remaining-tokens": "100", "x-ratelimit-reset-tokens": "4s" }, 100)).toBe(0);
    const anthropic = { "anthropic-ratelimit-requests-remaining": "0" };
    expect(waitAfter({ ...anthropic, "anthropic-ratelimit-requests-reset": new Date(1_003_000).toISOString() })).toBe(
      3_000,
    );
    expect(waitAfter({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "3" })).toBe(3_000);
  });

  it("ignores a remainder of -1, and one without a reset", () => {
    expect(waitAfter({ "x-ratelimit-remaining-requests": "-1", "x-ratelimit-reset-requests": "3s" })).toBe(0);
    expect(waitAfter({ "x-ratelimit-remaining-requests": "0" })).toBe(0);
  });
});

describe("parseDuration", () => {
  it.each([
    ["300ms", 300],
    ["2m59.56s", 179_560],
    ["1h12m", 4_320_000],
    ["20 seconds", 20_000],
    ["1 day", 86_400_000],
  ])("reads %s", (text, ms) => {
    expect(parseDuration(text)).toBe(ms);
  });

  it.each(["", "soon", "5", "5 apples", "5s or so"])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe("waitInWords", () => {
  it.each([
    [
      "Rate limit reached for gpt-4o on tokens per min (TPM): Limit 30000. Please try again in 300ms. Visit https://…",
      300,
    ],
    ["Please try again in 6m0s.", 360_000],
    ["Please retry after 20 seconds.", 20_000],
    ["Please retry in 36.5s.", 36_500],
    ["Retry your request after 2 minutes", 120_000],
    ["try again in 1h12m0.5s", 4_320_500],
  ])("reads %j", (text, ms) => {
    expect(waitInWords(text)).toBe(ms);
  });

  it.each(["try again later", "we tried again in 5 seconds flat", "Please try again in 5 moons"])(
    "reads none in %j",
    (text) => {
      expect(waitInWords(text)).toBeUndefined();
    },
  );
});

describe("checkLimit", () => {
  it.each([
    [{ concurrency: 0 }, "limit.concurrency"],
    [{ requestsPerMinute: 1.5 }, "limit.requestsPerMinute"],
    [{ tokensPerMinute: Number.NaN }, "limit.tokensPerMinute"],
    [{ queueMs: -1 }, "limit.queueMs"],
    [{ replyBytes: 0 }, "limit.replyBytes"],
    [{ store: {} }, "limit.store"],
    [{ rpm: 5 }, "limit.rpm"],
  ])("refuses %o", (limit, option) => {
    expect(() => checkLimit(limit as LimitOptions, "limit")).toThrow(InvalidOptionError);
    expect(() => checkLimit(limit as LimitOptions, "limit")).toThrow(option);
  });
});
