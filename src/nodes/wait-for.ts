import { besidePath, type Site } from "../calls/scope.js";
import { errorClasses, type Failure } from "../errors/index.js";
import { asksToWait, retryDelay } from "../resilience/retry.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import type { Rung } from "./next-model.js";

/** A model that was asked, was to be left alone for a while, and has retries left. */
export interface Waiting {
  readonly rung: Rung;
  /** Milliseconds until it may be asked again. */
  readonly waitMs: number;
  /** Attempts on it so far. */
  readonly attempts: number;
}

type Walked = Pick<OrchestrationState, "calls" | "failures">;

/** The model that can be asked again first, of those a run has moved on from instead of waiting for them. */
export function firstToWaitFor(rungs: readonly Rung[], state: Walked, site: Site): Waiting | undefined {
  return rungs
    .flatMap((rung) => waitingFor(rung, state, site) ?? [])
    .reduce<Waiting | undefined>((best, each) => (best && best.waitMs <= each.waitMs ? best : each), undefined);
}

function waitingFor(rung: Rung, { calls, failures }: Walked, site: Site): Waiting | undefined {
  const ofRung = failures.filter(({ name }) => name === rung.name);
  const failure = ofRung.at(-1);
  if (failure === undefined || !asksToWait(failure)) return undefined;
  const path = besidePath(site, rung.name);
  const asked = [...calls, ...site.ledger.calls].filter((call) => call.path === path && call.role === "answer");
  const attempts = Math.max(ofRung.length, asked.length - 1 - asked.findLastIndex(({ status }) => status === "ok"));
  const delay = delayAfter(failure, rung, attempts);
  if (delay === undefined) return undefined;
  const { startedAt, latencyMs } = asked.at(-1) ?? { startedAt: Date.now(), latencyMs: 0 };
  const since = Math.max(0, Date.now() - startedAt - latencyMs); // a clock may be set back
  return { rung, attempts, waitMs: Math.max(0, delay - since) };
}

function delayAfter(failure: Failure, { model }: Rung, attempts: number): number | undefined {
  const { retryable } = errorClasses[failure.class];
  const gaveWay = model.kind === "pattern" && failure.retryAfterMs !== undefined; // it did not wait, and has its own retries left
  return retryDelay(gaveWay ? { maxRetries: 1 } : model.retry, attempts, { ...failure, retryable }, () => 1); // without jitter: it was not drawn for this wait
}
