import type { Next } from "../resilience/policy.js";
import type { Answer } from "./answer.js";
import type { Attempt } from "./attempt.js";
import { withinDeadline } from "./within-deadline.js";

/**
 * Ends a call, with its retries and waits, when the deadline of its run passes.
 *
 * @throws {DeadlineExceededError} when it has passed
 */
export async function deadlined(request: Attempt, next: Next<Attempt, Answer>): Promise<Answer> {
  const { scope, options, stops } = request;
  if (scope.means?.deadline === undefined) return next(request);
  return withinDeadline(scope, stops, (signal) =>
    next({ ...request, options: { ...options, signal }, stops: [...stops, signal] }),
  );
}
