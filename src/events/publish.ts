import type { ModelCall } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";

/** A decision with the run that it belongs to. */
export interface DecisionEvent extends Decision {
  /** Same as `turnId` of the calls of the run. */
  readonly turnId: string;
}

/** A breaker opened, lets one request probe, or closed. */
export interface BreakerEvent {
  readonly state: "open" | "half_open" | "closed";
  /** Id of the model, or the name of its client. */
  readonly model: string;
  /** Error class that opened it. */
  readonly class?: string;
  /** Unix time of the first request that probes, ms. */
  readonly retryAt?: number;
}

/** A budget reached one of its shares, refused a call, or lost its store. */
export interface BudgetEvent {
  readonly kind: "share" | "refused" | "store_lost";
  /** Name of the budget; `maxCostUsd` for that of a run. Each publishes `refused` once a run. */
  readonly budget: string;
  /** The run whose `maxCostUsd` it is: `turnId` of its calls. */
  readonly turnId?: string;
  /** What `key` of the budget returned. */
  readonly key?: string;
  readonly limitUsd: number;
  /** Settled and reserved together. */
  readonly usedUsd: number;
  /** The reached share of the limit, of `onShare`. */
  readonly share?: number;
}

/** The second answers of a trained cascade equal the first more or less often than in its recordings. */
export interface DriftEvent {
  /** Models of the policy. */
  readonly policy: string;
  /** Second answers in this process that could be compared, and those equal to the first. */
  readonly live: { readonly compared: number; readonly agreed: number };
  /** The same on held-out recordings. */
  readonly recorded: { readonly compared: number; readonly agreed: number };
}

/** Events by name; each is also a channel of Node's `diagnostics_channel`, `langgraph-multimodel:call` and so on. */
export interface Events {
  readonly call: Readonly<ModelCall>;
  readonly decision: DecisionEvent;
  readonly breaker: BreakerEvent;
  readonly budget: BudgetEvent;
  readonly drift: DriftEvent;
}

interface Channel {
  readonly hasSubscribers: boolean;
  publish(message: unknown): void;
}

interface Channels {
  channel(name: string): Channel;
}

/** Node's module, which is not imported, so that the package runs where there is no Node. */
const diagnostics = globalThis.process?.getBuiltinModule?.("diagnostics_channel") as Channels | undefined;

const channelOf = (name: string) => diagnostics?.channel(`langgraph-multimodel:${name}`);

const channels: Readonly<Record<keyof Events, Channel | undefined>> = {
  call: channelOf("call"),
  decision: channelOf("decision"),
  breaker: channelOf("breaker"),
  budget: channelOf("budget"),
  drift: channelOf("drift"),
};

/** Functions that `subscribe` added. */
export const listeners: { readonly [Name in keyof Events]: Set<(event: Events[Name]) => void> } = {
  call: new Set(),
  decision: new Set(),
  breaker: new Set(),
  budget: new Set(),
  drift: new Set(),
};

/**
 * Publishes an event; costs nothing without a subscriber.
 *
 * @param make makes the event, a copy that a subscriber may keep
 */
export function publish<Name extends keyof Events>(name: Name, make: () => Events[Name]): void {
  const channel = channels[name];
  const heard = listeners[name];
  if (heard.size === 0 && channel?.hasSubscribers !== true) return;
  const event = make();
  channel?.publish(event);
  for (const listener of [...heard]) {
    try {
      const sent: unknown = listener(event);
      if (sent instanceof Promise) sent.catch(warn);
    } catch (error) {
      warn(error);
    }
  }
}

/** Calls a function of an observer, whose bugs must not end a run. */
export function observed(work: () => void): void {
  try {
    work();
  } catch (error) {
    warn(error);
  }
}

/** Reports a bug of a subscriber, which must not end a run or the process. */
function warn(error: unknown): void {
  globalThis.process?.emitWarning?.(error instanceof Error ? error : new Error(String(error)));
}
