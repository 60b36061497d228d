import { inspect } from "node:util";
import { getRetryable, stampRetryable } from "@langchain/core/errors";
import { describe, expect, it } from "vitest";
import { safeCause, withoutSecrets } from "../../src/errors/index.js";
import { CallTimeoutError, ForeignError, MissingPackageError, ModelCallError } from "../../src/index.js";
import { rememberSecret } from "../../src/secrets/known-secrets.js";

class RateLimitError extends Error {
  override readonly name = "RateLimitError";
}

describe("safeCause", () => {
  it("keeps what helps: name, class, status, code, request id, message, stack and causes", () => {
    const cause = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", errno: -104 });
    const headers = new Headers({ "x-request-id": "req_011CS" });
    const error = Object.assign(new RateLimitError("429 slow down"), {
      status: 429,
      error: { code: "slow" },
      headers,
      cause,
    });
    const kept = safeCause(stampRetryable(error, true));
    expect(kept).toMatchObject({ name: "RateLimitError", class: "RateLimitError", status: 429, code: "slow" });
    expect(kept).toMatchObject({ message: "429 slow down", requestId: "req_011CS", cause: { code: "ECONNRESET" } });
    expect(kept.stack).toMatch(/^RateLimitError: 429 slow down\n\s+at .*safe-cause\.test/);
    expect(getRetryable(kept)).toBe(true);
    expect(inspect(kept)).toMatch(/^ForeignError \[RateLimitError\]: 429 slow down\n\s+at /);
    expect(ForeignError.isInstance(kept)).toBe(true);
  });

  it.each([
    [{ statusCode: 503 }, 503],
    [{ status_code: 404 }, 404],
    [{ response: { status: 401 } }, 401],
    [{ $metadata: { httpStatusCode: 400, requestId: "r-1" } }, 400],
    [{ status: "RESOURCE_EXHAUSTED" }, undefined],
  ])("reads the status of %o", (fields, status) => {
    expect((safeCause(Object.assign(new Error("x"), fields)) as ForeignError).status).toBe(status);
  });

  it("leaves nothing else that could be reached", () => {
    const error = Object.defineProperty(
      Object.assign(new Error("refused"), {
        config: { headers: { gate: "unknown-to-all" } },
        [Symbol("s")]: "unknown-to-all",
      }),
      "hidden",
      { value: "unknown-to-all" },
    );
    const kept = safeCause(Object.assign(error, { cause: { request: "unknown-to-all", message: "below" } }));
    expect(inspect(kept, { depth: 20, showHidden: true })).not.toContain("unknown-to-all");
    expect(JSON.stringify(kept)).not.toContain("unknown-to-all");
    expect(kept.cause).toMatchObject({ message: "below" });
  });

  it("ends with causes that go round, and with what cannot be read", () => {
    const round = new Error("round");
    round.cause = round;
    let depth = 0;
    for (let next: unknown = safeCause(round); next instanceof Error; next = next.cause) depth++;
    expect(depth).toBe(6);
    const trap = new Proxy(new Error("x"), {
      get: () => {
        throw new Error("no");
      },
    });
    for (const thrown of [trap, undefined, null, "text", 7, Symbol("s"), Object.create(null)])
      expect(safeCause(thrown)).toMatchObject({ name: "Error", message: expect.any(String) });
  });

  it("takes no key for a name, a code or a request id", () => {
    const token = `sk-proj-${"A1b2".repeat(8)}`;
    const kept = safeCause(Object.assign(new Error("x"), { name: token, code: token, request_id: token, status: 401 }));
    expect(kept).toMatchObject({ name: "Error", status: 401 });
    expect(inspect(kept, { showHidden: true })).not.toContain("A1b2");
  });

  it("passes errors of this library as they are", () => {
    const error = new CallTimeoutError("timeout", 5);
    expect(safeCause(error)).toBe(error);
  });
});

describe("errors of this library", () => {
  const message = "key sk-proj-0123456789abcdef is wrong";
  it("keep a cause without what it held", () => {
    const cause = Object.assign(new Error(message), { config: { headers: "x" } });
    for (const error of [
      new ModelCallError({ path: "a", class: "unknown", cause, reason: message, movesOn: true }),
      new MissingPackageError("x", ["y"], cause),
    ]) {
      expect(error.cause).toMatchObject({ message: "key [redacted] is wrong" });
      expect(error.cause).not.toHaveProperty("config");
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain("0123456789");
    }
  });
});

describe("withoutSecrets", () => {
  class OwnError extends Error {
    constructor(readonly details: object) {
      super("a bug");
    }
  }

  it("leaves an error of a user as it is, class, fields and all", () => {
    for (const details of [{}, { user: "u-1", at: ["a", { b: 2 }] }, { code: "NOT_FOUND", path: "/v1/items/1" }]) {
      const error = new OwnError(details);
      expect(withoutSecrets(error)).toBe(error);
    }
    for (const thrown of [undefined, "text", 7, null]) expect(withoutSecrets(thrown)).toBe(thrown);
  });

  it("keeps of one with a secret in it what can be kept, wherever the secret is", () => {
    rememberSecret("known-by-value-only");
    const holders = [
      { config: { headers: { Authorization: "Bearer unknown-by-value" } } },
      { a: { b: { c: ["known-by-value-only"] } } },
      { url: "https://user:unknown-by-value@host/" },
      { map: new Map([["x-api-key", "unknown-by-value"]]) },
      { headers: new Headers({ cookie: "unknown-by-value" }) },
      { raw: ["Authorization", "unknown-by-value"] },
      Object.defineProperty({}, "hidden", { value: "sk-proj-0123456789abcdef" }),
    ];
    for (const details of holders) {
      const kept = withoutSecrets(new OwnError(details));
      expect(kept).toMatchObject({ class: "OwnError", message: "a bug" });
      expect(inspect(kept, { depth: 9, showHidden: true })).not.toMatch(/known-by-value|0123456789/);
    }
    expect(withoutSecrets(new Error("my known-by-value-only"))).toMatchObject({ message: "my [redacted]" });
    expect(withoutSecrets(new Error("x", { cause: new Error("known-by-value-only") }))).toBeInstanceOf(ForeignError);
  });

  it("does not trust what is too large to read", () => {
    const error = new OwnError(Array.from({ length: 5_000 }, (_, index) => ({ index })));
    expect(withoutSecrets(error)).not.toBe(error);
  });
});
