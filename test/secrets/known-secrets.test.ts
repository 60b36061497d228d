import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { rememberSecret } from "../../src/secrets/known-secrets.js";
import { redact } from "../../src/secrets/redact.js";

vi.setConfig({ testTimeout: 600_000 });

const percent = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** Ways a text is written into another one. */
const encodings: Readonly<Record<string, (text: string) => string>> = {
  "as it is": (text) => text,
  percent: encodeURIComponent,
  "percent, all of it": percent,
  "percent, twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  form: (text) => new URLSearchParams({ text }).toString(),
  JSON: (text) => JSON.stringify({ text }),
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify({ text })),
  "JSON of PHP": (text) => JSON.stringify(text).replaceAll("/", "\\/"),
  "JSON of Go": (text) => JSON.stringify(text).replace(/[&<>]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
  HTML: (text) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`),
  base64: (text) => Buffer.from(text).toString("base64"),
  base64url: (text) => Buffer.from(text).toString("base64url"),
  "base64 of credentials": (text) => Buffer.from(`user:${text}`).toString("base64"),
  "base64 of a body": (text) => Buffer.from(JSON.stringify({ a: 1, text, b: 2 })).toString("base64"),
  "base64 of an address": (text) => Buffer.from(`/v1?a=1&key=${encodeURIComponent(text)}`).toString("base64"),
  "base64, percent": (text) => encodeURIComponent(Buffer.from(text).toString("base64")),
  hex: (text) => Buffer.from(text).toString("hex"),
  capitals: (text) => text.toUpperCase(),
  "over several lines": (text) => text.replace(/.{7}/gu, "$&\n"),
  "base64 of a mail": (text) => Buffer.from(text).toString("base64").replace(/.{8}/g, "$&\r\n"),
  "base64 of a mail, indented": (text) => Buffer.from(text).toString("base64").replace(/.{8}/g, "$&\n    "),
};

const secret = fc.string({
  unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJ0123456789+/=&<>\"'%-_.~!@# $é漢"),
  minLength: 10,
  maxLength: 60,
});
const around = fc.string({ maxLength: 30 });

/** What of a secret is still in a text, whichever way it is read. */
const readings: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.replace(/[A-Za-z0-9+/_-]{6,}/g, (run) => Buffer.from(run, "base64").toString("latin1")),
];

describe("rememberSecret", () => {
  it.each(Object.entries(encodings))("is found however it is written: %s", (_, encode) => {
    fc.assert(
      fc.property(around, secret, around, (before, planted, after) => {
        if (planted.trim() !== planted) return;
        rememberSecret(planted);
        const written = encode(planted);
        const clean = redact(`${before} ${written} ${after}`);
        expect(clean).not.toContain(written);
        for (const read of readings) expect(read(clean)).not.toContain(planted);
        expect(clean).toContain("[redacted]");
      }),
      { numRuns: 60, interruptAfterTimeLimit: 10_000 },
    );
  });

  it("finds what a text that was cut still has of it", () => {
    rememberSecret("a-word-of-the-vault-that-is-long");
    expect(redact("refused: a-word-of-the-vault-th… sorry")).toBe("refused: [redacted]… sorry");
    expect(redact("refused: a-word-of-the-vault")).toBe("refused: [redacted]");
    expect(redact("a-word-of-the-people is no secret")).toBe("a-word-of-the-people is no secret");
  });

  it("reads hostile texts in one pass, whatever is known", () => {
    for (let count = 0; count < 1_000; count++) rememberSecret(`${"\\%".repeat(20)}a${count}`);
    for (const piece of ["\\", "%", "%25", "&#x", "\\%", "AAAAAA", "&amp;", "\\u00"]) {
      for (const size of [16_000, 1_000_000]) expect(redact(piece.repeat(size)).length).toBeLessThanOrEqual(500);
    }
  });

  it("is removed from a text that was read before the secret was known", () => {
    const text = "the server repeats zq8-late-secret-77";
    expect(redact(text)).toBe(text);
    rememberSecret("zq8-late-secret-77");
    expect(redact(text)).toBe("the server repeats [redacted]");
    expect(redact(text)).toBe("the server repeats [redacted]");
  });
});
