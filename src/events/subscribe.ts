import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import {
  type BreakerEvent,
  type BudgetEvent,
  type DecisionEvent,
  type DriftEvent,
  type Events,
  listeners,
} from "./publish.js";

/** What `subscribe` calls, each with one event. */
export interface Subscriptions {
  /** A call of a model ended, in whatever way: its line in the ledger. */
  readonly onCall?: (call: Events["call"]) => void;
  readonly onDecision?: (decision: DecisionEvent) => void;
  readonly onBreaker?: (event: BreakerEvent) => void;
  readonly onBudget?: (event: BudgetEvent) => void;
  /** Answers of a trained cascade agree more or less often than in its recordings; once for each verifier. */
  readonly onDrift?: (event: DriftEvent) => void;
}

const names = {
  onCall: "call",
  onDecision: "decision",
  onBreaker: "breaker",
  onBudget: "budget",
  onDrift: "drift",
} as const;

/**
 * Calls functions on every call, decision, breaker, budget and drift event of all runs in this process.
 *
 * **When to use** - alerts and counters of an operator: a breaker that opened, a budget at 80 %, a model that fails more than usual.
 *
 * **Gotchas** - the functions run inside the run that caused the event, so keep them short; an error they throw, or a promise of
 * theirs that rejects, becomes a process warning, not an error of the run. Calls are reported when they end, so a paused run reports those that ended. Node's `diagnostics_channel` has
 * the same events as `langgraph-multimodel:call`, `:decision`, `:breaker`, `:budget` and `:drift`.
 *
 * @returns a function that ends the subscription
 * @example
 * ```ts
 * const unsubscribe = subscribe({
 *   onBreaker: ({ model, state }) => console.warn(`${model}: breaker ${state}`),
 *   onBudget: ({ budget, usedUsd, limitUsd }) => console.warn(`${budget}: $${usedUsd} of $${limitUsd}`),
 * });
 * unsubscribe();
 * ```
 * @throws {InvalidOptionError} when a name is unknown or its value is not a function
 */
export function subscribe(subscriptions: Subscriptions): () => void {
  if (typeof subscriptions !== "object" || subscriptions === null) {
    throw new InvalidOptionError("subscribe", subscriptions, `give functions: { ${Object.keys(names).join(", ")} }`);
  }
  checkKeys(subscriptions, "subscribe", Object.keys(names) as (keyof typeof names)[]);
  const given = Object.entries(subscriptions).filter(([, listener]) => listener !== undefined);
  for (const [name, listener] of given) {
    if (typeof listener !== "function") throw new InvalidOptionError(`subscribe.${name}`, listener, "give a function");
  }
  const undo = given.map(([name, listener]) => {
    const heard = listeners[names[name as keyof typeof names]] as Set<unknown>;
    const own = (event: unknown) => (listener as (event: unknown) => void)(event); // the same function may be given twice
    heard.add(own);
    return () => heard.delete(own);
  });
  return () => {
    for (const end of undo) end();
  };
}
