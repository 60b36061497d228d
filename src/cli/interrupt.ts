import { exitCode } from "./exit-code.js";

/** Work that Ctrl-C aborts. */
export interface Interruptible {
  readonly signal: AbortSignal;
  /** Stops listening for Ctrl-C. */
  done(): void;
}

/** Aborts a signal at the first Ctrl-C or SIGTERM, so that requests end cleanly; exits at the second one. */
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
