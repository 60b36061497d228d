import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rememberSecret } from "../../src/secrets/known-secrets.js";
import { redact, redactError } from "../../src/secrets/redact.js";

const word = (alphabet: string, minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...alphabet), minLength, maxLength });
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const prefixes = [
  "sk-",
  "sk-proj-",
  "sk-ant-api03-",
  "sk-or-v1-",
  "AIza",
  "AQ.",
  "xai-",
  "hf_",
  "gsk_",
  "pplx-",
  "ghp_",
];

/** A key that shows what it is, and a secret that shows only by where it stands. */
const key = fc.tuple(fc.constantFrom(...prefixes), word(`${letters}-_`, 16, 160)).map((parts) => parts.join(""));
const secret = word(letters, 12, 60);
const fields: readonly ((value: string) => string)[] = [
  (value) => `Authorization: Bearer ${value}`,
  (value) => `authorization: Token ${value}`,
  (value) => `{"Authorization":"Basic ${value}=="}`,
  (value) => `sent with bearer ${value}`,
  (value) => `x-api-key: ${value}`,
  (value) => `x-goog-api-key=${value}`,
  (value) => `{"apiKey":"${value}","model":"gpt-4o"}`,
  (value) => JSON.stringify(JSON.stringify({ api_key: value })),
  (value) => `{ api_key: '${value}' }`,
  (value) => `Incorrect API key provided: ${value}.`,
  (value) => `the api key "${value}" is not valid`,
  (value) => `password=${value}`,
  (value) => `client_secret=${value}&grant=x`,
  (value) => `GET http://host/v1/models?key=${value}&alt=sse`,
  (value) => `https://host/x?alt=sse&access_token=${value}`,
  (value) => `https://blob/x?sv=1&sig=${value}`,
  (value) => `https://user:${value}@host/v1`,
  (value) => `redis://:${value}@127.0.0.1:6379`,
  (value) => `https://${value}@github.com/a/b`,
];
const noise = fc.string({ maxLength: 40 });
const gap = fc.constantFrom(" ", "\n", " (", ' "', " '", " `", ": ", ", ", "=");

