import { hasOpened, openBreaker } from "./breaker.js";
import type { BreakerSettings } from "./breaker-options.js";
import { WeakList } from "./weak-list.js";

/** State of the breaker of a model now. */
export interface BreakerState {
  /** Id of the model, or the name of its client, as in breaker events. */
  readonly model: string;
  readonly state: "closed" | "half_open" | "open";
  /** Error class that opened it. */
  readonly class?: string;
  /** Unix time of the first request that probes, ms. */
  readonly retryAt?: number;
}

const clients = new WeakList<object>();
const known = new WeakMap<object, { readonly model: string; readonly settings: Pick<BreakerSettings, "openMs"> }>();

/** Notes a client that is called, so that its breaker is listed. */
export function noteBreaker(client: object, model: string, settings: Pick<BreakerSettings, "openMs">): void {
  if (known.has(client)) return;
  known.set(client, { model, settings });
  clients.add(client);
}

const order = ["closed", "half_open", "open"] as const;

/** Lists the breakers of all models that this process called; of several clients of one model, the worst state. */
export function breakerStates(): readonly BreakerState[] {
  const states = new Map<string, BreakerState>();
  for (const client of clients) {
    const { model, settings } = known.get(client)!;
    const state = stateOf(client, model, settings);
    const before = states.get(model);
    if (before === undefined || order.indexOf(before.state) < order.indexOf(state.state)) states.set(model, state);
  }
  return [...states.values()];
}

function stateOf(client: object, model: string, settings: Pick<BreakerSettings, "openMs">): BreakerState {
  if (!hasOpened(client)) return { model, state: "closed" };
  const { ms = 0, class: kind, retryAt } = openBreaker(client, settings) ?? {};
  if (ms === 0) return { model, state: "half_open" };
  return { ...{ model, state: "open", retryAt: retryAt! }, ...(kind && { class: kind }) };
}
