/** Maximum wait requested by a provider, in ms; above it, the call falls back instead of waiting. */
export const longestWait = 60_000;

/**
 * Returns the wait requested by a provider, in ms.
 *
 * Sources, in order: the headers `retry-after-ms` and `retry-after` (seconds or an HTTP date, RFC 9110 section 10.2.3), as the
 * providers' own clients read them (openai 7.57.0, `client.ts`), the `retryAfterMs` field of an error, Google's `RetryInfo` detail
 * (google.rpc.RetryInfo, `"7s"`). Negative, past and invalid values are skipped.
 */
export function parseRetryAfter(error: object, now: number = Date.now()): number | undefined {
  const fields = error as {
    retryAfterMs?: unknown;
    headers?: unknown;
    response?: { headers?: unknown };
    $response?: { headers?: unknown };
    responseHeaders?: unknown;
    errorDetails?: unknown;
  };
  const held = [fields.headers, fields.response?.headers, fields.$response?.headers, fields.responseHeaders];
  const named = (name: string) => held.map((headers) => header(headers, name)).find((text) => text !== undefined);
  const waits = [
    number(named("retry-after-ms")),
    fromHeader(named("retry-after"), now),
    fields.retryAfterMs,
    fromDetails(fields.errorDetails),
  ];
  return waits.find((wait): wait is number => typeof wait === "number" && Number.isFinite(wait) && wait >= 0);
}

function header(headers: unknown, name: string): string | undefined {
  if (typeof headers !== "object" || headers === null) return undefined;
  const value =
    "get" in headers && typeof headers.get === "function"
      ? headers.get(name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  if (Array.isArray(value)) return typeof value[0] === "string" ? value[0] : undefined; // a header that is sent twice
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

function number(text: string | undefined): number | undefined {
  return text === undefined || text.trim() === "" ? undefined : Number(text);
}

function fromHeader(text: string | undefined, now: number): number | undefined {
  const seconds = number(text);
  if (seconds === undefined) return undefined;
  return Number.isNaN(seconds) ? Date.parse(text!) - now : seconds * 1_000;
}

function fromDetails(details: unknown): number | undefined {
  if (!Array.isArray(details)) return undefined;
  const delay = details.map((detail) => detail?.retryDelay).find((wait) => typeof wait === "string");
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(delay ?? "")?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1_000;
}
