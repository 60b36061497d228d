import { type Runnable, RunnableBinding } from "@langchain/core/runnables";
import { InvalidModelError, InvalidOptionError } from "../errors/index.js";
import { constructorFields, secretFields } from "../langgraph/constructor-fields.js";
import { localPrice } from "../ledger/local-price.js";
import type { Price } from "../ledger/model-call.js";
import { rememberSecret } from "../secrets/known-secrets.js";
import { redactError } from "../secrets/redact.js";
import type { ReplyBounds } from "./bounded-fetch.js";
import type { Client, ClientKind } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";
import { type HistoryRules, portableHistory } from "./history-rules.js";
import { patchOpenai } from "./kinds/openai.js";
import type { Capabilities, ModelParameters } from "./model.js";
import { openaiHistory } from "./openai-history.js";
import { insteadOf } from "./parameter-names.js";

/** Facts about a client, read without calling it. */
export interface ClientFacts
  extends Pick<ClientKind, "keyVariable" | "namesFinishReason" | "takesResponseFormat" | "ignoresCallOptions"> {
  readonly modelId: string | undefined;
  /** Provider and host; `undefined` for an unknown client. */
  readonly providerAddress: string | undefined;
  readonly history: HistoryRules;
  /** Price of a model on this machine; `undefined` for a remote model. */
  readonly localPrice: Price | null | undefined;
  /** Lookup key in the price catalogue. */
  readonly catalogue: { readonly id?: string; readonly apiUrl?: string } | undefined;
  readonly profile: {
    readonly contextWindow: number | undefined;
    /** Most tokens of an answer: the client's own limit, else the profile's. */
    readonly maxOutputTokens: number | undefined;
    readonly capabilities: Capabilities | undefined;
  };
}

/** Reads the facts of a chat client, also inside bindings. */
export function factsOf(runnable: Runnable): ClientFacts {
  const client = innermost(runnable as Client);
  for (const field of secretFields(client)) rememberSecret(client[field as keyof Client]);
  const kind = kindOf(client);
  const {
    keyVariable,
    namesFinishReason = false,
    takesResponseFormat = false,
    ignoresCallOptions = false,
  } = kind ?? {};
  const modelId = [client.model, client.modelName].find((id): id is string => typeof id === "string" && id !== "");
  const apiUrl = [client.clientConfig?.baseURL, client.baseUrl].find((url): url is string => typeof url === "string");
  return {
    modelId,
    localPrice: localPrice({ hosting: kind?.hosting, apiUrl, modelId }),
    providerAddress: kind && (apiUrl === undefined ? kind.provider : `${kind.provider} at ${hostOf(apiUrl)}`),
    catalogue:
      kind?.catalogue === undefined ? undefined : { id: kind.catalogue, ...(apiUrl === undefined ? {} : { apiUrl }) },
    history: historyRulesOf(client, modelId),
    ...{ keyVariable, namesFinishReason, takesResponseFormat, ignoresCallOptions },
    profile: {
      contextWindow: client.profile?.maxInputTokens,
      maxOutputTokens: ownLimitOf(client) ?? client.profile?.maxOutputTokens,
      capabilities: capabilitiesOf(client.profile),
    },
  };
}

/** A client of an unknown kind that is built on `ChatOpenAI` has its rules. */
function historyRulesOf(client: Client, modelId: string | undefined): HistoryRules {
  const rulesOf = kindOf(client)?.history ?? (client.completions === undefined ? undefined : openaiHistory);
  return rulesOf?.(client, modelId) ?? portableHistory;
}

/**
 * Rebuilds a client with other parameters, since clients ignore them per call. The original client stays unchanged.
 *
 * @throws {InvalidOptionError} when the client does not know a parameter
 * @throws {InvalidModelError} when the client cannot be rebuilt
 */
export function withParameters(runnable: Runnable, parameters: ModelParameters | undefined, option: string): Runnable {
  if (parameters === undefined || Object.keys(parameters).length === 0) return runnable;
  if (isBinding(runnable)) {
    const bound = withParameters(runnable.bound, parameters, option);
    return new RunnableBinding({ bound, config: runnable.config, kwargs: runnable.kwargs });
  }
  const client = runnable as Runnable & Client;
  const names = kindOf(client)?.parameters ?? {};
  const wanted = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [names[name] ?? name, value]));
  const rebuilt = rebuild(client, wanted, option) as Runnable & Record<string, unknown>;
  for (const [name, value] of Object.entries(wanted)) {
    if (rebuilt[name] === value) continue;
    const expected = `${client.constructor.name} has no such parameter${insteadOf(name, names)}`;
    throw new InvalidOptionError(`${option}.parameters.${name}`, value, expected);
  }
  return rebuilt;
}

function rebuild(client: Client, fields: Record<string, unknown>, option: string): Runnable {
  try {
    const Constructor = client.constructor as new (
      fields: Record<string, unknown>,
    ) => Runnable & { defaultOptions?: object };
    const own = "maxTokens" in fields ? { maxCompletionTokens: undefined } : {}; // OpenAI's alias, which would override it
    const rebuilt = new Constructor({ ...constructorFields(client), ...own, ...fields });
    return client.defaultOptions === undefined ? rebuilt : rebuilt.withConfig(client.defaultOptions);
  } catch (error) {
    throw new InvalidModelError(
      `${option}.parameters: ${client.constructor.name} could not be rebuilt with them (${redactError(error)})`,
    );
  }
}

/**
 * Wraps a client to fix its known defects: no own retries, no fields dropped from answers, limited replies. The original client
 * stays unchanged.
 */
export function patched(runnable: Runnable, bounds: ReplyBounds): Runnable {
  if (isBinding(runnable)) {
    const bound = patched(runnable.bound, bounds);
    return bound === runnable.bound
      ? runnable
      : new RunnableBinding({ bound, config: runnable.config, kwargs: runnable.kwargs });
  }
  const client = runnable as Runnable & Client;
  return (kindOf(client)?.patch ?? patchOpenai)(client, bounds);
}

/** Returns true for a `RunnableBinding` from any copy of `@langchain/core`. */
export function isBinding(model: unknown): model is RunnableBinding<unknown, unknown> {
  const { bound, kwargs } = model as Partial<RunnableBinding<unknown, unknown>>;
  return bound !== undefined && kwargs !== undefined && Object(model).constructor?.name === "RunnableBinding";
}

/** Returns true if two clients use the same key. */
export function sameKey(one: object, other: object): boolean {
  const keyOf = (client: object) => (client as { apiKey?: unknown }).apiKey;
  return one === other || (keyOf(one) !== undefined && keyOf(one) === keyOf(other));
}

export function innermost(client: Client): Client {
  return client.bound === undefined ? client : innermost(client.bound);
}

/** Reads capabilities from a profile; missing fields are unknown. */
function capabilitiesOf(profile: Client["profile"] = {}): Capabilities | undefined {
  const { imageInputs, audioInputs, toolCalling, toolChoice, structuredOutput } = profile;
  const tools = toolCalling === false && toolChoice === true ? undefined : toolCalling; // the profile of gpt-3.5-turbo contradicts itself
  const said = { vision: imageInputs, audio: audioInputs, tools, json: structuredOutput };
  const known = Object.entries(said).filter(([, able]) => typeof able === "boolean");
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

/** Reads the limit that a client was made with; clients write "no limit" as -1 or leave it out. */
function ownLimitOf(client: Client): number | undefined {
  const name = kindOf(client)?.parameters.maxTokens ?? "maxTokens";
  const limit = (client as Readonly<Record<string, unknown>>)[name];
  return typeof limit === "number" && limit > 0 ? limit : undefined;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
