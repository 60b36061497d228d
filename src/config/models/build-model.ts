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

/** Makes the client of a checked spec. */
export function buildClient(spec: ModelSpec, Client: ChatClient, environment: Environment): BaseChatModel {
  const provider = providerOf(spec);
  return new Client({
    ...provider.fields(spec, environment),
    ...parameterFields(spec, provider),
    maxRetries: 0, // the entry retries
  });
}

/** Parts of an entry that are made of several parts of the file. */
export type MadeParts = { readonly [Name in "systemPrompt" | "cache" | "budget"]: ModelEntry[Name] | undefined };

/** Makes an entry of a client, with the facts and settings of its spec. */
export function entryOf(spec: ModelSpec, model: BaseChatModel, made: MadeParts): ModelEntry {
  const {
    description,
    timeout,
    firstTokenTimeout,
    finishReason,
    retry,
    coolDown,
    breaker,
    hedge,
    limit,
    maxOutputTokens,
    quality,
    tier,
    tags,
  } = spec;
  const known = {
    description,
    timeout,
    firstTokenTimeout,
    finishReason,
    retry,
    coolDown,
    breaker,
    hedge,
    limit,
    maxOutputTokens,
    quality,
    tier,
    tags,
    ...made,
    ...factsOf(spec, model),
  };
  return { model, ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)) };
}
