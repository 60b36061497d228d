import { onAbort } from "../resilience/deadline.js";

/** Signal of one run. */
interface OwnSignal {
  readonly signal: AbortSignal;
  /** Stops listening to the caller's signal. */
  readonly release: () => void;
}

/**
 * Makes a signal for one run that fires with the caller's. LangGraph leaves a listener, and with it the run, on the signal it is given,
 * which a caller may use for many runs.
 */
export function ownSignal(given: AbortSignal): OwnSignal {
  const controller = new AbortController();
  if (given.aborted) controller.abort(given.reason);
  return { signal: controller.signal, release: onAbort(given, () => controller.abort(given.reason)) };
}

/** Passes a stream on, and calls a function when it ends. */
export async function* thenDo<Chunk>(stream: AsyncGenerator<Chunk>, ended: () => void): AsyncGenerator<Chunk> {
  try {
    yield* stream;
  } finally {
    ended();
  }
}

interface Events {
  readonly setMaxListeners: (count: number, target: AbortSignal) => void;
}

const events = globalThis.process?.getBuiltinModule?.("events") as Events | undefined;
const shared = new WeakSet<AbortSignal>();

/** Lets all tasks of a step listen to their signal. Node takes more than ten listeners for a leak and warns. */
export function shareSignal(signal: AbortSignal | undefined): void {
  if (signal === undefined || shared.has(signal)) return;
  shared.add(signal);
  events?.setMaxListeners(0, signal);
}
