import { type Runnable, RunnableBinding } from "@langchain/core/runnables";
import { InvalidModelError } from "../errors/index.js";
import { constructorFields, secretFields } from "../langgraph/constructor-fields.js";
import { localPrice } from "../ledger/local-price.js";
import type { Price } from "../ledger/model-call.js";
import { keepSecret } from "../secrets/known-secrets.js";
import { redactError } from "../secrets/redact.js";
import { boundedFetch, usualReplyBytes } from "./bounded-fetch.js";
import { type ClientKind, clientKinds } from "./client-kinds.js";
import { type GoogleSdk, outspoken } from "./google-sdk.js";
import type { Capabilities, ModelParameters } from "./model.js";
import { boundResponses, type Completions, type Connected, frankCompletions } from "./openai-sdk.js";

/** What can be read off a client without calling it. */
export interface ClientFacts {
  readonly modelId: string | undefined;
  /** Provider and endpoint, `undefined` for a client nobody recognises. */
  readonly recognised: string | undefined;
  /** What it costs on one's own machine; `undefined` for a model elsewhere. */
  readonly localPrice: Price | null | undefined;
  /** Where its prices are listed. */
  readonly catalogue: { readonly id?: string; readonly apiUrl?: string } | undefined;
  /** Environment variable its key is usually read from. */
  readonly keyVariable: string | undefined;
  /** The client's plain `invoke` ignores its signal, so it is always called by streaming. */
  readonly alwaysStream: boolean;
  /** Its streams end with a finish reason; one without was cut off. */
  readonly finishes: boolean;
  /** It takes the schema of an answer with a call, in one of the forms in which agents give it. */
  readonly takesResponseFormat: boolean;
  readonly profile: {
    readonly contextWindow: number | undefined;
    readonly capabilities: Capabilities | undefined;
  };
}

/** The fields of clients that are read; all of them optional. */
export interface Client {
  readonly model?: unknown;
  readonly modelName?: unknown;
  readonly azureOpenAIApiDeploymentName?: unknown;
  readonly clientConfig?: { readonly baseURL?: string | null };
  readonly baseUrl?: unknown;
  readonly profile?: {
    maxInputTokens?: number;
    imageInputs?: boolean;
    audioInputs?: boolean;
    toolCalling?: boolean;
    toolChoice?: boolean;
    structuredOutput?: boolean;
  };
  readonly defaultOptions?: Record<string, unknown>;
  readonly caller?: object;
  readonly client?: GoogleSdk & { readonly fetch?: typeof fetch };
  readonly completions?: Completions;
  readonly responses?: Connected;
  readonly fields?: object;
  readonly clientOptions?: { readonly fetch?: typeof fetch };
  readonly bound?: Client;
  _llmType?(): string;
}

/** Reads what is known about a chat client; a binding is seen through. */
export function factsOf(runnable: Runnable): ClientFacts {
  const client = innermost(runnable as Client);
  for (const field of secretFields(client)) keepSecret(client[field as keyof Client]);
  const kind = kindOf(client);
  const modelId = [client.model, client.modelName].find((id): id is string => typeof id === "string" && id !== "");
  const apiUrl = [client.clientConfig?.baseURL, client.baseUrl].find((url): url is string => typeof url === "string");
  return {
    modelId,
    localPrice: localPrice({ kind: kind?.provider === "azure" ? "azure" : client._llmType?.(), apiUrl, modelId }),
    recognised: kind && (apiUrl === undefined ? kind.provider : `${kind.provider} at ${hostOf(apiUrl)}`),
    catalogue:
      kind?.catalogue === undefined ? undefined : { id: kind.catalogue, ...(apiUrl === undefined ? {} : { apiUrl }) },
    keyVariable: kind?.keyVariable,
    alwaysStream: kind?.ignoresCallOptions === true,
    finishes: kind?.finishes === true,
    takesResponseFormat: kind?.responseFormat === true,
    profile: { contextWindow: client.profile?.maxInputTokens, capabilities: capabilitiesOf(client.profile) },
  };
}

/**
 * Rebuilds a client with other parameters, since clients ignore them per call; the user's object is left as it is.
 *
 * @throws {InvalidModelError} when the client cannot be rebuilt or does not know a parameter
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
    if (rebuilt[name] !== value) {
      throw new InvalidModelError(
        `${option}.parameters.${name}: ${client.constructor.name} has no such parameter; ${camelCase(name) === name ? "leave it out" : `did you mean ${camelCase(name)}?`}`,
      );
    }
  }
  return rebuilt;
}

/** How this library spells a parameter of an API: `max_tokens` is `maxTokens`. */
const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function rebuild(client: Client, fields: Record<string, unknown>, option: string): Runnable {
  try {
    const Constructor = client.constructor as new (
      fields: Record<string, unknown>,
    ) => Runnable & { defaultOptions?: object };
    const own = "maxTokens" in fields ? { maxCompletionTokens: undefined } : {}; // OpenAI's other name, which would win
    const rebuilt = new Constructor({ ...constructorFields(client), ...own, ...fields });
    return client.defaultOptions === undefined ? rebuilt : rebuilt.withConfig(client.defaultOptions);
  } catch (error) {
    throw new InvalidModelError(
      `${option}.parameters: ${client.constructor.name} could not be rebuilt with them (${redactError(error)})`,
    );
  }
}

