import { type Runnable, RunnableBinding } from "@langchain/core/runnables";
import { InvalidModelError } from "../errors/index.js";
import { constructorFields, secretFields } from "../langgraph/constructor-fields.js";
import { localPrice } from "../ledger/local-price.js";
import type { Price } from "../ledger/model-call.js";
import { keepSecret } from "../secrets/known-secrets.js";
import { redactError } from "../secrets/redact.js";
import { usualReplyBytes } from "./bounded-fetch.js";
import type { Client, ClientKind } from "./client-kind.js";
import { kindOf } from "./client-kinds.js";
import { type HistoryRules, portableHistory } from "./history-rules.js";
import { tameOpenai } from "./kinds/openai.js";
import type { Capabilities, ModelParameters } from "./model.js";
import { openaiHistory } from "./openai-history.js";

/** What can be read off a client without calling it. */
export interface ClientFacts
  extends Pick<ClientKind, "keyVariable" | "finishes" | "takesResponseFormat" | "ignoresCallOptions"> {
  readonly modelId: string | undefined;
  /** Provider and endpoint, `undefined` for a client nobody recognises. */
  readonly recognised: string | undefined;
  readonly history: HistoryRules;
  /** What it costs on one's own machine; `undefined` for a model elsewhere. */
  readonly localPrice: Price | null | undefined;
  /** Where its prices are listed. */
  readonly catalogue: { readonly id?: string; readonly apiUrl?: string } | undefined;
  readonly profile: {
    readonly contextWindow: number | undefined;
    readonly capabilities: Capabilities | undefined;
  };
}

/** Reads what is known about a chat client; a binding is seen through. */
export function factsOf(runnable: Runnable): ClientFacts {
  const client = innermost(runnable as Client);
  for (const field of secretFields(client)) keepSecret(client[field as keyof Client]);
  const kind = kindOf(client);
  const { keyVariable, finishes = false, takesResponseFormat = false, ignoresCallOptions = false } = kind ?? {};
  const modelId = [client.model, client.modelName].find((id): id is string => typeof id === "string" && id !== "");
  const apiUrl = [client.clientConfig?.baseURL, client.baseUrl].find((url): url is string => typeof url === "string");
  return {
    modelId,
    localPrice: localPrice({ hosting: kind?.hosting, apiUrl, modelId }),
    recognised: kind && (apiUrl === undefined ? kind.provider : `${kind.provider} at ${hostOf(apiUrl)}`),
    catalogue:
      kind?.catalogue === undefined ? undefined : { id: kind.catalogue, ...(apiUrl === undefined ? {} : { apiUrl }) },
    history: historyRulesOf(client, modelId),
    ...{ keyVariable, finishes, takesResponseFormat, ignoresCallOptions },
    profile: { contextWindow: client.profile?.maxInputTokens, capabilities: capabilitiesOf(client.profile) },
  };
}

/** A client of an unknown kind that is built on `ChatOpenAI` has its rules. */
function historyRulesOf(client: Client, modelId: string | undefined): HistoryRules {
  const rulesOf = kindOf(client)?.history ?? (client.completions === undefined ? undefined : openaiHistory);
  return rulesOf?.(client, modelId) ?? portableHistory;
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
  return (kindOf(client)?.tame ?? tameOpenai)(client, replyBytes);
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
