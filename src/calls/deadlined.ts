import { DeadlineExceededError } from "../errors/index.js";
import { longestTimer, withinLimits } from "../resilience/deadline.js";
import type { Next } from "../resilience/policy.js";
import type { Answer } from "./answer.js";
import type { Attempt } from "./attempt.js";
import { type Deadline, timeLeft } from "./means.js";

/**
 * Ends a call, with its retries and waits, when the deadline of its run passes.
 *
 * @throws {DeadlineExceededError} when it has passed
 */
export async function deadlined(request: Attempt, next: Next<Attempt, Answer>): Promise<Answer> {
  const { scope, options, stops } = request;
  const { deadline } = scope.means ?? {};
  if (deadline === undefined) return next(request);
  const late = deadlineError(deadline, scope.path);
  const left = timeLeft(scope.means);
  if (left <= 0) throw late;
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(late), Math.min(left, longestTimer));
  try {
    return await withinLimits({}, [options.signal, timer.signal], (signal) =>
      next({ ...request, options: { ...options, signal }, stops: [...stops, signal] }),
    );
  } catch (error) {
    if (stops.some((stop) => stop?.aborted)) throw error;
    throw timer.signal.aborted ? late : error;
  } finally {
    clearTimeout(timeout);
  }
}

/** Makes the error of a deadline that has passed. */
export function deadlineError({ ms }: Deadline, path: string, cause?: unknown): DeadlineExceededError {
  const reason = `the deadline of ${ms} ms has passed`;
  return new DeadlineExceededError({ path, reason, ...(cause !== undefined && { cause }) }, ms);
}
