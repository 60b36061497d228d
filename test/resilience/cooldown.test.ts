import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ErrorClass } from "../../src/errors/index.js";
import { coolDown, coolingDown, warmUp } from "../../src/resilience/cooldown.js";

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

  it("passes it over even for a wait that is too long to be waited for", () => {
    const client = {};
    coolDown(client, { class: "rate_limit", retryAfterMs: 3_600_000 });
    expect(coolingDown(client)?.ms).toBe(3_600_000);
  });

  it("passes a client whose quota is spent over for 5 minutes, or longer if the provider says so", () => {
    const [short, long] = [{}, {}];
    coolDown(short, { class: "quota", retryAfterMs: 1_000 });
    coolDown(long, { class: "quota", retryAfterMs: 600_000 });
    expect([short, long].map((client) => coolingDown(client))).toEqual([
      { ms: 300_000, class: "quota" },
      { ms: 600_000, class: "quota" },
    ]);
  });

  it("does not pass a client over whose wait is 0", () => {
    const client = {};
    coolDown(client, { class: "rate_limit", retryAfterMs: 0 });
    expect(coolingDown(client)).toBeUndefined();
  });

  it.each<ErrorClass>(["server", "network", "timeout", "authentication", "context_overflow", "empty", "abort"])(
    "leaves a client alone that failed with %s",
    (kind) => {
      const client = {};
      coolDown(client, { class: kind, retryAfterMs: 9_000 });
      expect(coolingDown(client)).toBeUndefined();
    },
  );

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
