import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ModelSpec, ProviderName } from "./model-spec.js";
import type { ParameterName } from "./parameters.js";

/** Options a client is made with. */
export type ClientFields = Record<string, unknown>;
export type ChatClient = new (fields: ClientFields) => BaseChatModel;

type Names = Readonly<Partial<Record<ParameterName, string>>>;

/** How the models of one provider are made. */
export interface Provider {
  /** Package its client is in. */
  readonly package: string;
  readonly load: () => Promise<ChatClient>;
  /** Fields of the client but its parameters; `apiKey` of the spec is there. */
  readonly fields: (spec: ModelSpec) => ClientFields;
  /** Our names of parameters to the client's. */
  readonly parameters: Names;
  /** Parameters the client has no field for: sent in the request's body. */
  readonly inBody: Names;
  /** The client's field for what goes into the body as it is. */
  readonly bodyField?: string;
  /** Environment variable its key is usually in; none where it needs no key. */
  readonly keyVariable?: string;
  /** Another one its client reads. */
  readonly otherKeyVariable?: string;
  /** What a spec must have. */
  readonly needs: readonly (keyof ModelSpec)[];
  /** Its name in the catalogues. */
  readonly catalogue?: string;
}

const sampling = { temperature: "temperature", topP: "topP" } as const;

const chatOpenai = {
  package: "@langchain/openai",
  load: async () => (await import("@langchain/openai")).ChatOpenAI as unknown as ChatClient,
  parameters: {
    ...sampling,
    maxTokens: "maxTokens",
    frequencyPenalty: "frequencyPenalty",
    presencePenalty: "presencePenalty",
    stop: "stop",
    logprobs: "logprobs",
    topLogprobs: "topLogprobs",
    verbosity: "verbosity",
  },
  // the client takes a seed per call only, and drops an effort for models it does not know to reason
  inBody: { seed: "seed", reasoningEffort: "reasoning_effort" },
  bodyField: "modelKwargs",
} satisfies Partial<Provider>;

/** What vLLM, llama.cpp, LM Studio, Ollama and gateways take beside OpenAI's own parameters. */
const serverParameters: Names = {
  topK: "top_k",
  minP: "min_p",
  typicalP: "typical_p",
  repetitionPenalty: "repetition_penalty",
  numCtx: "num_ctx",
};

const server = {
  ...chatOpenai,
  inBody: { ...chatOpenai.inBody, ...serverParameters },
} satisfies Partial<Provider>;

function openaiFields({ model, apiKey, baseUrl, headers }: ModelSpec): ClientFields {
  const configuration = { ...(baseUrl && { baseURL: baseUrl }), ...(headers && { defaultHeaders: headers }) };
  return { model, apiKey: apiKey ?? "none", configuration }; // a server of one's own may need no key; the client insists
}

const gemini = { ...sampling, topK: "topK", maxTokens: "maxOutputTokens", stop: "stopSequences" } as const;

