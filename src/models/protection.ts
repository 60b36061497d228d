import { InvalidOptionError } from "../errors/index.js";
import { breakerGuard } from "../resilience/breaker.js";
import { type BreakerSettings, breakerSettings } from "../resilience/breaker-options.js";
import { type SharedBreaker, sharedBreaker } from "../resilience/breaker-store.js";
import { coolDownGuard } from "../resilience/cooldown.js";
import { withinLimits } from "../resilience/deadline.js";
import type { Guard } from "../resilience/guard.js";
import { type Slots, slotsFor } from "../resilience/slots.js";
import type { ClientFacts } from "./client.js";
import type { ModelEntry } from "./model.js";

/** What keeps calls from a model for a while. */
export interface Protection {
  /** Runs work once a slot of `limit.concurrency` is free; `undefined` without that limit. */
  readonly slot: (<T>(work: () => Promise<T>, stops: readonly (AbortSignal | undefined)[]) => Promise<T>) | undefined;
  /** Settings of the breaker; `undefined` if it is switched off. */
  readonly breaker: BreakerSettings | undefined;
  /** The breaker of the model in other processes, if it has a store. */
  readonly sharedBreaker: SharedBreaker | undefined;
  /** Reasons to skip the model, the first one that applies is named. */
  readonly guards: readonly Guard[];
}

interface Protected {
  readonly entry: ModelEntry;
  readonly kind: "chat" | "pattern" | "opaque";
  readonly facts: Pick<ClientFacts, "modelId" | "providerAddress">;
}

/**
 * Returns the protection of an entry; a breaker is on by default for chat models.
 *
 * @throws {InvalidOptionError} when a breaker has a store and neither its client nor the entry names the model
 */
export function protectionOf({ entry, kind, facts }: Protected, option: string): Protection {
  const { breaker: options, coolDown, limit, provider = facts.providerAddress } = entry;
  const slot = slots(limit);
  const cooling = coolDownGuard(coolDown);
  const breaker = options === undefined && kind !== "chat" ? undefined : breakerSettings(options);
  if (breaker === undefined) return { slot, breaker, sharedBreaker: undefined, guards: [cooling] };
  const { store, key = provider && facts.modelId && `${provider} ${facts.modelId}` } = options || {};
  if (store !== undefined && key === undefined) {
    const expected = "name the model in the store, since its client has no id";
    throw new InvalidOptionError(`${option}.breaker.key`, key, expected);
  }
  const shared = store && sharedBreaker(store, key!, breaker);
  return { slot, breaker, sharedBreaker: shared, guards: [cooling, breakerGuard(breaker)] };
}

/** Slots by `limit` object, shared by entries copied with a spread. */
const limits = new WeakMap<object, Slots>();

/** Returns the slots of an entry; an abort ends the wait. */
function slots(given: ModelEntry["limit"]): Protection["slot"] {
  if (given?.concurrency === undefined) return undefined;
  const limit = limits.get(given) ?? slotsFor(given.concurrency);
  limits.set(given, limit);
  return (work, stops) => withinLimits({}, stops, () => limit(work));
}
