import { ContextOverflowError, stampRetryable } from "@langchain/core/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AllModelsFailedError, ModelCallError } from "../../src/errors/index.js";
import { classifyError } from "../../src/resilience/classify-error.js";
import { errorTable, google, thrown } from "./error-table.js";

const caused = (error: Error, cause: unknown) => Object.assign(error, { cause });

describe("classifyError", () => {
  for (const [title, error, kind, retryable, movesOn] of errorTable) {
    it(`takes ${title} for ${kind}`, () => {
      expect(classifyError(error)).toMatchObject({ class: kind, retryable, movesOn });
    });
  }

  it("reads a 429 wrapped in a connection error as a rate limit, with its wait", () => {
    const rateLimit = thrown("RateLimitError", "", { status: 429, headers: new Headers({ "retry-after": "7" }) });
    const wrapped = caused(thrown("APIConnectionError", "Connection error."), caused(new Error("fetch"), rateLimit));
    expect(classifyError(wrapped)).toEqual({
      class: "rate_limit",
      retryable: true,
      movesOn: true,
      retryAfterMs: 7_000,
      status: 429,
    });
  });

  it("keeps what the outer error says when its cause says less", () => {
    const overflow = ContextOverflowError.fromError(thrown("BadRequestError", "400", { status: 400 }));
    expect(classifyError(overflow)).toMatchObject({ class: "context_overflow", status: 400 });
    expect(
      classifyError(caused(thrown("AuthenticationError", "", { status: 401 }), new TypeError("terminated"))).class,
    ).toBe("authentication");
  });

  it("follows causes that go in circles", () => {
    const first = new Error("first");
    const second = caused(thrown("APIConnectionError", "second"), first);
    expect(classifyError(caused(first, second)).class).toBe("network");
  });

  it("reads the wait of Gemini's RetryInfo, beside details it does not know", () => {
    const details = [null, "text", { "@type": "QuotaFailure", violations: [] }, { retryDelay: "12.5s" }];
    expect(classifyError(google(429, "You exceeded your current quota", details))).toMatchObject({
      class: "rate_limit",
      retryable: true,
      retryAfterMs: 12_500,
    });
  });

  it("does not take a rejected request for a network failure because of its words", () => {
    expect(classifyError(google(400, "fetch failed"))).toMatchObject({ class: "invalid_request", movesOn: false });
  });

  it("believes core's stamp where the class leaves it open", () => {
    expect(classifyError(stampRetryable(thrown("APIError", "", { status: 500 }), false)).retryable).toBe(false);
    expect(classifyError(stampRetryable(thrown("AuthenticationError", "", { status: 401 }), true)).retryable).toBe(
      false,
    );
  });

  it("passes on what a nested pattern found out, and never retries it", () => {
    const nested = new ModelCallError({
      path: "a/b",
      class: "invalid_request",
      cause: undefined,
      reason: "bad",
      movesOn: false,
      status: 400,
    });
    expect(classifyError(nested)).toEqual({ class: "invalid_request", retryable: false, movesOn: false, status: 400 });
    const failures = [
      { name: "a", class: "server", message: "" },
      { name: "b", class: "quota", message: "", status: 429 },
    ] as const;
    expect(classifyError(new AllModelsFailedError(failures))).toEqual({
      class: "quota",
      retryable: false,
      movesOn: true,
      status: 429,
    });
  });

  it("never throws and always finds a class, whatever was thrown", () => {
    const classes = new Set(errorTable.map(([, , kind]) => kind));
    const anything = fc.oneof(
      fc.anything({ withNullPrototype: true, withBigInt: true, withDate: true, withMap: true }),
      fc.record(
        {
          name: fc.anything(),
          message: fc.anything({ withNullPrototype: true }),
          status: fc.oneof(fc.integer(), fc.anything()),
          code: fc.anything(),
          cause: fc.anything(),
          headers: fc.anything({ withNullPrototype: true }),
          response: fc.anything(),
          error: fc.anything(),
          errorDetails: fc.anything({ withBigInt: true }),
          constructor: fc.anything(),
        },
        { requiredKeys: [] },
      ),
    );
    fc.assert(
      fc.property(anything, (error) => {
        const { class: kind, retryable, movesOn, status, retryAfterMs } = classifyError(error);
        expect(classes).toContain(kind);
        expect(retryable && !movesOn).toBe(false);
        if (status !== undefined) expect(status >= 400 && status < 600).toBe(true);
        if (retryAfterMs !== undefined) expect(retryAfterMs).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 1_000 },
    );
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(classifyError(proxy).class).toBe("unknown");
  });

  it("gives every HTTP error status a class, and only those of the caller's own bug stop the run", () => {
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), (status) => {
        const { class: kind, movesOn, retryable } = classifyError(thrown("APIError", "", { status }));
        expect(kind).not.toBe("unknown");
        expect(movesOn).toBe(kind !== "invalid_request");
        expect(retryable).toBe(status >= 500 || [408, 409, 429].includes(status));
      }),
    );
  });
});
