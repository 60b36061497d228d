import { CircuitOpenError, isLimit, LimitReachedError, ModelCallError, NotAllowedError } from "../errors/index.js";
import type { ResolvedModel } from "../models/resolve.js";
import type { Classified } from "../resilience/classify-error.js";
import { retries } from "../resilience/retry.js";
import { redactError } from "../secrets/redact.js";
import type { Steps } from "../state/steps.js";
import type { Scope } from "./scope.js";

/** Returns false if a policy kept the request from being sent; such a call is not repeated after a wait. */
export function wasSent(error: ModelCallError): boolean {
  const isKept = CircuitOpenError.isInstance(error) || NotAllowedError.isInstance(error);
  return !isKept && !LimitReachedError.isInstance(error.cause);
}

/** Wraps an error with the model's path, its class and whether a retry may help. */
export function toCallError(
  error: unknown,
  failure: Classified,
  model: ResolvedModel,
  scope: Scope,
  steps: Steps,
): ModelCallError {
  if (ModelCallError.isInstance(error) && isLimit(error.class)) return error;
  const reason = redactError(error).split("\n\nTroubleshooting URL")[0]!;
  return new ModelCallError({
    path: scope.path,
    class: failure.class,
    cause: error,
    reason,
    movesOn: failure.movesOn,
    retryable: ModelCallError.isInstance(error) ? error.retryable : failure.retryable && !retries(model.retry),
    steps,
    ...(failure.status === undefined ? {} : { status: failure.status }),
    ...(failure.retryAfterMs === undefined ? {} : { retryAfterMs: failure.retryAfterMs }),
    ...(failure.class === "authentication" && model.keyVariable !== undefined
      ? { hint: `check ${model.keyVariable}` }
      : {}),
  });
}