describe("redact", () => {
  it.each([
    ["401 Incorrect API key provided: sk-abcdef123456.", "401 Incorrect API key provided: [redacted]."],
    ["Incorrect API key provided: sk-pr***********abcd. You can", "Incorrect API key provided: [redacted]. You can"],
    ["Authorization: Bearer abc.def-123", "Authorization: [redacted]"],
    ["https://me:secret@proxy.local:8080/v1 refused", "https://[redacted]@proxy.local:8080/v1 refused"],
    ["https://me:p@ss:w@rd@proxy/v1", "https://[redacted]@proxy/v1"],
    ["GET /v1beta/models?key=AIzaSyB-1234567890&alt=sse", "GET /v1beta/models?key=[redacted]&alt=sse"],
    ['{"apiKey":"abcdef","model":"m"}', '{"apiKey":"[redacted]","model":"m"}'],
  ])("turns %o into %o", (text, clean) => {
    expect(redact(text)).toBe(clean);
  });

  it.each([
    "The skeleton-key of the skyscrapers was packaged; skepticism remains.",
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
    "Invalid 'max_tokens': 7. See https://platform.openai.com/docs/api-reference/chat?lang=node#body",
    "You can find your API key at https://platform.openai.com/account/api-keys.",
    "API key not valid. Please pass a valid API key.",
    "Basic authentication is required; write to help@example.com",
    "models/gemini-2.0-flash is not found for API version v1beta",
    "",
  ])("leaves %o as it is", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("never lets a provider's key through, wherever it stands in a message", () => {
    fc.assert(
      fc.property(noise, gap, key, gap, noise, (before, opening, planted, closing, after) => {
        expect(redact(`${before}${opening}${planted}${closing}${after}`)).not.toContain(planted);
      }),
      { numRuns: 1_000 },
    );
  });

  it("never lets a secret through that stands in a header, a field, a query or a URL", () => {
    fc.assert(
      fc.property(noise, secret, fc.constantFrom(...fields), noise, (before, planted, field, after) => {
        expect(redact(`${before}\n${field(planted)} ${after}`)).not.toContain(planted);
      }),
      { numRuns: 2_000 },
    );
  });

  it("leaves nothing but a few characters of a key where a long text is cut", () => {
    for (const length of [480, 490, 499, 1_980, 1_990, 1_999]) {
      const planted = `sk-${"A1b2C3d4".repeat(8)}`;
      expect(redact(`${"x".repeat(length)} ${planted}`)).not.toContain(planted.slice(0, 12));
    }
  });

  it("cuts a text at 500 characters", () => {
    expect(redact("x".repeat(500))).toHaveLength(500);
    expect(redact("x".repeat(501))).toBe(`${"x".repeat(499)}…`);
  });

  it("changes nothing when it is used twice", () => {
    fc.assert(
      fc.property(noise, secret, fc.constantFrom(...fields), (before, planted, field) => {
        const once = redact(`${before}\n${field(planted)}`);
        expect(redact(once)).toBe(once);
      }),
    );
  });

  it("comes to an end with hostile texts of any size", () => {
    const hostile = [
      "a",
      "sk-",
      "eyJ.",
      "bearer ",
      "authorization: ",
      "api_key",
      "?key=",
      "//",
      "//:@",
      ' "',
      "\\",
      "?a-a",
    ];
    for (const piece of hostile) {
      for (const size of [1_000, 30_000, 1_000_000]) {
        expect(redact(piece.repeat(size / piece.length)).length).toBeLessThanOrEqual(500);
      }
    }
  });
});

describe("redactError", () => {
  it("reads the message of an error, or of anything that has one", () => {
    expect(redactError(new Error("key sk-abcdef123456 is wrong"))).toBe("key [redacted] is wrong");
    expect(redactError(Object.freeze({ status: 401, message: "password=hunter2" }))).toBe("password=[redacted]");
  });

  it("reads what is no error at all", () => {
    expect(["boom", undefined, null, 7, Symbol("s")].map(redactError)).toEqual([
      "boom",
      "undefined",
      "null",
      "7",
      "Symbol(s)",
    ]);
  });

  it("never throws", () => {
    fc.assert(
      fc.property(fc.anything({ withNullPrototype: true }), (thrown) => {
        expect(redactError(thrown)).toEqual(expect.any(String));
      }),
    );
    expect(redactError(Object.create(null))).toBe("an error that cannot be read");
  });
});

describe("rememberSecret", () => {
  it("takes a secret out of every text, whatever it looks like and wherever it stands", () => {
    rememberSecret("plain-words-of-a-vault");
    rememberSecret("plain-words-of-a-vault-in-full");
    const long = `${"x".repeat(1_990)} plain-words-of-a-vault`;
    expect(redact("401 plain-words-of-a-vault-in-full is wrong")).toBe("401 [redacted] is wrong");
    expect(redact(long)).not.toContain("plain");
  });

  it("leaves short words and what is no text", () => {
    for (const value of ["short", undefined, null, 12345678, () => "function"]) rememberSecret(value);
    expect(redact("short 12345678 function")).toBe("short 12345678 function");
  });

  it("keeps what is in use, and forgets of 100,000 the one that was used longest ago", () => {
    rememberSecret("the-key-of-a-client-in-use");
    rememberSecret("the-key-of-a-client-that-is-gone");
    for (let count = 0; count < 50_000; count++) rememberSecret(`later-secret-${count}`);
    expect(redact("not the-key-of-a-client-that-is-gone")).toBe("not [redacted]");
    rememberSecret("the-key-of-a-client-in-use");
    for (let count = 50_000; count < 99_999; count++) rememberSecret(`later-secret-${count}`);
    expect(redact("the-key-of-a-client-in-use")).toBe("[redacted]");
    expect(redact("the-key-of-a-client-that-is-gone")).toBe("the-key-of-a-client-that-is-gone");
    expect(redact("the-key-of-a-client-that…")).toBe("the-key-of-a-client-that…");
  });

  it("tells secrets apart that begin alike", () => {
    for (let tenant = 0; tenant < 10_000; tenant++) rememberSecret(`tenant-key-without-a-mark-${tenant}-x`);
    expect(redact("no tenant-key-without-a-mark-9999-x, tenant-key-without-a-mark-10000-x")).toBe(
      "no [redacted], tenant-key-without-a-mark-10000-x",
    );
    expect(redact("cut: tenant-key-without-a-mark-77")).toBe("cut: [redacted]");
  });
});
