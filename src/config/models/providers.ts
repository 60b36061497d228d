import { type ClientKind, clientKinds } from "../../models/client-kinds.js";
import type { Environment } from "../text/interpolate.js";
import type { ModelSpec, ProviderName } from "./model-spec.js";
import type { ParameterName } from "./parameters.js";
import type { ChatClient, ClientFields, Names, Provider } from "./provider.js";

export type { ChatClient, Provider } from "./provider.js";

/** What follows from the kind of client. */
const known = ({ catalogue, keyVariable }: ClientKind) => ({ catalogue, keyVariable });

/** Parameters that clients call as we do. */
const same = (...names: readonly ParameterName[]): Names => Object.fromEntries(names.map((name) => [name, name]));

const chatOpenai = {
  package: "@langchain/openai",
  load: async () => (await import("@langchain/openai")).ChatOpenAI as unknown as ChatClient,
  parameters: {
    ...same("temperature", "maxTokens", "topP", "frequencyPenalty", "presencePenalty", "stop"),
    ...same("logprobs", "topLogprobs", "verbosity"),
  },
  // the client takes a seed per call only, and drops an effort for models it does not know to reason
  inBody: { seed: "seed", reasoningEffort: "reasoning_effort" },
  bodyField: "modelKwargs",
  reach: ["baseUrl", "apiKey", "headers", "body"],
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

/** Keys of the environment that belong to OpenAI itself are not sent to others. */
const nobody = { organization: null, project: null } as const;

function serverFields({ model, apiKey = "none", baseUrl, headers }: ModelSpec) {
  const configuration = { ...nobody, baseURL: baseUrl, ...(headers && { defaultHeaders: headers }) };
  return { model, apiKey, configuration }; // a server of one's own may need no key; the client insists
}

const openai = "https://api.openai.com/v1";

/** `https://eu.api.openai.com/v1` is OpenAI too. */
const isOpenai = (url: string) => URL.canParse(url) && /(^|\.)openai\.com$/.test(new URL(url).hostname);

function openaiFields(spec: ModelSpec, environment: Environment): ClientFields {
  const { baseUrl = openai } = spec;
  const { configuration, ...fields } = serverFields({ ...spec, baseUrl });
  if (!isOpenai(baseUrl)) return { ...fields, configuration };
  const { OPENAI_ORGANIZATION, OPENAI_ORG_ID, OPENAI_PROJECT_ID } = environment;
  const organization = OPENAI_ORGANIZATION || OPENAI_ORG_ID || null;
  return { ...fields, configuration: { ...configuration, organization, project: OPENAI_PROJECT_ID || null } };
}

const anthropic = "https://api.anthropic.com";
const ollama = "http://127.0.0.1:11434";
const openrouter = "https://openrouter.ai/api/v1";

const gemini = { ...same("temperature", "topP", "topK"), ...clientKinds.googlegenerativeai.parameters };

/** Providers by the name a file gives them; a package is imported when a model of its provider is made. */
export const providers: Readonly<Record<ProviderName, Provider>> = {
  openai: {
    ...chatOpenai,
    url: openai,
    urlVariables: ["OPENAI_API_BASE", "OPENAI_BASE_URL"], // in the order the client reads them
    ...known(clientKinds.openai),
    needs: ["model"],
    fields: openaiFields,
  },
  "openai-compatible": { ...server, needs: ["model", "baseUrl"], fields: serverFields },
  openrouter: {
    ...server,
    url: openrouter,
    keyVariable: "OPENROUTER_API_KEY",
    needs: ["model"],
    catalogue: "openrouter",
    fields: (spec) => serverFields({ baseUrl: openrouter, ...spec }),
  },
  azure: {
    ...chatOpenai,
    load: async () => (await import("@langchain/openai")).AzureChatOpenAI as unknown as ChatClient,
    reach: [...chatOpenai.reach, "apiVersion", "deployment"],
    ...known(clientKinds.azure_openai),
    needs: ["baseUrl"],
    fields: ({ model, deployment = model, baseUrl, apiKey, apiVersion = "2024-10-21", headers }) => ({
      model,
      azureOpenAIApiKey: apiKey,
      azureOpenAIBasePath: "", // of the environment it would win over the file
      azureOpenAIApiInstanceName: "",
      azureOpenAIEndpoint: baseUrl,
      azureOpenAIApiDeploymentName: deployment,
      azureOpenAIApiVersion: apiVersion, // by default the latest one that is generally available
      configuration: { ...nobody, ...(headers && { defaultHeaders: headers }) },
    }),
  },
  "google-genai": {
    package: "@langchain/google-genai",
    load: async () => (await import("@langchain/google-genai")).ChatGoogleGenerativeAI as unknown as ChatClient,
    parameters: gemini,
    inBody: {},
    reach: ["baseUrl", "apiKey", "headers"],
    url: "https://generativelanguage.googleapis.com",
    ...known(clientKinds.googlegenerativeai),
    otherKeyVariable: "GEMINI_API_KEY",
    needs: ["model"],
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
    reach: ["project", "location", "credentials"],
    needs: ["model"],
    catalogue: "google",
    fields: ({ model, project, location, credentials: account }) => ({
      model,
      ...(location && { location }),
      authOptions: {
        ...(project && { projectId: project }),
        ...(account && { credentials: { client_email: account.clientEmail, private_key: account.privateKey } }),
      },
    }),
  },
  anthropic: {
    package: "@langchain/anthropic",
    load: async () => (await import("@langchain/anthropic")).ChatAnthropic as unknown as ChatClient,
    parameters: {
      ...same("temperature", "maxTokens", "topP", "topK", "thinking"),
      ...clientKinds.anthropic.parameters,
    },
    inBody: {},
    bodyField: "invocationKwargs",
    reach: ["baseUrl", "apiKey", "headers", "body"],
    url: anthropic,
    urlVariables: ["ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"],
    ...known(clientKinds.anthropic),
    needs: ["model"],
    fields: ({ model, apiKey, baseUrl = anthropic, headers }) => ({
      model,
      apiKey,
      anthropicApiUrl: baseUrl,
      clientOptions: { authToken: null, ...(headers && { defaultHeaders: headers }) },
    }),
  },
  ollama: {
    package: "@langchain/ollama",
    load: async () => (await import("@langchain/ollama")).ChatOllama as unknown as ChatClient,
    parameters: {
      ...same("temperature", "topP", "topK", "typicalP", "seed", "frequencyPenalty", "presencePenalty"),
      ...same("repeatLastN", "numCtx", "numGpu", "numThread", "numBatch", "mirostat", "keepAlive"),
      repetitionPenalty: "repeatPenalty",
      thinking: "think",
      ...clientKinds.ollama.parameters,
    },
    inBody: {},
    reach: ["baseUrl", "apiKey", "headers"],
    url: ollama,
    urlVariables: ["OLLAMA_BASE_URL"],
    needs: ["model"],
    fields: ({ model, apiKey, baseUrl = ollama, headers }) => ({
      model,
      baseUrl: baseUrl.replace(/\/v1\/?$/, ""), // what is spoken is its own API
      headers: { ...(apiKey && { Authorization: `Bearer ${apiKey}` }), ...headers }, // a hosted one wants a key
    }),
  },
};

/** Not a literal: nobody has to install it for the compiler. */
const vertexai: string = "@langchain/google-vertexai";

/** How the models of a spec are made: OpenAI's client at another address may talk to any server that speaks its API. */
export function providerOf({ provider, baseUrl }: Pick<ModelSpec, "provider" | "baseUrl">): Provider {
  if (provider !== "openai" || baseUrl === undefined || isOpenai(baseUrl)) return providers[provider];
  const { keyVariable: _needless, ...own } = providers.openai;
  return { ...own, inBody: server.inBody };
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
