import { ContextOverflowError, stampRetryable } from "@langchain/core/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AllModelsFailedError, errorClasses, ModelCallError, QuorumNotReachedError } from "../../src/errors/index.js";
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
      unbilled: true,
    });
  });

  it.each([500, 502, 400])("reads a %d caused by a 429 as a rate limit, with its status and wait", (status) => {
    const rateLimit = thrown("RateLimitError", "", { status: 429, headers: new Headers({ "retry-after": "7" }) });
    expect(classifyError(caused(thrown("Error", "the gateway failed", { status }), rateLimit))).toEqual({
      ...{ class: "rate_limit", retryable: true, movesOn: true, retryAfterMs: 7_000, status: 429, unbilled: true },
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

  it("finds what a nested pattern threw within an error of the graph around it", () => {
    const nested = new AllModelsFailedError([{ name: "a", class: "quota", message: "", status: 402 }]);
    expect(classifyError(new Error("node failed", { cause: nested }))).toMatchObject({ class: "quota", status: 402 });
  });

  it("stops where every lane of a nested ensemble met the caller's own mistake, and moves on where one did not", () => {
    const quorum = (...classes: readonly ("invalid_request" | "server")[]) =>
      new QuorumNotReachedError(
        2,
        0,
        classes.map((kind, lane) => ({ name: `${lane}`, class: kind, message: "" })),
      );
    expect(classifyError(quorum("invalid_request", "invalid_request")).movesOn).toBe(false);
    expect(classifyError(quorum("server", "invalid_request")).movesOn).toBe(true);
    expect(classifyError(new QuorumNotReachedError(2, 0))).toMatchObject({ class: "unknown", movesOn: true });
  });

  it.each([
    [403, "Your plan does not include access to this model"],
    [400, "This endpoint requires a paid plan"],
    [400, "This model is not available in your region"],
    [403, "The model is in gated beta"],
    [403, "You are not allowed to sample from this model"],
    [403, "Your team does not have access to the model grok-4"],
    [403, "Access to model denied."],
    [400, "The requested model 'x' is not supported by any provider you have enabled."],
    [400, "模型不存在，请检查模型代码。"],
    [400, "This is not a chat model and thus not supported in the v1/chat/completions endpoint."],
    [400, "Invalid content type. image_url is only supported by certain models."],
  ])("excludes one model after a %i: %s", (status, message) => {
    const { class: kind, movesOn } = classifyError({ status, message });
    expect([kind, movesOn, errorClasses[kind].avoid]).toEqual(["model_unavailable", true, "model"]);
  });

  it.each([
    "Missing required parameter: 'model'.",
    "model: Field required",
    "'logprobs' is not allowed with this model",
    "logprobs is not supported with this model",
    "`temperature` is deprecated for this model.",
    "top_k and top_p cannot both be specified for this model. Please use only one.",
    "This model does not support the 'reasoning_effort' parameter",
    "'tool_choice' is only allowed when 'tools' are specified",
    "tools.0.custom.input_schema: JSON schema is invalid",
    "messages.1.content.0.tool_result: tool_use_id not found in previous message",
    "limit must be a positive integer",
    "Unsupported parameter: context",
    "image exceeds 5 MB maximum: 6291456 bytes > 5242880 bytes",
    "max_tokens must be at least 1, got 0",
    "n must be between 1 and 10; the account limit is 10",
  ])("stops at what another model would refuse too: %s", (message) => {
    for (const status of [400, 422]) {
      expect(classifyError({ status, message })).toMatchObject({ class: "invalid_request", movesOn: false });
    }
  });

  it("never throws and always finds a class, whatever was thrown", () => {
    const classes = Object.keys(errorClasses);
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
        expect(retryable).toBe(status >= 500 || [407, 408, 409, 421, 424, 425, 429, 499].includes(status));
      }),
    );
  });
});
