import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { isStore, type Store } from "./store.js";

/** Limits of the calls of a model, shared by all entries with the same object. */
export interface LimitOptions {
  /** Maximum simultaneous calls. @default no limit */
  readonly concurrency?: number;
  /** Maximum calls within any minute. @default no limit */
  readonly requestsPerMinute?: number;
  /**
   * Maximum tokens within any minute. A call counts its estimated input and its `maxTokens` (1,000 if it has none) until its usage is known.
   *
   * @default no limit
   */
  readonly tokensPerMinute?: number;
  /** Milliseconds that a call waits for its turn at most. @default 60,000; none for a limit of `concurrency` alone */
  readonly queueMs?: number;
  /** Maximum bytes of one decompressed reply. @default 32 MiB */
  readonly replyBytes?: number;
  /** Shared memory through which processes share `concurrency` and the limits per minute. @default this process only */
  readonly store?: Store;
  /** Name in the store; required with `store`. */
  readonly key?: string;
  /** Milliseconds after which the places of a process that died are free again, with `store`. @default 30,000 */
  readonly leaseMs?: number;
}

/** Milliseconds that a call waits for its turn at most, where a limit per minute says nothing else. */
const defaultQueueMs = 60_000;

/** Returns the milliseconds that a call waits at most; `undefined` for no maximum. */
export function queueTime({ queueMs, requestsPerMinute, tokensPerMinute }: LimitOptions): number | undefined {
  const isRate = requestsPerMinute !== undefined || tokensPerMinute !== undefined;
  return queueMs ?? (isRate ? defaultQueueMs : undefined);
}

const isCount = (value: unknown) => Number.isInteger(value) && Number(value) > 0;
const count = [isCount, "give a whole number above 0"] as const;

/** Valid values of each option, and what to write instead of others. */
const rules: Readonly<Record<keyof LimitOptions, readonly [(value: unknown) => boolean, string]>> = {
  concurrency: count,
  requestsPerMinute: count,
  tokensPerMinute: count,
  queueMs: [(value) => Number.isFinite(value) && Number(value) >= 0, "give ms of at least 0"],
  replyBytes: [isCount, "give a whole number of bytes above 0"],
  store: [isStore, "give a store: redisStore(client)"],
  leaseMs: [(value) => isCount(value) && Number(value) >= 100, "give whole ms, at least 100"],
  key: [(value) => typeof value === "string" && value !== "", "give a text"],
};

/** Throws if a limit is invalid. */
export function checkLimit(limit: LimitOptions | undefined, option: string): void {
  if (limit === undefined) return;
  const names = Object.keys(rules) as (keyof LimitOptions)[];
  checkKeys(limit, option, names);
  for (const name of names) {
    const [isValid, expected] = rules[name];
    const value = limit[name];
    if (value !== undefined && !isValid(value)) throw new InvalidOptionError(`${option}.${name}`, value, expected);
  }
  if (limit.store !== undefined && limit.key === undefined) {
    throw new InvalidOptionError(`${option}.key`, undefined, "name the limit in the store");
  }
}
