import { InvalidOptionError } from "./index.js";

/** Strategy factories, each with an example call. */
const factories = new WeakMap<object, string>();

/** Registers strategy factories, so that passing one uncalled is reported with an example call. */
export function registerFactories(calls: readonly (readonly [maker: object, call: string])[]): void {
  for (const [maker, call] of calls) factories.set(maker, call);
}

/** Throws when a strategy factory is given uncalled: `verify: judgeWith`. */
export function refuseFactory(value: unknown, option: string): void {
  const call = typeof value === "function" ? factories.get(value) : undefined;
  if (call !== undefined) throw new InvalidOptionError(option, value, `it is a strategy factory: call it, ${call}`);
}

/** Makes an error for an invalid return value; a returned function hints at an uncalled factory. */
export function invalidReturn(option: string, value: unknown, expected: string): InvalidOptionError {
  const hint = "; it returned a function, so it may be a factory: call it, as in judgeWith(model)";
  return new InvalidOptionError(option, value, typeof value === "function" ? expected + hint : expected);
}