/** Providers by the name a file gives them; a package is imported when a model of its provider is made. */
export const providers: Readonly<Record<ProviderName, Provider>> = {
  openai: {
    ...chatOpenai,
    keyVariable: "OPENAI_API_KEY",
    needs: ["model"],
    catalogue: "openai",
    fields: openaiFields,
  },
  "openai-compatible": { ...server, needs: ["model", "baseUrl"], fields: openaiFields },
  openrouter: {
    ...server,
    keyVariable: "OPENROUTER_API_KEY",
    needs: ["model"],
    catalogue: "openrouter",
    fields: (spec) => openaiFields({ baseUrl: "https://openrouter.ai/api/v1", ...spec }),
  },
  azure: {
    ...chatOpenai,
    load: async () => (await import("@langchain/openai")).AzureChatOpenAI as unknown as ChatClient,
    keyVariable: "AZURE_OPENAI_API_KEY",
    needs: ["baseUrl"],
    catalogue: "azure",
    fields: ({ model, deployment = model, baseUrl, apiKey, apiVersion = "2024-10-21", headers }) => ({
      model,
      azureOpenAIApiKey: apiKey,
      azureOpenAIEndpoint: baseUrl,
      azureOpenAIApiDeploymentName: deployment,
      azureOpenAIApiVersion: apiVersion, // by default the latest one that is generally available
      ...(headers && { configuration: { defaultHeaders: headers } }),
    }),
  },
  "google-genai": {
    package: "@langchain/google-genai",
    load: async () => (await import("@langchain/google-genai")).ChatGoogleGenerativeAI as unknown as ChatClient,
    parameters: gemini,
    inBody: {},
    keyVariable: "GOOGLE_API_KEY",
    otherKeyVariable: "GEMINI_API_KEY",
    needs: ["model"],
    catalogue: "google",
    fields: ({ model, apiKey, baseUrl, headers }) => ({
      model,
      apiKey,
      ...(baseUrl && { baseUrl }),
      ...(headers && { customHeaders: headers }),
    }),
  },
  "google-vertexai": {
    package: "@langchain/google-vertexai",
    load: async () => ((await import(vertexai)) as { ChatVertexAI: ChatClient }).ChatVertexAI,
    parameters: gemini,
    inBody: {},
    needs: ["model"],
    catalogue: "google",
    fields: ({ model, project, location }) => ({
      model,
      ...(location && { location }),
      ...(project && { authOptions: { projectId: project } }),
    }),
  },
  anthropic: {
    package: "@langchain/anthropic",
    load: async () => (await import("@langchain/anthropic")).ChatAnthropic as unknown as ChatClient,
    parameters: {
      ...sampling,
      topK: "topK",
      maxTokens: "maxTokens",
      stop: "stopSequences",
      thinking: "thinking",
    },
    inBody: {},
    bodyField: "invocationKwargs",
    keyVariable: "ANTHROPIC_API_KEY",
    needs: ["model"],
    catalogue: "anthropic",
    fields: ({ model, apiKey, baseUrl, headers }) => ({
      model,
      apiKey,
      ...(baseUrl && { anthropicApiUrl: baseUrl }),
      ...(headers && { clientOptions: { defaultHeaders: headers } }),
    }),
  },
  ollama: {
    package: "@langchain/ollama",
    load: async () => (await import("@langchain/ollama")).ChatOllama as unknown as ChatClient,
    parameters: {
      ...sampling,
      topK: "topK",
      typicalP: "typicalP",
      maxTokens: "numPredict",
      seed: "seed",
      frequencyPenalty: "frequencyPenalty",
      presencePenalty: "presencePenalty",
      repetitionPenalty: "repeatPenalty",
      repeatLastN: "repeatLastN",
      numCtx: "numCtx",
      numGpu: "numGpu",
      numThread: "numThread",
      numBatch: "numBatch",
      mirostat: "mirostat",
      keepAlive: "keepAlive",
      thinking: "think",
    },
    inBody: {},
    needs: ["model"],
    fields: ({ model, baseUrl, headers }) => ({
      model,
      ...(baseUrl && { baseUrl: baseUrl.replace(/\/v1\/?$/, "") }), // what is spoken is its own API
      ...(headers && { headers }),
    }),
  },
};

/** Not a literal: nobody has to install it for the compiler. */
const vertexai: string = "@langchain/google-vertexai";

/** How the models of a spec are made: OpenAI's client at another address may talk to any server that speaks its API. */
export function providerOf({ provider, baseUrl }: Pick<ModelSpec, "provider" | "baseUrl">): Provider {
  if (provider !== "openai" || baseUrl === undefined) return providers[provider];
  const { keyVariable: _needless, ...openai } = providers.openai;
  return { ...openai, inBody: server.inBody };
}

/** Whether a provider can be sent a parameter. */
export function takes({ parameters, inBody }: Provider, name: string): boolean {
  return Object.hasOwn(parameters, name) || Object.hasOwn(inBody, name);
}

/** Parameters as fields of the provider's client. */
export function parameterFields(
  { parameters = {}, body }: Pick<ModelSpec, "parameters" | "body">,
  provider: Provider,
): ClientFields {
  const client: ClientFields = {};
  const sent: ClientFields = { ...body };
  for (const [name, value] of Object.entries(parameters)) {
    const field = provider.parameters[name as ParameterName];
    if (field !== undefined) client[field] = value;
    else sent[provider.inBody[name as ParameterName]!] = value;
  }
  return Object.keys(sent).length === 0 ? client : { ...client, [provider.bodyField!]: sent };
}
