import { CallTimeoutError } from "../errors/index.js";

/** The longest time a timer can hold, in ms: `setTimeout` fires at once beyond it (WHATWG HTML, "timers"). */
const longestTimer = 2 ** 31 - 1;

/** Ms limits of one attempt; one above 24 days (`Infinity` too) is none. */
export interface TimeLimits {
  readonly timeout?: number;
  readonly firstTokenTimeout?: number;
}

/**
 * Runs `work` under a signal that fires when a source does or when a limit is over, and stops waiting for it then, even if
 * the work ignores the signal.
 *
 * @param work gets the signal, and a function to call when the first token came
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

/** Listeners of each signal, behind one of its own: Node warns of a leak from the eleventh on, and lanes are many. */
const listeners = new WeakMap<AbortSignal, { readonly all: Set<() => void>; readonly notify: () => void }>();

/** Listens to a signal until the returned function is called; all calls of a run listen to the same one. */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  const shared = listeners.get(signal) ?? listenTo(signal);
  const own = () => listener(); // the same function may listen twice
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
    for (const listener of [...all]) listener();
  };
  signal.addEventListener("abort", notify, { once: true });
  const shared = { all, notify };
  listeners.set(signal, shared);
  return shared;
}
