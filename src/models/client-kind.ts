import type { Runnable } from "@langchain/core/runnables";
import type { Hosting } from "../ledger/local-price.js";
import type { ReplyBounds } from "./bounded-fetch.js";
import type { GoogleSdk } from "./google-sdk.js";
import type { HistoryRules } from "./history-rules.js";
import type { Completions, Connected } from "./openai-sdk.js";

/** Fields of clients that this library reads. */
export interface Client {
  readonly model?: unknown;
  readonly modelName?: unknown;
  readonly azureOpenAIApiDeploymentName?: unknown;
  readonly clientConfig?: { readonly baseURL?: string | null };
  readonly baseUrl?: unknown;
  readonly profile?: {
    maxInputTokens?: number;
    maxOutputTokens?: number;
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
  /** Names of the fields that hold keys. */
  readonly bound?: Client;
  _llmType?(): string;
  _useResponsesApi?(options: undefined): boolean;
}

/** JSON schema of an answer, set by the caller. */
export interface AnswerForm {
  /** Letters, digits, `_` and `-`; differs from the names of the caller's tools. */
  readonly name: string;
  readonly description?: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}

/** Parameter names of this library mapped to those of a client. */
export type Names = Readonly<Partial<Record<string, string>>>;

/** Maps parameters to the same names. */
export const same = (...names: readonly string[]): Names => Object.fromEntries(names.map((name) => [name, name]));

/** Constructor options of a client. */
export type ClientFields = Record<string, unknown>;

/** Fields of a model in a config file that describe the connection to it. */
export const connectionFields = [
  ...(["baseUrl", "apiKey", "headers", "body"] as const),
  ...(["apiVersion", "deployment", "project", "location", "credentials"] as const),
];
export type ConnectionField = (typeof connectionFields)[number];

/** Connection of a model in a config file. */
export interface Connection
  extends Readonly<
    Partial<Record<"model" | Exclude<ConnectionField, "headers" | "body" | "credentials">, string | undefined>>
  > {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly credentials?: { readonly clientEmail: string; readonly privateKey: string } | undefined;
}

/** How config files construct clients of one kind; a provider may override each field. */
export interface ClientSetup {
  /** Package of the client, imported by `config/models/providers.ts`. */
  readonly package: string;
  readonly className: string;
  /** Its class of embeddings in the same package, made with the same fields. */
  readonly embeddingsClass?: string;
  /** Parameters without a client field, sent in the request body. */
  readonly inBody: Names;
  /** Client field whose content is added to the request body. */
  readonly bodyField: string | undefined;
  /** Connection fields the client supports; others are rejected. */
  readonly connectionFields: readonly ConnectionField[];
  /** Environment variable with the key; `undefined` if no key is needed. */
  readonly keyVariable: string | undefined;
  /** Provider id in `@pydantic/genai-prices`; `undefined` if prices do not follow from the model id. */
  readonly catalogue: string | undefined;
}

/** Provider in config files: the fields that differ from its kind of client. */
export interface ProviderRow extends Partial<ClientSetup> {
  /** Aliases of the provider in other tools. */
  readonly otherNames: readonly string[];
  /** Default address. */
  readonly url: string | undefined;
  /** Environment variables with another address, in the order the client reads them. */
  readonly urlVariables: readonly string[];
  /** Second environment variable for the key. */
  readonly otherKeyVariable?: string;
  /** Required fields: one of each list. */
  readonly needs: readonly (readonly ("model" | ConnectionField)[])[];
  /** Returns constructor fields without parameters. Includes every field that the client would otherwise read from `process.env`. */
  readonly fields: (spec: Connection, environment: Readonly<Record<string, string | undefined>>) => ClientFields;
  /** Overrides for an address other than the provider's own. */
  readonly atOtherAddress?: Partial<ClientSetup>;
}

/** Everything the library knows about one kind of client. */
export interface ClientKind extends ClientSetup {
  /** Name of the provider in messages. */
  readonly provider: string;
  readonly hosting: Hosting;
  /** Parameter names mapped to constructor fields. */
  readonly parameters: Names;
  /** Settings supported as call options, mapped to the client's names. */
  readonly options: Names;
  /** True if `thinking` is a boolean, not an object. */
  readonly thinkingIsBoolean: boolean;
  /** True if every complete stream ends with a finish reason. */
  readonly namesFinishReason: boolean;
  /** True if a schema of the answer can be a call option, in a form that agents use. */
  readonly takesResponseFormat: boolean;
  /** True if call options include OpenAI's `response_format` and `parallel_tool_calls`. */
  readonly hasOpenaiOptions: boolean;
  /** True if system messages must come first and images must be data URLs. */
  readonly plainMessages: boolean;
  /** Returns what the client accepts of a conversation that other providers wrote in. */
  readonly history: (client: Client, modelId: string | undefined) => HistoryRules;
  /** True if `invoke` ignores `signal` and `maxRetries`; such a client is always streamed. */
  readonly ignoresCallOptions: boolean;
  /**
   * Returns call options for the client's JSON mode; `undefined` if it has none, so that a tool is used instead.
   *
   * @param tools true if the answer may also be a tool call
   */
  readonly form: (client: Client, form: AnswerForm, tools: boolean) => Readonly<Record<string, unknown>> | undefined;
  /** Wraps a client: no own retries, no dropped fields, limited replies. */
  readonly patch: (client: Runnable & Client, bounds: ReplyBounds) => Runnable;
  /** Providers by their names in config files. */
  readonly providers: Readonly<Record<string, ProviderRow>>;
}
