import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { type ErrorClass, InvalidOptionError } from "../../src/errors/index.js";
import {
  checkCoolDown,
  claimCoolDownProbe,
  coolDown,
  coolingDown,
  warmUp,
  withCoolDown,
} from "../../src/resilience/cooldown.js";
import { httpError } from "../support/fakes.js";

describe("coolDown", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("passes a rate-limited client over for as long as the provider asks, from the very next call on", () => {
    const client = {};
    coolDown(client, { class: "rate_limit", retryAfterMs: 7_000 });
    expect(coolingDown(client)).toEqual({ ms: 7_000, class: "rate_limit" });
    vi.advanceTimersByTime(6_999);
    expect(coolingDown(client)).toEqual({ ms: 1, class: "rate_limit" });
    vi.advanceTimersByTime(1);
    expect(coolingDown(client)).toBeUndefined();
  });

  it("passes it over for 5 s when the provider names no wait", () => {
    const client = {};
    coolDown(client, { class: "rate_limit" });
    expect(coolingDown(client)?.ms).toBe(5_000);
  });

  it("passes it over even for a wait that is too long to be waited for, up to 5 minutes", () => {
    const [long, years] = [{}, {}];
    coolDown(long, { class: "rate_limit", retryAfterMs: 120_000 });
    coolDown(years, { class: "rate_limit", retryAfterMs: 1e12 });
    expect([long, years].map((client) => coolingDown(client)?.ms)).toEqual([120_000, 300_000]);
  });

  it("passes a client whose quota is spent over for 5 minutes, whatever its provider says", () => {
    for (const retryAfterMs of [undefined, 1_000, 600_000]) {
      const client = {};
      coolDown(client, { class: "quota", ...(retryAfterMs && { retryAfterMs }) });
      expect(coolingDown(client)).toEqual({ ms: 300_000, class: "quota" });
    }
  });

  it("passes a busy server over for the wait it names, and for none where it names none", () => {
    const [named, unnamed] = [{}, {}];
    coolDown(named, { class: "server", retryAfterMs: 9_000 });
    coolDown(unnamed, { class: "server" });
    expect(coolingDown(named)).toEqual({ ms: 9_000, class: "server" });
    expect(coolingDown(unnamed)).toBeUndefined();
  });

  it("knows the ceiling of each entry of a client", () => {
    const client = {};
    coolDown(client, { class: "rate_limit", retryAfterMs: 60_000 });
    expect(coolingDown(client, { maxMs: 1_000 })?.ms).toBe(1_000);
    expect(coolingDown(client, { maxMs: Infinity })?.ms).toBe(60_000);
    expect(coolingDown(client, { maxMs: 0 })).toBeUndefined();
  });

  it("is never longer than its wait when the clock is set back", () => {
    const client = {};
    coolDown(client, { class: "rate_limit", retryAfterMs: 60_000 });
    vi.setSystemTime(10);
    expect(coolingDown(client)?.ms).toBe(60_000);
    vi.advanceTimersByTime(60_000);
    expect(coolingDown(client)).toBeUndefined();
  });

  it("takes a wait of 0 for none that is named: a rate limit is left alone for its usual time", () => {
    const [limited, busy] = [{}, {}];
    coolDown(limited, { class: "rate_limit", retryAfterMs: 0 });
    coolDown(busy, { class: "server", retryAfterMs: 0 });
    expect(coolingDown(limited)?.ms).toBe(5_000);
    expect(coolingDown(busy)).toBeUndefined();
  });

  it.each<ErrorClass>(["authentication", "context_overflow", "refusal", "invalid_request", "abort", "interrupt"])(
    "does not pass a client over that failed with %s, whatever wait is named",
    (kind) => {
      const client = {};
      coolDown(client, { class: kind, retryAfterMs: 9_000 });
      expect(coolingDown(client)).toBeUndefined();
    },
  );

  it("keeps the longer of two cool-downs, whichever came first", () => {
    const client = {};
    coolDown(client, { class: "rate_limit", retryAfterMs: 60_000 });
    for (const shorter of [{ class: "server", retryAfterMs: 9_000 }, { class: "server" }] as const) {
      coolDown(client, shorter);
      expect(coolingDown(client)).toEqual({ ms: 60_000, class: "rate_limit" });
    }
    coolDown(client, { class: "server", retryAfterMs: 60_000 });
    expect(coolingDown(client)?.class).toBe("rate_limit");
    coolDown(client, { class: "quota" });
    expect(coolingDown(client)).toEqual({ ms: 300_000, class: "quota" });
    coolDown(client, { class: "rate_limit", retryAfterMs: 9_000 }, { maxMs: 1_000 });
    expect(coolingDown(client)?.class).toBe("quota");
  });

  it("takes no claim of a probe while it lasts, and none of a client that is not cooling down", () => {
    const client = {};
    claimCoolDownProbe(client);
    coolDown(client, { class: "rate_limit", retryAfterMs: 7_000 });
    claimCoolDownProbe(client);
    vi.advanceTimersByTime(7_000);
    expect(coolingDown(client)).toBeUndefined();
    claimCoolDownProbe(client);
    expect(coolingDown(client)).toEqual({ ms: 0, class: "rate_limit" });
  });

  it("concerns that one client", () => {
    coolDown({}, { class: "quota" });
    expect(coolingDown({})).toBeUndefined();
  });
});

