import { didYouMean } from "../text/nearest-name.js";
import { InvalidOptionError } from "./index.js";

/**
 * Throws unless `options` is an object with known keys only; an option with a typo would otherwise be ignored silently.
 *
 * @param option name of the object: `createCascade`, `models.fast.limit`
 */
export function checkKeys<Options extends object>(
  options: Options,
  option: string,
  known: readonly (keyof Options & string)[],
): void {
  const names: readonly string[] = known;
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new InvalidOptionError(option, options, `give an object of options: { ${names.join(", ")} }`);
  }
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const value: unknown = options[unknown as keyof Options];
  const expected = `the options are ${names.join(", ")}${didYouMean(unknown, names)}`;
  throw new InvalidOptionError(`${option}.${unknown}`, value, expected);
}
