import { noKey } from "../secrets.js";
import type { Environment } from "../text/interpolate.js";
import type { ModelSpec } from "./model-spec.js";
import { providerOf } from "./provider-of.js";

/** Returns the environment variable with a model's key, unless the file sets the key. */
export function keyVariableOf(spec: ModelSpec, environment: Environment): string | undefined {
  if (spec.apiKey !== undefined) return undefined;
  const { keyVariable, otherKeyVariable } = providerOf(spec);
  return [keyVariable, otherKeyVariable].find((name) => name !== undefined && environment[name]?.trim());
}

/**
 * Adds a model's address and key from `environment`, which its client would otherwise read from the environment of the process.
 *
 * @param keyless whether the key may be missing
 */
export function withConnection(spec: ModelSpec, environment: Environment, keyless: boolean): ModelSpec {
  const provider = providerOf(spec);
  const variable = keyVariableOf(spec, environment);
  const found = (spec.apiKey ?? (variable && environment[variable]))?.trim(); // files of keys end with a line break
  const apiKey = found || (keyless && provider.keyVariable !== undefined ? noKey : undefined);
  const baseUrl = spec.baseUrl ?? provider.urlVariables?.map((name) => environment[name]).find(Boolean);
  const { apiKey: _, ...rest } = spec;
  return { ...rest, ...(baseUrl && { baseUrl }), ...(apiKey && { apiKey }) };
}
