import { InvalidOptionError } from "../errors/index.js";
import { breakerGuard } from "../resilience/breaker.js";
import { type BreakerSettings, breakerSettings } from "../resilience/breaker-options.js";
import { type SharedBreaker, sharedBreaker } from "../resilience/breaker-store.js";
import { coolDownGuard } from "../resilience/cooldown.js";
import type { Guard } from "../resilience/guard.js";
import type { LimitOptions } from "../resilience/limit-options.js";
import { type Limiter, limiterOf } from "../resilience/limiter.js";
import type { ClientFacts } from "./client.js";
import type { ModelEntry } from "./model.js";

/** What keeps calls from a model for a while. */
export interface Protection {
  /** Room for calls under `limit`; `undefined` without one. */
  readonly limiter: Limiter | undefined;
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
  const limiter = limiterFor(limit);
  const waits = [coolDownGuard(coolDown), ...(limiter === undefined ? [] : [limiter])];
  const breaker = options === undefined && kind !== "chat" ? undefined : breakerSettings(options);
  if (breaker === undefined) return { limiter, breaker, sharedBreaker: undefined, guards: waits };
  const { store, key = provider && facts.modelId && `${provider} ${facts.modelId}` } = options || {};
  if (store !== undefined && key === undefined) {
    const expected = "name the model in the store, since its client has no id";
    throw new InvalidOptionError(`${option}.breaker.key`, key, expected);
  }
  const shared = store && sharedBreaker(store, key!, breaker);
  return { limiter, breaker, sharedBreaker: shared, guards: [breakerGuard(breaker), ...waits] };
}

/** Limiters by `limit` object, shared by entries copied with a spread. */
const limiters = new WeakMap<object, Limiter>();

function limiterFor(limit: LimitOptions | undefined): Limiter | undefined {
  if (limit === undefined) return undefined;
  const limiter = limiters.get(limit) ?? limiterOf(limit);
  limiters.set(limit, limiter);
  return limiter;
}