/**
 * A view of a client that behaves where it would not by itself: no retries of its own, streams and answers that tell everything,
 * and replies of a size that can be held. The user's object is left as it is.
 */
export function tamed(runnable: Runnable, replyBytes: number = usualReplyBytes): Runnable {
  if (isBinding(runnable)) {
    const bound = tamed(runnable.bound, replyBytes);
    return bound === runnable.bound
      ? runnable
      : new RunnableBinding({ bound, config: runnable.config, kwargs: runnable.kwargs });
  }
  const client = runnable as Runnable & Client;
  const kind = kindOf(client);
  if (kind?.provider === "anthropic" && client.clientOptions !== undefined) return bounded(client, replyBytes);
  if (typeof client.completions?._convertCompletionsMessageToBaseMessage === "function") {
    const completions = frankCompletions(client.completions, replyBytes);
    const responses = client.responses && boundResponses(client.responses, replyBytes);
    const parts = { completions, ...(responses && { responses }) };
    const fields = { ...client.fields, ...parts }; // of which the client makes the one with tools bound to it
    return Object.create(client, {
      completions: { value: completions },
      ...(responses && { responses: { value: responses } }),
      fields: { value: fields },
    });
  }
  if (kind?.provider === "ollama" && typeof client.client?.fetch === "function") {
    const connection = Object.create(client.client, {
      fetch: { value: boundedFetch(client.client.fetch, replyBytes) },
    });
    return Object.create(client, { client: { value: connection } });
  }
  if (!kind?.ignoresCallOptions || client.caller === undefined) return runnable;
  const view: PropertyDescriptorMap = { caller: { value: Object.create(client.caller, { maxRetries: { value: 0 } }) } };
  if (client.client?.generateContentStream !== undefined) view.client = { value: outspoken(client.client, replyBytes) };
  return Object.create(client, view);
}

/** A view of Claude's client that makes its connections anew, with a bound. */
function bounded(client: Runnable & Client, replyBytes: number): Runnable {
  const { clientOptions } = client;
  return Object.create(client, {
    clientOptions: { value: { ...clientOptions, fetch: boundedFetch(clientOptions?.fetch, replyBytes) } },
    batchClient: { value: undefined, writable: true },
    streamingClient: { value: undefined, writable: true },
  });
}

/** A model with arguments bound to it, of whichever copy of `@langchain/core`. */
export function isBinding(model: unknown): model is RunnableBinding<unknown, unknown> {
  const { bound, kwargs } = model as Partial<RunnableBinding<unknown, unknown>>;
  return bound !== undefined && kwargs !== undefined && Object(model).constructor?.name === "RunnableBinding";
}

/** True when two clients would send the same key; never shows it. */
export function sameKey(one: object, other: object): boolean {
  const keyOf = (client: object) => (client as { apiKey?: unknown }).apiKey;
  return one === other || (keyOf(one) !== undefined && keyOf(one) === keyOf(other));
}

export function innermost(client: Client): Client {
  return client.bound === undefined ? client : innermost(client.bound);
}

/** @returns nothing for a client nobody recognises */
export function kindOf(client: Client): ClientKind | undefined {
  const type = client._llmType?.();
  if (type === "openai" && client.azureOpenAIApiDeploymentName !== undefined) return clientKinds.azure_openai;
  return type === undefined ? undefined : (clientKinds as Readonly<Record<string, ClientKind>>)[type];
}

/** What a profile says; of what it leaves out nothing follows, and an empty one says nothing at all. */
function capabilitiesOf(profile: Client["profile"] = {}): Capabilities | undefined {
  const { imageInputs, audioInputs, toolCalling, toolChoice, structuredOutput } = profile;
  const tools = toolCalling === false && toolChoice === true ? undefined : toolCalling; // contradicts itself: gpt-3.5-turbo's
  const said = { vision: imageInputs, audio: audioInputs, tools, json: structuredOutput };
  const known = Object.entries(said).filter(([, able]) => typeof able === "boolean");
  return known.length === 0 ? undefined : Object.fromEntries(known);
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
