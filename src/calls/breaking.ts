import { CircuitOpenError } from "../errors/index.js";
import type { ResolvedModel } from "../models/resolve.js";
import { describeBreaker, openBreaker, withBreaker } from "../resilience/breaker.js";
import { noteBreaker } from "../resilience/breaker-states.js";
import type { Policy } from "../resilience/policy.js";
import { shownName } from "../secrets/redact.js";
import type { Answer } from "./answer.js";
import type { Attempt } from "./attempt.js";

/**
 * Counts how attempts end. While the breaker is open, a model that stands alone is not called, and no model is retried; the last
 * resort of a chain is called all the same.
 */
export function breaking({ breaker, sharedBreaker, modelId }: ResolvedModel): Policy<Attempt, Answer> | undefined {
  if (breaker === undefined) return undefined;
  return async (request, next) => {
    const { client, scope, outcome, stops, classify } = request;
    const model = shownName(modelId ?? scope.node);
    noteBreaker(client, model, breaker);
    const learning = sharedBreaker?.learn(client);
    if (learning !== undefined) await learning;
    const refusal = refusedByBreaker(request);
    if (refusal !== undefined) throw refusal;
    try {
      return await withBreaker(client, () => next(request), breaker, { stops, classify, model, ...sharedBreaker });
    } catch (error) {
      const opened = openBreaker(client, breaker);
      if (opened !== undefined) outcome.cutOff = describeBreaker(opened);
      throw error;
    }
  };
}

/** Returns the error of a call that an open breaker refuses, because no other model can take it. */
export function refusedByBreaker({ model, client, scope, options }: Attempt): CircuitOpenError | undefined {
  const open = model.breaker && openBreaker(client, model.breaker);
  if (open === undefined || options.others?.() === "down") return undefined;
  return new CircuitOpenError({
    ...{ path: scope.path, model: shownName(model.modelId ?? scope.node), retryAt: open.retryAt, class: open.class },
    ...{ cause: open.cause, reason: `${describeBreaker(open)}, and no other model can take the call` },
  });
}