describe("warmUp", () => {
  it("ends the pause of a client that answered", () => {
    const client = {};
    coolDown(client, { class: "quota" });
    warmUp(client);
    expect(coolingDown(client)).toBeUndefined();
    warmUp(client);
  });
});

describe("watched", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
  /** A client whose cool-down is over. */
  const cooled = () => {
    const client = {};
    coolDown(client, { class: "rate_limit", retryAfterMs: 7_000 });
    vi.advanceTimersByTime(7_001);
    return client;
  };
  const failing = (client: object, error: Error, stops: AbortSignal[] = []) =>
    withCoolDown(client, () => Promise.reject(error), { stops }).catch(() => {});

  it("is the probe after a cool-down: others pass the client over until it has ended", async () => {
    const client = cooled();
    let resolve = (_text: string) => {};
    const promise = new Promise<string>((given) => {
      resolve = given;
    });
    const probe = withCoolDown(client, () => promise);
    expect(coolingDown(client)).toEqual({ ms: 0, class: "rate_limit" });
    resolve("back");
    expect(await probe).toBe("back");
    expect(coolingDown(client)).toBeUndefined();
  });

  it.each([
    ["a rate limit that names a wait", httpError(429, "no", { headers: { "retry-after": "30" } }), 30_000],
    ["a rate limit", httpError(429), 5_000],
    ["a broken server", httpError(500), 5_000],
  ])("begins the cool-down again after %s", async (_, error, ms) => {
    const client = cooled();
    await failing(client, error);
    expect(coolingDown(client)?.ms).toBe(ms);
  });

  it("ends it when the request was at fault: the client answered", async () => {
    const client = cooled();
    await failing(client, httpError(400));
    expect(coolingDown(client)).toBeUndefined();
  });

  it("ends it at once with an answer that comes while it lasts", async () => {
    const client = {};
    coolDown(client, { class: "quota" });
    expect(await withCoolDown(client, async () => "back")).toBe("back");
    expect(coolingDown(client)).toBeUndefined();
  });

  it("has forgotten it once the client answered: what fails then is no probe", async () => {
    const [answered, atFault] = [cooled(), cooled()];
    await withCoolDown(answered, async () => "back");
    await failing(atFault, httpError(400));
    for (const client of [answered, atFault]) {
      await failing(client, httpError(500)); // as a probe it would begin the cool-down again
      expect(coolingDown(client)).toBeUndefined();
    }
  });

  it("gives the probe back when it is stopped from outside", async () => {
    const client = cooled();
    await failing(client, new Error("no longer needed"), [AbortSignal.abort()]);
    expect(coolingDown(client)).toBeUndefined();
    claimCoolDownProbe(client);
    expect(coolingDown(client)?.ms).toBe(0);
  });

  it("does not wait for ever for a probe that was claimed and never began, or never ends", async () => {
    const client = cooled();
    claimCoolDownProbe(client);
    vi.advanceTimersByTime(9_999);
    expect(coolingDown(client)).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(coolingDown(client)).toBeUndefined();
    void withCoolDown(client, () => new Promise(() => {}));
    vi.advanceTimersByTime(59_999);
    expect(coolingDown(client)).toBeDefined();
    vi.advanceTimersByTime(1);
    expect(coolingDown(client)).toBeUndefined();
  });

  it("lets a call that is none of them neither probe nor give a probe back", async () => {
    const client = {};
    coolDown(client, { class: "rate_limit", retryAfterMs: 7_000 });
    claimCoolDownProbe(client);
    await failing(client, new Error("stopped"), [AbortSignal.abort()]);
    expect(coolingDown(client)).toEqual({ ms: 7_000, class: "rate_limit" });
    expect(await withCoolDown(client, async () => "answer")).toBe("answer");
    expect(coolingDown(client)).toBeUndefined();
  });
});

describe("checkCoolDown › what it says", () => {
  it("names the option, or the field of it", () => {
    expect(() => checkCoolDown(null as never, "a.coolDown")).toThrow(/^a\.coolDown is null; give \{ maxMs \}/);
    expect(() => checkCoolDown(5 as never, "a.coolDown")).toThrow(/^a\.coolDown is 5; give \{ maxMs \}/);
    expect(() => checkCoolDown({ maxMs: -1 }, "a.coolDown")).toThrow(/^a\.coolDown\.maxMs is -1; give ms/);
  });
});

describe("checkCoolDown", () => {
  it("accepts a ceiling, none at all and 0", () => {
    for (const coolDown of [undefined, {}, { maxMs: 0 }, { maxMs: 60_000 }, { maxMs: Infinity }]) {
      expect(() => checkCoolDown(coolDown, "a.coolDown")).not.toThrow();
    }
  });

  it.each([{ maxMs: -1 }, { maxMs: Number.NaN }, { maxMs: "5" }, null, 5, false])("refuses %o", (coolDown) => {
    expect(() => checkCoolDown(coolDown as never, "a.coolDown")).toThrow(InvalidOptionError);
  });
});
