import type { Sooner } from "../calls/nesting.js";
import { isSoonerAround, type Scope, siblingPath } from "../calls/scope.js";
import { errorClasses, type Failure } from "../errors/index.js";
import { longestBackoff, requestsWait, retryDelay } from "../resilience/retry.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import type { Tier } from "./next-model.js";
import { lookAhead, type NextOptions } from "./next-options.js";

/** Failed model that asked for a wait and has retries left. */
export interface Waiting {
  readonly tier: Tier;
  /** Milliseconds until the next call is allowed. */
  readonly waitMs: number;
  readonly attempts: number;
}

type PastCalls = Pick<OrchestrationState, "calls" | "failures">;

/** Gives up a call that the run can do without, if its provider asks for a longer wait than the longest backoff. */
export const impatient: Sooner = ({ retryAfterMs }, waitMs) => retryAfterMs !== undefined && waitMs > longestBackoff;

/**
 * Gives up a call if a next model is healthy, or if the run would end without an answer and a model outside the run can answer
 * sooner.
 */
export function soonerNext(scope: Scope, nextOptions: NextOptions, state: OrchestrationState): Sooner {
  return (failure, waitMs) =>
    lookAhead(scope, nextOptions, state).waitMs === 0 ||
    (nextOptions.otherwise === undefined && isSoonerAround(scope, failure, waitMs));
}

export function firstToWaitFor(tiers: readonly Tier[], state: PastCalls, scope: Scope): Waiting | undefined {
  return tiers
    .flatMap((tier) => waitingFor(tier, state, scope) ?? [])
    .reduce<Waiting | undefined>((best, each) => (best && best.waitMs <= each.waitMs ? best : each), undefined);
}

function waitingFor(tier: Tier, { calls, failures }: PastCalls, scope: Scope): Waiting | undefined {
  const ofTier = failures.filter(({ name }) => name === tier.name);
  const failure = ofTier.at(-1);
  if (failure === undefined || !requestsWait(failure)) return undefined;
  const path = siblingPath(scope, tier.name);
  const asked = [...calls, ...scope.ledger.calls].filter(
    (call) => call.path === path && (call.role === "answer" || call.role === "shadow"),
  );
  const attempts = Math.max(ofTier.length, asked.length - 1 - asked.findLastIndex(({ status }) => status === "ok"));
  const delay = delayAfter(failure, tier, attempts);
  if (delay === undefined) return undefined;
  const { startedAt, latencyMs } = asked.at(-1) ?? { startedAt: Date.now(), latencyMs: 0 };
  const since = Math.max(0, Date.now() - startedAt - latencyMs); // the clock may be set back
  return { tier, attempts, waitMs: Math.max(0, delay - since) };
}

function delayAfter(failure: Failure, { model }: Tier, attempts: number): number | undefined {
  const gaveWay = model.kind === "pattern" && failure.retryAfterMs !== undefined; // the pattern failed without waiting, so its own retries are left
  const retryable = gaveWay || errorClasses[failure.class].retryable; // even if the pattern ended in another class, such as `no_route`
  return retryDelay(gaveWay ? { maxRetries: 1 } : model.retry, attempts, { ...failure, retryable }, () => 1); // without jitter
}
