import { MissingPackageError } from "../../errors/index.js";
import type { ModelEntry } from "../../models/model.js";
import type { Environment } from "../text/interpolate.js";
import { factsOf } from "./facts.js";
import type { ModelSpec } from "./model-spec.js";
import { parameterFields, providerOf } from "./provider-of.js";
import type { ChatClient, Provider } from "./providers.js";

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
    if (isMissing && namesPackage(message, needed))
      throw new MissingPackageError(`The model "${name}"`, [needed], error);
    throw error;
  }
}

/** Whether an error of the module system says that it is this package that is missing; it names who asked for it, too. */
const namesPackage = (message: string, needed: string) =>
  new RegExp(`(package|module) '${needed}(/[^']*)?'`).test(message);

/** Makes the entry of a spec that was checked: its client, and what is known about it. */
export function buildModel(
  spec: ModelSpec,
  Client: ChatClient,
  environment: Environment,
  systemPrompt: string | undefined,
): ModelEntry {
  const provider = providerOf(spec);
  const model = new Client({
    ...provider.fields(spec, environment),
    ...parameterFields(spec, provider),
    maxRetries: 0, // retries have one owner: the entry
  });
  const { description, timeout, firstTokenTimeout, finishReason, retry, coolDown, limit, tier, tags } = spec;
  const known = {
    description,
    systemPrompt,
    timeout,
    firstTokenTimeout,
    finishReason,
    retry,
    coolDown,
    limit,
    tier,
    tags,
    ...factsOf(spec, model),
  };
  return { model, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) };
}
