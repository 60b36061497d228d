import { type ErrorClass, errorClasses } from "../errors/index.js";
import { type BreakerChanges, openElsewhere } from "./breaker.js";
import type { BreakerSettings } from "./breaker-options.js";
import { isRecent } from "./probes.js";
import { inTime, type Store } from "./store.js";

/** Milliseconds between two looks at a store. */
const lookEvery = 1_000;

/** Breakers of one model in several processes. */
export interface SharedBreaker extends BreakerChanges {
  /** Learns of a breaker that another process opened. Only the first look is waited for, as long as the store allows; later ones run beside the call. */
  learn(client: object): Promise<void> | undefined;
}

/** Makes the shared side of a breaker. */
export function sharedBreaker(store: Store, key: string, { openMs }: Pick<BreakerSettings, "openMs">): SharedBreaker {
  const name = `breaker:${key}`;
  let lookedAt: number | undefined;
  const look = async (client: object) => {
    const text = await inTime(store, () => store.get(name));
    const opening = text === undefined ? undefined : readOpening(text);
    if (opening !== undefined) openElsewhere(client, opening);
  };
  return {
    opened: ({ class: kind, at, waitMs }) => {
      void inTime(store, () => store.set(name, JSON.stringify({ class: kind, at, waitMs }), Math.max(openMs, waitMs)));
    },
    closed: () => {
      void inTime(store, () => store.delete(name));
    },
    learn: (client) => {
      if (isRecent(lookedAt, lookEvery)) return undefined;
      const first = lookedAt === undefined;
      lookedAt = Date.now();
      const looking = look(client);
      return first ? looking : undefined;
    },
  };
}

/** Reads what another process, perhaps of another version, wrote. */
function readOpening(text: string): { class: ErrorClass; at: number; waitMs: number } | undefined {
  try {
    const { class: kind, at, waitMs } = Object(JSON.parse(text)) as Record<string, unknown>;
    if (typeof kind !== "string" || !Object.hasOwn(errorClasses, kind)) return undefined;
    return Number.isFinite(at) && Number.isFinite(waitMs)
      ? { class: kind as ErrorClass, at: at as number, waitMs: waitMs as number }
      : undefined;
  } catch {
    return undefined;
  }
}
