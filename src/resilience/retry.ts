import { errorClasses, InvalidOptionError } from "../errors/index.js";
import type { Classified } from "./classify-error.js";
import { withinLimits } from "./deadline.js";
import { longestWait } from "./retry-after.js";

/** Retries of one model before the next model is called. */
export interface RetryOptions {
  /** Attempts after the first one. @default 2, or the length of `backoff` */
  readonly maxRetries?: number;
  /** Waits in ms: `backoff[0]` before the first retry; the last one repeats. @default 500 doubling to 8000, full jitter */
  readonly backoff?: readonly number[];
}

/**
 * Returns the wait before a retry in ms, or `undefined` for no retry.
 *
 * Full jitter draws the wait from 0 to the exponential step (AWS Architecture Blog, "Exponential Backoff And Jitter", 2015). A wait
 * requested by the provider overrides it up to 60 s; above that there is no retry.
 *
 * @param attempt the attempt that just failed, counted from 1
 */
export function retryDelay(
  retry: RetryOptions | false | undefined,
  attempt: number,
  { class: kind, retryable, retryAfterMs }: Pick<Classified, "class" | "retryable" | "retryAfterMs">,
  random: () => number = Math.random,
): number | undefined {
  if (retry === false || !retryable) return undefined;
  if (attempt > Math.min(allowedBy(retry), errorClasses[kind].maxRetries ?? Infinity)) return undefined;
  if (retryAfterMs !== undefined) return retryAfterMs <= longestWait ? retryAfterMs : undefined;
  const fixed = retry?.backoff?.[attempt - 1] ?? retry?.backoff?.at(-1);
  return fixed ?? random() * Math.min(longestBackoff, 500 * 2 ** (attempt - 1));
}

/** Maximum default wait before a retry, in ms. */
export const longestBackoff = 8_000;

/** Returns true if a model is retried at all. */
export function retries(retry: RetryOptions | false | undefined): boolean {
  return retry !== false && allowedBy(retry) > 0;
}

/** Returns the most requests of one call, the first included. */
export function mostAttempts(retry: RetryOptions | false | undefined): number {
  return retry === false ? 1 : 1 + allowedBy(retry);
}

function allowedBy(retry: RetryOptions | undefined): number {
  return retry?.maxRetries ?? retry?.backoff?.length ?? 2;
}

/** Returns true for a rate limit, or a wait requested by the provider. */
export function requestsWait({ class: kind, retryAfterMs = 0 }: Pick<Classified, "class" | "retryAfterMs">): boolean {
  return kind === "rate_limit" || retryAfterMs > 0;
}

/** Throws if a retry setting is invalid. */
export function checkRetry(retry: RetryOptions | false | undefined, option: string): void {
  if (retry === undefined || retry === false) return;
  if (typeof retry !== "object" || retry === null) {
    throw new InvalidOptionError(option, retry, "give { maxRetries, backoff } or false");
  }
  const { maxRetries, backoff } = retry;
  if (maxRetries !== undefined && !(Number.isInteger(maxRetries) && maxRetries >= 0)) {
    throw new InvalidOptionError(`${option}.maxRetries`, maxRetries, "give a whole number of at least 0");
  }
  if (
    backoff !== undefined &&
    !(Array.isArray(backoff) && backoff.every((wait) => Number.isFinite(wait) && wait >= 0))
  ) {
    throw new InvalidOptionError(`${option}.backoff`, backoff, "give an array of waits in ms, each at least 0");
  }
}

/** Waits `ms`; throws the reason of any signal that aborts. */
export function sleep(ms: number, signals: readonly (AbortSignal | undefined)[]): Promise<void> {
  return withinLimits({}, signals, (signal) => {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    });
  });
}
