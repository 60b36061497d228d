import { noKey } from "../secrets.js";
import type { Environment } from "../text/interpolate.js";
import type { ModelSpec } from "./model-spec.js";
import { providerOf } from "./provider-of.js";

/** The variable of the environment a model's key is in where the file names none. */
export function keyVariableOf(spec: ModelSpec, environment: Environment): string | undefined {
  if (spec.apiKey !== undefined) return undefined;
  const { keyVariable, otherKeyVariable } = providerOf(spec);
  return [keyVariable, otherKeyVariable].find((name) => name !== undefined && environment[name]?.trim());
}

/**
 * A model with the address and the key its client would else find in the environment of the process, which need not be the one
 * the file is read with.
 *
 * @param keyless whether a key that is missing does not matter
 */
export function withReach(spec: ModelSpec, environment: Environment, keyless: boolean): ModelSpec {
  const provider = providerOf(spec);
  const variable = keyVariableOf(spec, environment);
  const found = (spec.apiKey ?? (variable && environment[variable]))?.trim(); // files of keys end with a line break
  const apiKey = found || (keyless && provider.keyVariable !== undefined ? noKey : undefined);
  const baseUrl = spec.baseUrl ?? provider.urlVariables?.map((name) => environment[name]).find(Boolean);
  const { apiKey: _, ...rest } = spec;
  return { ...rest, ...(baseUrl && { baseUrl }), ...(apiKey && { apiKey }) };
}
