import type { Runnable } from "@langchain/core/runnables";
import type { Hosting } from "../ledger/local-price.js";
import type { GoogleSdk } from "./google-sdk.js";
import type { HistoryRules } from "./history-rules.js";
import type { Completions, Connected } from "./openai-sdk.js";

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
  /** Names of the fields that hold keys. */
  readonly bound?: Client;
  _llmType?(): string;
  _useResponsesApi?(options: undefined): boolean;
}

/** The JSON an answer must be: the schema its caller asks for. */
export interface AnswerForm {
  /** Of letters, digits, `_` and `-`; of none of the caller's tools. */
  readonly name: string;
  readonly description?: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly strict?: boolean;
}

/** Our names of parameters to others. */
export type Names = Readonly<Partial<Record<string, string>>>;

/** Names parameters that a client calls as we do. */
export const same = (...names: readonly string[]): Names => Object.fromEntries(names.map((name) => [name, name]));

/** Options a client is made with. */
export type ClientFields = Record<string, unknown>;

/** Fields of a model in a file that say how it is reached. */
export const reachFields = [
  ...(["baseUrl", "apiKey", "headers", "body"] as const),
  ...(["apiVersion", "deployment", "project", "location", "credentials"] as const),
];
export type Reach = (typeof reachFields)[number];

/** What a file says of the way to a model. */
export interface Reached
  extends Readonly<Partial<Record<"model" | Exclude<Reach, "headers" | "body" | "credentials">, string | undefined>>> {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly credentials?: { readonly clientEmail: string; readonly privateKey: string } | undefined;
}

/** How files make clients of one kind; a provider may differ in any of it. */
export interface Making {
  /** Package its client is in; `config/models/load-package.ts` imports it. */
  readonly package: string;
  readonly className: string;
  /** Parameters the client has no field for: sent in the request's body. */
  readonly inBody: Names;
  /** The client's field for what goes into the body as it is. */
  readonly bodyField: string | undefined;
  /** Fields about the way to it that mean something; another one is a mistake. */
  readonly reach: readonly Reach[];
  /** Environment variable its key is usually in; `undefined` where it needs no key. */
  readonly keyVariable: string | undefined;
  /** Provider id in `@pydantic/genai-prices`; `undefined` where prices do not follow from the model id. */
  readonly catalogue: string | undefined;
}

/** A provider as files name it: what is its own. */
export interface ProviderRow extends Partial<Making> {
  /** Names other systems, or its makers, give it. */
  readonly otherNames: readonly string[];
  /** Its address where the file gives none. */
  readonly url: string | undefined;
  /** Environment variables that give another address, in the order the client reads them. */
  readonly urlVariables: readonly string[];
  /** Another variable its client reads its key from. */
  readonly otherKeyVariable?: string;
  /** What a file must give: of each list one field. */
  readonly needs: readonly (readonly ("model" | Reach)[])[];
  /** Fields of the client but its parameters; whatever it would else read from the environment of the process is among them. */
  readonly fields: (spec: Reached, environment: Readonly<Record<string, string | undefined>>) => ClientFields;
  /** How it differs at an address that is not its maker's. */
  readonly elsewhere?: Partial<Making>;
}

/** All that is known about one kind of client; a part that is missing does not compile. */
export interface ClientKind extends Making {
  /** Its maker in messages. */
  readonly provider: string;
  readonly hosting: Hosting;
  /** Our names of parameters to those of its fields. */
  readonly parameters: Names;
  /** Settings it takes with a call, and what it calls them there. */
  readonly options: Names;
  /** `thinking` is true or false, not an object. */
  readonly switchesThinking: boolean;
  /** Its streams end with a finish reason; one without was cut off. */
  readonly finishes: boolean;
  /** It takes the schema of an answer with a call, in one of the forms in which agents give it. */
  readonly takesResponseFormat: boolean;
  /** Its call options have OpenAI's `response_format` and `parallel_tool_calls`. */
  readonly takesSwitches: boolean;
  /** It takes instructions at the beginning only, and images as data only. */
  readonly plainMessages: boolean;
  /** What it accepts of a conversation that others wrote, too. */
  readonly history: (client: Client, modelId: string | undefined) => HistoryRules;
  /** Ignores `signal` on invoke and `maxRetries` per call, so it is always called by streaming. */
  readonly ignoresCallOptions: boolean;
  /**
   * The schema of an answer as options of a call; `undefined` where it has none, and a tool is called instead.
   *
   * @param tools true where the answer may also be a call of a tool
   */
  readonly form: (client: Client, form: AnswerForm, tools: boolean) => Readonly<Record<string, unknown>> | undefined;
  /** A view of a client without retries of its own, whose streams tell everything, and whose replies are bounded. */
  readonly tame: (client: Runnable & Client, replyBytes: number) => Runnable;
  /** Who serves models to it, as files name them. */
  readonly providers: Readonly<Record<string, ProviderRow>>;
}
