import { MissingPackageError } from "../errors.js";
import { factsOf } from "../models/client.js";
import type { ModelEntry } from "../models/model.js";
import { capabilitiesOf, contextWindowOf, priceOf } from "./catalogue.js";
import { keyOf } from "./check-model.js";
import type { Environment } from "./interpolate.js";
import type { ModelSpec } from "./model-spec.js";
import { type ChatClient, type Provider, parameterFields, providerOf } from "./providers.js";

/**
 * Imports the client of a provider.
 *
 * @throws {MissingPackageError} when its package is not installed
 */
export async function loadClient(name: string, { load, package: needed }: Provider): Promise<ChatClient> {
  try {
    return await load();
  } catch (error) {
    const { code, message = "" } = Object(error) as { code?: string; message?: string };
    const isMissing = code === "ERR_MODULE_NOT_FOUND" || code === "MODULE_NOT_FOUND";
    if (isMissing && message.includes(needed)) throw new MissingPackageError(`The model "${name}"`, [needed], error);
    throw error;
  }
}

/** Makes the entry of a spec that was checked: its client, and what is known about it. */
export function buildModel(
  spec: ModelSpec,
  Client: ChatClient,
  environment: Environment,
  systemPrompt: string | undefined,
): ModelEntry {
  const provider = providerOf(spec);
  const apiKey = keyOf(spec, provider, environment);
  const model = new Client({
    ...provider.fields({ ...spec, apiKey }),
    ...parameterFields(spec, provider),
    maxRetries: 0, // retries have one owner: the entry
  });
  const { profile } = factsOf(model);
  const { description, timeout, firstTokenTimeout, retry, limit, tier, tags } = spec;
  const known = {
    description,
    systemPrompt,
    timeout,
    firstTokenTimeout,
    retry,
    limit,
    tier,
    tags,
    price: spec.price === undefined ? priceOf(spec, provider.catalogue) : spec.price,
    contextWindow: spec.contextWindow ?? profile.contextWindow ?? contextWindowOf(spec, provider.catalogue),
    capabilities: spec.capabilities ?? profile.capabilities ?? capabilitiesOf(spec, provider.catalogue),
  };
  return { model, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) };
}
