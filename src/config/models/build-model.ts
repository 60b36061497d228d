import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { MissingPackageError } from "../../errors/index.js";
import type { ModelEntry } from "../../models/model.js";
import type { Environment } from "../text/interpolate.js";
import { factsOf } from "./facts.js";
import type { ModelSpec } from "./model-spec.js";
import { parameterFields, providerOf } from "./provider-of.js";
import type { ChatClient } from "./providers.js";

/**
 * Imports the client of a provider.
 *
 * @throws {MissingPackageError} when its package is not installed
 */
export async function loadClient<Client = ChatClient>(
  name: string,
  { load, package: needed }: { readonly package: string; readonly load: () => Promise<Client> },
): Promise<Client> {
  try {
    return await load();
  } catch (error) {
    // the message also names the importing file, so a missing package of the client's own must not match
    const isNeeded = new RegExp(`(package|module) '${needed}(/[^']*)?'`).test(Object(error).message);
    if (isModuleNotFound(error) && isNeeded) throw new MissingPackageError(`The model "${name}"`, [needed], error);
    throw error;
  }
}

/** Returns whether an import failed because a module is missing. */
export const isModuleNotFound = (error: unknown) =>
  ["ERR_MODULE_NOT_FOUND", "MODULE_NOT_FOUND"].includes(Object(error).code);

/** Makes the entry of a checked spec. */
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
    maxRetries: 0, // the entry retries
  });
  return entryOf(spec, model, systemPrompt);
}

/** Makes an entry of a client, with the facts and settings of its spec. */
export function entryOf(spec: ModelSpec, model: BaseChatModel, systemPrompt: string | undefined): ModelEntry {
  const {
    description,
    timeout,
    firstTokenTimeout,
    finishReason,
    retry,
    coolDown,
    breaker,
    limit,
    quality,
    tier,
    tags,
  } = spec;
  const known = {
    description,
    systemPrompt,
    timeout,
    firstTokenTimeout,
    finishReason,
    retry,
    coolDown,
    breaker,
    limit,
    quality,
    tier,
    tags,
    ...factsOf(spec, model),
  };
  return { model, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) };
}
