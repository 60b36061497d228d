import { AsyncLocalStorage } from "node:async_hooks";
import { subscribe } from "../../events/subscribe.js";
import type { ModelCall } from "../../ledger/model-call.js";
import type { Decision } from "../../state/decision.js";
import type { ErrorReply } from "../request-error.js";

/** A run of the endpoint or of its page. */
export interface WatchedRun {
  /** `id` of the reply. */
  readonly id: string;
  /** Name the request chose, or the default. */
  readonly model: string;
  /** Whose key it was, by its position: `key 2`; `no key` if none is needed. */
  readonly caller: string;
  readonly question: string;
  /** Unix time, ms. */
  readonly startedAt: number;
}

/** How a run ended: with an answer, or with the reply of its failure. */
export type Outcome =
  | {
      readonly answer: string;
      readonly modelUsed?: string | undefined;
      /** Score of a verifier, or share of an ensemble's votes: 0..1. */
      readonly confidence?: number | null | undefined;
    }
  | { readonly failure: ErrorReply };

/** Follows the runs of one app; what it throws becomes an error of the run, so it must not throw. */
export interface RunObserver {
  began(run: WatchedRun): void;
  called(run: WatchedRun, call: Readonly<ModelCall>): void;
  decided?(run: WatchedRun, decision: Decision): void;
  refused?(run: WatchedRun, budget: string): void;
  ended(run: WatchedRun, outcome: Outcome, durationMs: number): void;
}

/** A run that has begun. */
export interface OpenRun {
  readonly run: WatchedRun;
  /** Attributes the calls and decisions of the work to this run. */
  within<Value>(work: () => Value): Value;
  /** Ends the run; has no effect the second time. */
  end(outcome: Outcome): void;
}

/** Begins a run; `undefined` where nothing follows the runs. */
export type Watch = ((run: Omit<WatchedRun, "startedAt">) => OpenRun) | undefined;

interface Current {
  readonly run: WatchedRun;
  readonly observers: readonly RunObserver[];
}

const current = new AsyncLocalStorage<Current>();
let hears = false;

/** Distributes events to the observers of the run that caused them. One subscription serves all apps, so that none outlives its app. */
function hear(): void {
  if (hears) return;
  hears = true;
  const toCurrent = (notify: (observer: RunObserver, run: WatchedRun) => void) => {
    const { run, observers } = current.getStore() ?? {};
    if (run !== undefined) for (const observer of observers!) notify(observer, run);
  };
  subscribe({
    onCall: (call) => toCurrent((observer, run) => observer.called(run, call)),
    onDecision: ({ turnId: _turn, ...decision }) => toCurrent((observer, run) => observer.decided?.(run, decision)),
    onBudget: ({ kind, budget }) => {
      if (kind === "refused") toCurrent((observer, run) => observer.refused?.(run, budget));
    },
  });
}

/** Makes what reports the runs of one app to its observers. */
export function watchRuns(observers: readonly RunObserver[]): Watch {
  if (observers.length === 0) return undefined;
  hear();
  return (begun) => {
    const run: WatchedRun = { ...begun, startedAt: Date.now() };
    const startedAt = performance.now();
    let open = true;
    for (const observer of observers) observer.began(run);
    return {
      run,
      within: (work) => current.run({ run, observers }, work),
      end: (outcome) => {
        if (!open) return;
        open = false;
        for (const observer of observers) observer.ended(run, outcome, performance.now() - startedAt);
      },
    };
  };
}
