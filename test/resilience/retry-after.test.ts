import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRetryAfter } from "../../src/resilience/retry-after.js";

const now = Date.parse("Sun, 06 Nov 1994 08:49:37 GMT");
const waitOf = (error: object) => parseRetryAfter(error, now);
const waitAfter = (value: string) => waitOf({ headers: new Headers({ "retry-after": value }) });

describe("parseRetryAfter", () => {
  it("reads seconds, also as a fraction", () => {
    expect(waitAfter("7")).toBe(7_000);
    expect(waitAfter("0")).toBe(0);
    expect(waitAfter("1.5")).toBe(1_500);
  });

  it("reads milliseconds, which are more exact than seconds beside them", () => {
    expect(waitOf({ headers: { "retry-after-ms": "250", "retry-after": "1" } })).toBe(250);
  });

  it("reads an HTTP date", () => {
    expect(waitAfter("Sun, 06 Nov 1994 08:50:07 GMT")).toBe(30_000);
  });

  it("reads RetryInfo of Google", () => {
    expect(waitOf({ errorDetails: [{ "@type": "QuotaFailure" }, { retryDelay: "7s" }] })).toBe(7_000);
    expect(waitOf({ errorDetails: [null, 1, { retryDelay: "0.25s" }] })).toBe(250);
    expect(waitOf({ errorDetails: [{ retryDelay: "soon" }] })).toBeUndefined();
    expect(waitOf({ errorDetails: "7s" })).toBeUndefined();
    for (const retryDelay of ["in 7s", "7s later", "-7s"])
      expect(waitOf({ errorDetails: [{ retryDelay }] })).toBeUndefined();
  });

  it("reads the headers before the stamp of an error, which is read where they say nothing", () => {
    expect(waitOf({ retryAfterMs: 3_000, headers: { "retry-after-ms": "250" } })).toBe(250);
    expect(waitOf({ retryAfterMs: 3_000, headers: { "retry-after": "9" } })).toBe(9_000);
    expect(waitOf({ retryAfterMs: 3_000, headers: {} })).toBe(3_000);
    expect(waitOf({ retryAfterMs: Number.NaN })).toBeUndefined();
  });

  it.each(["soon", "-1", "", "NaN", "Infinity"])("passes over %o in retry-after-ms", (value) => {
    expect(waitOf({ headers: { "retry-after-ms": value, "retry-after": "2" } })).toBe(2_000);
  });

  it("passes over headers that are none", () => {
    for (const headers of [null, "retry-after", { get: 4 }, { "retry-after": true }, { "retry-after": [2] }])
      expect(waitOf({ headers, retryAfterMs: 3_000 })).toBe(3_000);
    expect(waitOf({ headers: { get: 4, "retry-after": "2" } })).toBe(2_000);
  });

  it("reads headers as an object with any case, with get(), and of a response", () => {
    expect(waitOf({ headers: { "Retry-After": "2" } })).toBe(2_000);
    expect(waitOf({ headers: { "retry-after": 2 } })).toBe(2_000);
    expect(waitOf({ headers: new Map([["retry-after", "2"]]) })).toBe(2_000);
    expect(waitOf({ response: { headers: { "retry-after": "2" } } })).toBe(2_000);
  });

  it.each(["-5", "", "  ", "soon", "NaN", "Infinity", "Sun, 06 Nov 1994 08:49:07 GMT"])(
    "does not take %o for a wait",
    (value) => {
      expect(waitAfter(value)).toBeUndefined();
    },
  );

  it("keeps a wait that is too long: whoever waits decides", () => {
    expect(waitAfter("3600")).toBe(3_600_000);
  });

  it("reads any number of seconds, and any date to the second, from any place it may stand in", () => {
    fc.assert(
      fc.property(fc.nat(100_000), fc.constantFrom("seconds", "ms", "date", "google", "core"), (seconds, form) => {
        const wait = seconds * 1_000;
        const errors = {
          seconds: { headers: new Headers({ "Retry-After": String(seconds) }) },
          ms: { headers: { "retry-after-ms": wait } },
          date: { response: { headers: { "Retry-After": new Date(now + wait).toUTCString() } } },
          google: { errorDetails: [{ retryDelay: `${seconds}s` }] },
          core: { retryAfterMs: wait },
        };
        expect(waitOf(errors[form])).toBe(wait);
      }),
    );
  });
});
