import { exitCode } from "./exit-code.js";

/** Work that Ctrl-C ends. */
export interface Interruptible {
  readonly signal: AbortSignal;
  /** Ctrl-C is no longer listened to. */
  done(): void;
}

/** The first Ctrl-C (or SIGTERM) aborts the signal, so that providers see it; the second one ends the process at once. */
export function interruptible(): Interruptible {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(exitCode.interrupted);
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, stop);
  return {
    signal: controller.signal,
    done: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
}
