import type { IncomingHttpHeaders } from "node:http";

const REDACTED = "[redacted]";
const SECRET = /authorization|cookie|key$|token$|secret/i;

/** Replaces secrets in headers, so that recorded requests hold no key. */
export function redactHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, SECRET.test(name) ? REDACTED : String(value)]),
  );
}

export function redactPath(url: URL): string {
  const query = [...url.searchParams].map(([name, value]) => `${name}=${SECRET.test(name) ? REDACTED : value}`);
  return query.length > 0 ? `${url.pathname}?${query.join("&")}` : url.pathname;
}
