import { CallTimeoutError, errorClasses } from "../errors/index.js";
import { classifyError, type ObserveOptions } from "./classify-error.js";
import { OutrunError } from "./outrun-error.js";
import { isRecent } from "./probes.js";

/** Attempts kept per client; a new one replaces the oldest. */
const capacity = 64;
/** Milliseconds an attempt is kept, so that a model is tried again after an outage. */
const timeToLive = 5 * 60_000;

/** Milliseconds until a claimed probe that did not start counts as lost. */
const claimTime = 10_000;

/** Recent latency of a model. */
export interface ObservedLatency {
  /** Milliseconds. */
  readonly ms: number;
  /** False if calls without an answer make `ms` only a lower bound. */
  readonly answered: boolean;
  /** Number of measured calls. */
  readonly samples: number;
}

interface Attempt {
  readonly endedAt: number;
  readonly ms: number;
  readonly answered: boolean;
}

interface History {
  /** Ring buffer: attempt n is at n modulo the capacity. */
  readonly ended: Attempt[];
  count: number;
  /** Running attempts in start order. */
  readonly running: Set<{ readonly startedAt: number }>;
  /** Time of a claim whose probe has not started. */
  claimedAt?: number | undefined;
}

const histories = new WeakMap<object, History>();

function historyOf(client: object): History {
  const history = histories.get(client) ?? { ended: [], count: 0, running: new Set() };
  histories.set(client, history);
  return history;
}

/**
 * Runs one attempt on a client and records its latency, for all graphs of this process.
 *
 * Failures of the model count as attempts without an answer: a timeout with its limit, others with their duration, and so do requests
 * that a second one outran. Other aborted attempts and invalid requests are not recorded.
 */
export async function withLatency<T>(
  client: object,
  work: () => Promise<T>,
  { stops = [], classify = classifyError }: ObserveOptions = {},
): Promise<T> {
  const history = historyOf(client);
  const attempt = { startedAt: Date.now() };
  const elapsed = () => Math.max(0, Date.now() - attempt.startedAt); // the clock may be set back
  history.running.add(attempt);
  try {
    const value = await work();
    remember(history, elapsed(), true);
    return value;
  } catch (error) {
    const stopped = stops.some((signal) => signal?.aborted);
    if (stops.some((signal) => signal?.reason instanceof OutrunError)) remember(history, elapsed(), false);
    else if (!stopped && errorClasses[classify(error).class].modelFault) {
      remember(history, CallTimeoutError.isInstance(error) ? error.limit : elapsed(), false);
    }
    throw error;
  } finally {
    history.running.delete(attempt);
    history.claimedAt = undefined;
  }
}

/** Claims the measurement of a client without recent data; false while another run has claimed it. */
export function claimLatencyProbe(client: object): boolean {
  if (!canProbeLatency(client)) return false;
  historyOf(client).claimedAt = Date.now();
  return true;
}

/** Returns what a claim would, without claiming. */
export function canProbeLatency(client: object): boolean {
  const { running, claimedAt } = historyOf(client);
  return ![...running].some(({ startedAt }) => isRecent(startedAt, timeToLive)) && !isRecent(claimedAt, claimTime);
}

function remember(history: History, ms: number, answered: boolean): void {
  history.ended[history.count++ % capacity] = { endedAt: Date.now(), ms, answered };
}

/**
 * Returns a latency percentile of the recent attempts on a client; `undefined` without attempts.
 *
 * Attempts without an answer rank last, so that a model that always times out after 1 s does not seem to answer within 1 s.
 *
 * @param percentile 0..1, by nearest rank
 * @param options.patience ms after which a running attempt counts as unanswered
 */
export function observedLatency(
  client: object,
  percentile: number,
  { patience = Infinity }: { readonly patience?: number | undefined } = {},
): ObservedLatency | undefined {
  const history = histories.get(client);
  if (history === undefined) return undefined;
  const now = Date.now();
  const answered: number[] = [];
  const unanswered: number[] = [];
  for (const attempt of history.ended) {
    if (now - attempt.endedAt < timeToLive) (attempt.answered ? answered : unanswered).push(attempt.ms);
  }
  for (const { startedAt } of history.running) {
    if (now - startedAt <= patience) break;
    if (now - startedAt < timeToLive) unanswered.push(now - startedAt);
  }
  const samples = answered.length + unanswered.length;
  if (samples === 0) return undefined;
  const ranked = [...answered.sort(ascending), ...unanswered.sort(ascending)];
  const rank = Math.max(0, Math.ceil(percentile * samples - 1e-9) - 1); // 0.07 * 100 exceeds 7 in floating point
  const slowest = answered.at(-1) ?? 0;
  return rank < answered.length
    ? { ms: ranked[rank]!, answered: true, samples }
    : { ms: Math.max(ranked[rank]!, slowest), answered: false, samples };
}

const ascending = (one: number, other: number) => one - other;
