import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { isStore, type Store } from "./store.js";

/** When a model that fails is no longer called. */
export interface BreakerOptions {
  /** Failed attempts in a row that open it; 0 switches this rule off. @default 5 */
  readonly failures?: number;
  /** Share of failed attempts above which it opens, 0..1; 0 switches this rule off. @default 0.5 */
  readonly ratio?: number;
  /** Fewest attempts within `windowMs` that `ratio` applies to, at most 1,000. @default 10 */
  readonly minimum?: number;
  /** Milliseconds that `ratio` looks back. @default 60,000 */
  readonly windowMs?: number;
  /** Milliseconds it stays open, or longer if the provider asks for it; then one request probes the model. 0 switches it off. @default 30,000 */
  readonly openMs?: number;
  /** Shared memory through which processes learn of each other's open breakers. @default this process only */
  readonly store?: Store;
  /** Name in the store. @default provider and id of the model */
  readonly key?: string;
}

/** Options of a breaker with its defaults. */
export type BreakerSettings = Required<Omit<BreakerOptions, "store" | "key">>;

const defaults: BreakerSettings = { failures: 5, ratio: 0.5, minimum: 10, windowMs: 60_000, openMs: 30_000 };

/** Maximum wait of a provider in ms: one wrong `Retry-After` must not take a model out of service. */
export const longestOpening = 5 * 60_000;

/** Returns the settings of a breaker; `undefined` if its options switch it off. */
export function breakerSettings(options: BreakerOptions | false | undefined): BreakerSettings | undefined {
  if (options === false) return undefined;
  const given = Object.entries(options ?? {}).filter(([, value]) => value !== undefined);
  const { failures, ratio, minimum, windowMs, openMs } = { ...defaults, ...Object.fromEntries(given) };
  const isOn = failures > 0 || (ratio > 0 && windowMs > 0);
  return isOn && openMs > 0 ? { failures, ratio, minimum, windowMs, openMs } : undefined;
}

const isWhole = (value: unknown, low: number, high = Infinity) =>
  Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
const isMs = (value: unknown) => Number.isFinite(value) && Number(value) >= 0;
const isShare = (value: unknown) => typeof value === "number" && value >= 0 && value <= 1;

/** Valid values of each option, and what to write instead of others. */
const rules: Readonly<Record<keyof BreakerOptions, readonly [(value: unknown) => boolean, string]>> = {
  failures: [(value) => isWhole(value, 0), "give a whole number; 0 switches the rule off"],
  ratio: [isShare, "give a number from 0 to 1; 0 switches the rule off"],
  minimum: [(value) => isWhole(value, 1, 1_000), "give a whole number from 1 to 1000"],
  windowMs: [isMs, "give ms of at least 0; 0 switches `ratio` off"],
  openMs: [isMs, "give ms of at least 0; 0 switches the breaker off"],
  store: [isStore, "give a store: redisStore(client)"],
  key: [(value) => typeof value === "string" && value !== "", "give a text"],
};

/** Throws if a breaker is invalid. */
export function checkBreaker(breaker: BreakerOptions | false | undefined, option: string): void {
  if (breaker === undefined || breaker === false) return;
  if (typeof breaker !== "object" || breaker === null) {
    throw new InvalidOptionError(option, breaker, "give { failures, ratio, minimum, windowMs, openMs } or false");
  }
  const names = Object.keys(rules) as (keyof BreakerOptions)[];
  checkKeys(breaker, option, names);
  for (const name of names) {
    const [isValid, expected] = rules[name];
    const value = breaker[name];
    if (value !== undefined && !isValid(value)) throw new InvalidOptionError(`${option}.${name}`, value, expected);
  }
}
