import { CircuitOpenError } from "../errors/index.js";
import type { ResolvedModel } from "../models/resolve.js";
import { type Classified, classifyError } from "../resilience/classify-error.js";
import type { Next } from "../resilience/policy.js";
import { requestsWait, retryDelay, sleep } from "../resilience/retry.js";
import type { Steps } from "../state/steps.js";
import type { Answer } from "./answer.js";
import type { Attempt, AttemptOutcome } from "./attempt.js";
import { toCallError } from "./call-failure.js";
import { isControlFlow, isFault } from "./control-flow.js";
import { timeLeft } from "./means.js";
import { decide } from "./scope.js";

/** Repeats failed attempts as the entry's `retry` says; a call that fails for good ends in a `ModelCallError`. */
export async function retried(request: Attempt, next: Next<Attempt, Answer>): Promise<Answer> {
  const { model, messages, scope, options, stops } = request;
  let done: Steps = [];
  let { waitedMs: retryWaitMs } = request;
  for (let number = request.number; ; number++) {
    const classify = classifyOnce(model);
    const outcome: AttemptOutcome = { tokens: false, steps: [], ...(retryWaitMs && { waits: { retryWaitMs } }) };
    try {
      const answer = await next({ ...request, messages: [...messages, ...done], number, outcome, classify });
      const steps = [...done, ...(answer.steps ?? [])];
      return { ...answer, steps: steps.length > 0 ? steps : undefined };
    } catch (error) {
      if (isControlFlow(error, scope, options.signal)) throw error;
      if (CircuitOpenError.isInstance(error) && done.length + outcome.steps.length === 0) throw error;
      if (outcome.retryWithout && number-- > 0) continue; // a request without what the server refuses is not a retry
      done = [...done, ...outcome.steps];
      if (isFault(error)) throw error;
      const failed = classify(error);
      const failure = outcome.skippedWaitMs === undefined ? failed : { ...failed, retryAfterMs: outcome.skippedWaitMs };
      const seen = outcome.tokens && options.hasAlternative === true; // tokens were shown: another model gives the whole answer
      const wait = seen ? undefined : retryDelay(model.retry, number, failure);
      if (
        wait === undefined ||
        wait >= timeLeft(scope.means) ||
        (requestsWait(failure) && options.sooner?.(failure, wait) === true)
      ) {
        throw toCallError(error, failure, model, scope, done);
      }
      if (outcome.cutOff !== undefined) {
        decide(scope, {
          kind: "skip",
          chosen: scope.node,
          reason: `not retried after ${failure.class}: ${outcome.cutOff}`,
        });
        throw toCallError(error, failure, model, scope, done);
      }
      const since = performance.now();
      await sleep(wait, stops);
      retryWaitMs = performance.now() - since;
    }
  }
}

/** Classifies an error once, so that ledger, cool-down, latency and retry see the same class. */
export function classifyOnce({ entry }: ResolvedModel): (error: unknown) => Classified {
  let classified: { readonly error: unknown; readonly as: Classified } | undefined;
  return (error) => {
    if (classified?.error !== error) classified = { error, as: classifyError(error, entry.retry !== undefined) }; // a pattern is retried only if its entry sets `retry`
    return classified!.as;
  };
}
