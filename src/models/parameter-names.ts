import { InvalidOptionError } from "../errors/index.js";
import { RunParameters } from "../state/run-context.js";
import { didYouMean } from "../text/nearest-name.js";
import type { Client, Names } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";
import type { ModelParameters } from "./model.js";

/** Says what to write in the place of a parameter that a client lacks. */
export function insteadOf(name: string, names: Names): string {
  const isReal = name in RunParameters.shape; // of other clients: no misspelling
  return (isReal ? "" : didYouMean(name, [...Object.keys(names), camelCase(name)])) || "; leave it out";
}

/**
 * Throws at a misspelt parameter of a client that is not made yet. Any other parameter that the client lacks shows when it is made.
 *
 * @throws {InvalidOptionError} with the name that was meant
 */
export function checkSpelling(client: Client, parameters: ModelParameters | undefined, option: string): void {
  const names = kindOf(client)?.parameters ?? {};
  for (const [name, value] of Object.entries(parameters ?? {})) {
    if (name in names || name in RunParameters.shape) continue;
    const meant = didYouMean(name, Object.keys({ ...RunParameters.shape, ...names }));
    if (meant !== "") throw new InvalidOptionError(`${option}.parameters.${name}`, value, `no such parameter${meant}`);
  }
}

/** Converts an API parameter to its name here: `max_tokens` to `maxTokens`. */
const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
