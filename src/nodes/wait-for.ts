import { isSoonerAround, type Scope, type Sooner, siblingPath } from "../calls/scope.js";
import { errorClasses, type Failure } from "../errors/index.js";
import { longestBackoff, requestsWait, retryDelay } from "../resilience/retry.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import type { Tier } from "./next-model.js";
import { lookAhead, type NextOptions } from "./next-options.js";

/** A model that was asked, was to be left alone for a while, and has retries left. */
export interface Waiting {
  readonly tier: Tier;
  /** Milliseconds until it may be asked again. */
  readonly waitMs: number;
  /** Attempts on it so far. */
  readonly attempts: number;
}

type Walked = Pick<OrchestrationState, "calls" | "failures">;

/** Gives up a call whose failure costs the run little, where its provider asks for more than a retry usually waits. */
export const impatient: Sooner = ({ retryAfterMs }, waitMs) => retryAfterMs !== undefined && waitMs > longestBackoff;

/**
 * Gives up a call where the way on from its failure has a model that can answer at once, or where it leads to no answer and a model
 * beside the run around can answer sooner.
 */
export function soonerNext(scope: Scope, nextOptions: NextOptions, state: OrchestrationState): Sooner {
  return (failure, waitMs) =>
    lookAhead(scope, nextOptions, state).waitMs === 0 ||
    (nextOptions.otherwise === undefined && isSoonerAround(scope, failure, waitMs));
}

/** The model that can be asked again first, of those a run has moved on from instead of waiting for them. */
export function firstToWaitFor(tiers: readonly Tier[], state: Walked, scope: Scope): Waiting | undefined {
  return tiers
    .flatMap((tier) => waitingFor(tier, state, scope) ?? [])
    .reduce<Waiting | undefined>((best, each) => (best && best.waitMs <= each.waitMs ? best : each), undefined);
}

function waitingFor(tier: Tier, { calls, failures }: Walked, scope: Scope): Waiting | undefined {
  const ofTier = failures.filter(({ name }) => name === tier.name);
  const failure = ofTier.at(-1);
  if (failure === undefined || !requestsWait(failure)) return undefined;
  const path = siblingPath(scope, tier.name);
  const asked = [...calls, ...scope.ledger.calls].filter((call) => call.path === path && call.role === "answer");
  const attempts = Math.max(ofTier.length, asked.length - 1 - asked.findLastIndex(({ status }) => status === "ok"));
  const delay = delayAfter(failure, tier, attempts);
  if (delay === undefined) return undefined;
  const { startedAt, latencyMs } = asked.at(-1) ?? { startedAt: Date.now(), latencyMs: 0 };
  const since = Math.max(0, Date.now() - startedAt - latencyMs); // a clock may be set back
  return { tier, attempts, waitMs: Math.max(0, delay - since) };
}

function delayAfter(failure: Failure, { model }: Tier, attempts: number): number | undefined {
  const gaveWay = model.kind === "pattern" && failure.retryAfterMs !== undefined; // it did not wait, and has its own retries left
  const retryable = gaveWay || errorClasses[failure.class].retryable; // whatever it ended in then, such as no route
  return retryDelay(gaveWay ? { maxRetries: 1 } : model.retry, attempts, { ...failure, retryable }, () => 1); // without jitter: it was not drawn for this wait
}
