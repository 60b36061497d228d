import { CallTimeoutError } from "../errors/index.js";

/** Maximum ms of a timer; `setTimeout` fires at once above it (WHATWG HTML, "timers"). */
export const longestTimer = 2 ** 31 - 1;

/** Limits of one attempt in ms; no limit above 24 days. */
export interface TimeLimits {
  readonly timeout?: number;
  readonly firstTokenTimeout?: number;
}

/**
 * Runs `work` with a signal that fires with any source or when a limit is over, and then rejects even if the work ignores the signal.
 *
 * @param work receives the signal, and a function to call on the first token
 */
export async function withinLimits<T>(
  limits: TimeLimits,
  sources: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal, firstToken: () => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const { signal } = controller;
  const undo: (() => void)[] = [];
  for (const source of sources) {
    if (source === undefined) continue;
    if (source.aborted) controller.abort(source.reason);
    undo.push(onAbort(source, () => controller.abort(source.reason)));
  }
  const limit = (kind: "timeout" | "firstTokenTimeout", ms: number | undefined) => {
    if (ms === undefined || ms > longestTimer) return () => {};
    const timer = setTimeout(() => controller.abort(new CallTimeoutError(kind, ms)), ms);
    undo.push(() => clearTimeout(timer));
    return () => clearTimeout(timer);
  };
  limit("timeout", limits.timeout);
  const firstToken = limit("firstTokenTimeout", limits.firstTokenTimeout);
  try {
    signal.throwIfAborted();
    const aborted = new Promise<never>((_, reject) => {
      undo.push(onAbort(signal, () => reject(signal.reason)));
    });
    return await Promise.race([work(signal, firstToken), aborted]);
  } finally {
    for (const step of undo) step();
  }
}

/** Listeners of each signal behind a single event listener, since Node warns of a leak from the eleventh on. */
const listeners = new WeakMap<AbortSignal, { readonly all: Set<() => void>; readonly notify: () => void }>();

/** Listens to a signal until the returned function is called. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const shared = listeners.get(signal) ?? listenTo(signal);
  const own = () => listener(); // the same function may be added twice
  shared.all.add(own);
  return () => {
    shared.all.delete(own);
    if (shared.all.size > 0 || listeners.get(signal) !== shared) return;
    signal.removeEventListener("abort", shared.notify);
    listeners.delete(signal);
  };
}

function listenTo(signal: AbortSignal) {
  const all = new Set<() => void>();
  const notify = () => {
    for (const listener of [...all]) if (all.has(listener)) listener(); // one of them may end what another one listens for
  };
  signal.addEventListener("abort", notify, { once: true });
  const shared = { all, notify };
  listeners.set(signal, shared);
  return shared;
}
