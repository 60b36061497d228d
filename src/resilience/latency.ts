import { CallTimeoutError, errorClasses } from "../errors/index.js";
import { classifyError, type Observing } from "./classify-error.js";

/** Attempts kept per client; the newest takes the place of the oldest. */
const capacity = 64;
/** Milliseconds an attempt is remembered: an outage is forgotten after it, and its model tried again. */
const timeToLive = 5 * 60_000;

/** Milliseconds between the choice of a model nobody timed and the start of its attempt, at most. */
const claimTime = 10_000;

/** How fast a model answered lately. */
export interface ObservedLatency {
  /** Milliseconds. */
  readonly ms: number;
  /** False when so many calls ended without an answer that the true value is `ms` or more. */
  readonly answered: boolean;
  /** Calls it rests on. */
  readonly samples: number;
}

interface Attempt {
  readonly endedAt: number;
  readonly ms: number;
  readonly answered: boolean;
}

interface History {
  /** A ring: attempt n is at n modulo the capacity. */
  readonly ended: Attempt[];
  count: number;
  /** In the order they began. */
  readonly running: Set<{ readonly startedAt: number }>;
  /** When a run took on to try it, and has not begun yet. */
  claimedAt?: number | undefined;
}

const histories = new WeakMap<object, History>();

function historyOf(client: object): History {
  const history = histories.get(client) ?? { ended: [], count: 0, running: new Set() };
  histories.set(client, history);
  return history;
}

/**
 * Does one attempt on a client and remembers how long it took; shared by all graphs of this process that use the client.
 *
 * A time-out is remembered as an attempt that had no answer within its limit, another failure of the model as one that had none
 * when it ended. An attempt somebody stopped, or whose request was refused for what it holds, is not remembered.
 *
 * @param options.stops signals that end the attempt from outside
 */
export async function timed<T>(
  client: object,
  work: () => Promise<T>,
  { stops = [], classify = classifyError }: Observing = {},
): Promise<T> {
  const history = historyOf(client);
  const attempt = { startedAt: Date.now() };
  const elapsed = () => Math.max(0, Date.now() - attempt.startedAt); // a clock may be set back
  history.running.add(attempt);
  try {
    const value = await work();
    remember(history, elapsed(), true);
    return value;
  } catch (error) {
    const stopped = stops.some((signal) => signal?.aborted);
    if (!stopped && errorClasses[classify(error).class].modelFault) {
      remember(history, CallTimeoutError.isInstance(error) ? error.limit : elapsed(), false);
    }
    throw error;
  } finally {
    history.running.delete(attempt);
    history.claimedAt = undefined;
  }
}

/** Takes on to find out how fast a client is that nobody timed lately; false while another run is at it. */
export function claimProbe(client: object): boolean {
  const history = historyOf(client);
  const now = Date.now();
  const isRecent = (time: number | undefined, span: number) => time !== undefined && Math.abs(now - time) < span;
  const running = [...history.running].some(({ startedAt }) => isRecent(startedAt, timeToLive));
  if (running || isRecent(history.claimedAt, claimTime)) return false;
  history.claimedAt = now;
  return true;
}

function remember(history: History, ms: number, answered: boolean): void {
  history.ended[history.count++ % capacity] = { endedAt: Date.now(), ms, answered };
}

/**
 * Reads within how many ms a share of the latest attempts on a client was answered; `undefined` when there were none.
 *
 * Attempts without an answer rank behind all others whatever their limit was, so a model that always times out after 1 s
 * is not one that answers within 1 s.
 *
 * @param percentile 0..1, by nearest rank
 * @param options.patience ms after which an attempt that is still under way counts as one without an answer
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
  const rank = Math.max(0, Math.ceil(percentile * samples - 1e-9) - 1); // 0.07 * 100 is a little over 7
  const slowest = answered.at(-1) ?? 0;
  return rank < answered.length
    ? { ms: ranked[rank]!, answered: true, samples }
    : { ms: Math.max(ranked[rank]!, slowest), answered: false, samples };
}

const ascending = (one: number, other: number) => one - other;
