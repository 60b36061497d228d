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

/** Adds address and key, of a pool to each client that finds none in its model. */
export function withConnections(spec: ModelSpec, environment: Environment, keyless: boolean): ModelSpec {
  const { clients, ...model } = spec;
  if (clients === undefined) return withConnection(spec, environment, keyless);
  const isOwn = (client: object, field: "apiKey" | "baseUrl") =>
    Object.hasOwn(client, field) || !Object.hasOwn(model, field);
  return {
    ...model,
    ...(model.apiKey && { apiKey: model.apiKey.trim() }),
    clients: clients.map((client) => {
      const { apiKey, baseUrl } = withConnection({ ...model, ...client }, environment, keyless);
      const { apiKey: _, ...rest } = client;
      return {
        ...rest,
        ...(baseUrl && isOwn(client, "baseUrl") && { baseUrl }),
        ...(apiKey && isOwn(client, "apiKey") && { apiKey }),
      };
    }),
  };
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
