import { InvalidOptionError } from "./index.js";

/** Functions that make a strategy, and how each is called. */
const makers = new WeakMap<object, string>();

/** Makes functions known that make a strategy: given in its place, each is refused with the way it is called. */
export function knowMakers(calls: readonly (readonly [maker: object, call: string])[]): void {
  for (const [maker, call] of calls) makers.set(maker, call);
}

/** Refuses a function that makes a strategy where the strategy itself is wanted: `verify: judgeWith`. */
export function refuseUncalled(value: unknown, option: string): void {
  const call = typeof value === "function" ? makers.get(value) : undefined;
  if (call !== undefined)
    throw new InvalidOptionError(option, value, `it makes a strategy and is none: call it, ${call}`);
}

/** Refuses what a function given as an option returned; a function is what one returns that had to be called first. */
export function badReturn(option: string, value: unknown, expected: string): InvalidOptionError {
  const hint = "; it returned a function, as one does that makes a strategy: call it, as in judgeWith(model)";
  return new InvalidOptionError(option, value, typeof value === "function" ? expected + hint : expected);
}
