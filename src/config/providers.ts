import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { ModelSpec, ProviderName } from "./config-file.js";

type Fields = Record<string, unknown>;

/** How the models of one provider are made. */
export interface Provider {
  /** Package its client is in. */
  readonly package: string;
  readonly load: () => Promise<new (fields: Fields) => BaseChatModel>;
  /** Fields of the client but its parameters. */
  readonly fields: (spec: ModelSpec) => Fields;
  /** Our names of parameters to the client's. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Parameters a server may know and the client does not: sent as they are. */
  readonly passes?: Readonly<Record<string, string>>;
  /** Environment variable its key is usually in; none where it needs no key. */
  readonly keyVariable?: string;
  /** What a spec must have. */
  readonly needs: readonly (keyof ModelSpec)[];
  /** Where its models are in the catalogue of capabilities. */
  readonly catalogue?: string;
}

const openai = {
  package: "@langchain/openai",
  load: async () => (await import("@langchain/openai")).ChatOpenAI as unknown as new (fields: Fields) => BaseChatModel,
  parameters: {
    temperature: "temperature",
    maxTokens: "maxTokens",
    topP: "topP",
    frequencyPenalty: "frequencyPenalty",
    presencePenalty: "presencePenalty",
    stop: "stop",
    logprobs: "logprobs",
    topLogprobs: "topLogprobs",
    reasoning: "reasoning",
    verbosity: "verbosity",
  },
  passes: { seed: "seed" },
} satisfies Partial<Provider>;

/** What servers such as vLLM and llama.cpp take beside OpenAI's own parameters. */
const beyondOpenai = {
  seed: "seed",
  topK: "top_k",
  minP: "min_p",
  repetitionPenalty: "repetition_penalty",
  numCtx: "num_ctx",
};

const clientConfiguration = ({ baseUrl, headers }: ModelSpec): Fields => {
  if (baseUrl === undefined && headers === undefined) return {};
  return { configuration: { ...(baseUrl && { baseURL: baseUrl }), ...(headers && { defaultHeaders: headers }) } };
};

const sampling = { temperature: "temperature", topP: "topP", topK: "topK" };

export const providers: Readonly<Record<ProviderName, Provider>> = {
  openai: {
    ...openai,
    keyVariable: "OPENAI_API_KEY",
    needs: ["model"],
    catalogue: "openai",
    fields: (spec) => ({ model: spec.model, apiKey: spec.apiKey, ...clientConfiguration(spec) }),
  },
  "openai-compatible": {
    ...openai,
    passes: beyondOpenai,
    needs: ["model", "baseUrl"],
    fields: (spec) => ({ model: spec.model, apiKey: spec.apiKey ?? "none", ...clientConfiguration(spec) }), // the client insists on a key
  },
  openrouter: {
    ...openai,
    passes: beyondOpenai,
    keyVariable: "OPENROUTER_API_KEY",
    needs: ["model"],
    catalogue: "openrouter",
    fields: (spec) => ({
      model: spec.model,
      apiKey: spec.apiKey,
      ...clientConfiguration({ ...spec, baseUrl: spec.baseUrl ?? "https://openrouter.ai/api/v1" }),
    }),
  },
  azure: {
    ...openai,
    load: async () =>
      (await import("@langchain/openai")).AzureChatOpenAI as unknown as new (
        fields: Fields,
      ) => BaseChatModel,
    keyVariable: "AZURE_OPENAI_API_KEY",
    needs: ["baseUrl"],
    catalogue: "azure",
    fields: ({ model, deployment = model, baseUrl, apiKey, apiVersion = "2024-10-21" }) => ({
      model,
      azureOpenAIApiKey: apiKey,
      azureOpenAIEndpoint: baseUrl,
      azureOpenAIApiDeploymentName: deployment,
      azureOpenAIApiVersion: apiVersion, // the latest one that is generally available
    }),
  },
  "google-genai": {
    package: "@langchain/google-genai",
    load: async () =>
      (await import("@langchain/google-genai")).ChatGoogleGenerativeAI as unknown as new (
        fields: Fields,
      ) => BaseChatModel,
    keyVariable: "GOOGLE_API_KEY",
    needs: ["model"],
    catalogue: "google",
    parameters: { ...sampling, maxTokens: "maxOutputTokens", stop: "stopSequences" },
    fields: ({ model, apiKey, baseUrl }) => ({ model, apiKey, ...(baseUrl && { baseUrl }) }),
  },
  "google-vertexai": {
    package: "@langchain/google-vertexai",
    load: async () =>
      ((await import(vertexai)) as { ChatVertexAI: new (fields: Fields) => BaseChatModel }).ChatVertexAI,
    needs: ["model"],
    catalogue: "google-vertex",
    parameters: { ...sampling, maxTokens: "maxOutputTokens", stop: "stopSequences" },
    fields: ({ model, project, location }) => ({
      model,
      ...(location && { location }),
      ...(project && { authOptions: { projectId: project } }),
    }),
  },
  anthropic: {
    package: "@langchain/anthropic",
    load: async () =>
      (await import("@langchain/anthropic")).ChatAnthropic as unknown as new (
        fields: Fields,
      ) => BaseChatModel,
    keyVariable: "ANTHROPIC_API_KEY",
    needs: ["model"],
    catalogue: "anthropic",
    parameters: { ...sampling, maxTokens: "maxTokens", stop: "stopSequences", thinking: "thinking" },
    fields: ({ model, apiKey, baseUrl }) => ({ model, apiKey, ...(baseUrl && { anthropicApiUrl: baseUrl }) }),
  },
  ollama: {
    package: "@langchain/ollama",
    load: async () =>
      (await import("@langchain/ollama")).ChatOllama as unknown as new (
        fields: Fields,
      ) => BaseChatModel,
    needs: ["model"],
    parameters: {
      ...sampling,
      maxTokens: "numPredict",
      numCtx: "numCtx",
      seed: "seed",
      stop: "stop",
      frequencyPenalty: "frequencyPenalty",
      presencePenalty: "presencePenalty",
      repeatPenalty: "repeatPenalty",
      keepAlive: "keepAlive",
    },
    fields: ({ model, baseUrl }) => ({ model, ...(baseUrl && { baseUrl: baseUrl.replace(/\/v1\/?$/, "") }) }), // ours is its own API
  },
};

/** Not a type of ours: nobody has to install it for the compiler. */
const vertexai: string = "@langchain/google-vertexai";
