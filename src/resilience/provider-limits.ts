import { parseDuration } from "./duration.js";
import { longestWait } from "./retry-after.js";

type Counted = "requests" | "tokens";

/** What a provider still allows a client. */
interface Left {
  remaining: number;
  readonly resetAt: number;
}

/**
 * Headers of the providers, the first pair that a reply has counts: OpenAI, Azure, Groq and servers like them (platform.openai.com,
 * "Rate limits in headers"), Anthropic (platform.claude.com, "Response headers"), and others without the name of what they count.
 */
const headerNames: Readonly<Record<Counted, readonly (readonly [remaining: string, reset: string])[]>> = {
  requests: [
    ["x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
    ["anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"],
    ["x-ratelimit-remaining", "x-ratelimit-reset"],
  ],
  tokens: [
    ["x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"],
    ["anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"],
  ],
};

const known = new WeakMap<object, Partial<Record<Counted, Left>>>();

/** Notes what the headers of a reply say about the limits of a client. A reset that is more than 60 s away is not waited for longer. */
export function noteLimitHeaders(client: object, headers: Headers): void {
  const now = Date.now();
  const left: Partial<Record<Counted, Left>> = { ...known.get(client) };
  for (const counted of ["requests", "tokens"] as const) {
    for (const [remaining, reset] of headerNames[counted]) {
      const count = numberIn(headers.get(remaining));
      const wait = resetIn(headers.get(reset), now);
      if (count === undefined || count < 0 || wait === undefined) continue; // Azure sends -1 for unknown
      left[counted] = { remaining: count, resetAt: now + Math.min(wait, longestWait) };
      break;
    }
  }
  known.set(client, left);
}

/** Counts a request before its reply says what is left. */
export function noteRequest(client: object, tokens: number): void {
  const { requests, tokens: ofTokens } = known.get(client) ?? {};
  if (requests !== undefined) requests.remaining--;
  if (ofTokens !== undefined) ofTokens.remaining -= tokens;
}

/** Returns the milliseconds until a provider allows a client the next request. */
export function providerWait(client: object, tokens: number): number {
  const { requests, tokens: ofTokens } = known.get(client) ?? {};
  return Math.max(waitFor(requests, 1), waitFor(ofTokens, Math.max(1, tokens)));
}

function waitFor(left: Left | undefined, amount: number): number {
  return left === undefined || left.remaining >= amount ? 0 : Math.max(0, left.resetAt - Date.now());
}

function numberIn(text: string | null): number | undefined {
  const number = text === null || text.trim() === "" ? Number.NaN : Number(text);
  return Number.isFinite(number) ? number : undefined;
}

/** Parses a reset, `1s`, `6m0s`, seconds, a Unix time in seconds or ms, or a date, as ms from now. */
function resetIn(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const number = numberIn(text);
  if (number !== undefined) {
    const ms = number > 1e11 ? number - now : number > 1e8 ? number * 1_000 - now : number * 1_000;
    return Math.max(0, ms);
  }
  const ms = parseDuration(text) ?? Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
