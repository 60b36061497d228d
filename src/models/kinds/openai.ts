import type { Runnable } from "@langchain/core/runnables";
import type { ReplyBounds } from "../bounded-fetch.js";
import {
  type AnswerForm,
  type Client,
  type ClientKind,
  type Connection,
  type ProviderRow,
  same,
} from "../client-kind.js";
import { openaiHistory } from "../openai-history.js";
import { boundResponses, isOpenai, patchedCompletions } from "../openai-sdk.js";
import { withVersion } from "../version-path.js";

const url = "https://api.openai.com/v1";
const openrouter = "https://openrouter.ai/api/v1";

/** Unset for other servers, so that OpenAI's ids from the environment are not sent to them. */
const foreign = { organization: null, project: null } as const;

const setup = {
  package: "@langchain/openai",
  className: "ChatOpenAI",
  embeddingsClass: "OpenAIEmbeddings",
  // the client accepts `seed` per call only, and drops the effort for models it does not know as reasoning models
  inBody: { seed: "seed", reasoningEffort: "reasoning_effort" },
  bodyField: "modelKwargs",
  connectionFields: ["baseUrl", "apiKey", "headers", "body"],
} as const;

const facts = {
  parameters: same(
    ...["temperature", "maxTokens", "topP", "frequencyPenalty", "presencePenalty", "stop"],
    ...["logprobs", "topLogprobs", "verbosity"],
  ),
  options: { stop: "stop", seed: "seed" },
  ...{ thinkingIsBoolean: false, ignoresCallOptions: false },
  ...{ namesFinishReason: true, takesResponseFormat: true, hasOpenaiOptions: true, plainMessages: false },
  ...{ history: openaiHistory, patch: patchOpenai },
} as const;

/** Parameters of vLLM, llama.cpp, LM Studio, Ollama and gateways beyond those of OpenAI. */
const server = {
  inBody: {
    ...setup.inBody,
    topK: "top_k",
    minP: "min_p",
    typicalP: "typical_p",
    repetitionPenalty: "repetition_penalty",
    numCtx: "num_ctx",
  },
  urlVariables: [],
} satisfies Partial<ProviderRow>;

export const openai = {
  ...facts,
  ...setup,
  ...{ provider: "openai", catalogue: "openai", keyVariable: "OPENAI_API_KEY", hosting: "anywhere" },
  form: responseFormat,
  providers: {
    openai: {
      ...{ otherNames: [], url, urlVariables: ["OPENAI_API_BASE", "OPENAI_BASE_URL"], needs: [["model"]] },
      fields: (spec, { OPENAI_ORGANIZATION, OPENAI_ORG_ID, OPENAI_PROJECT_ID }) => {
        const { baseUrl = url } = spec;
        const own = { organization: OPENAI_ORGANIZATION || OPENAI_ORG_ID || null, project: OPENAI_PROJECT_ID || null };
        return serverFields({ ...spec, baseUrl }, isOpenai(baseUrl) ? own : foreign);
      },
      // at another address, any server with OpenAI's API may answer
      atOtherAddress: { keyVariable: undefined, inBody: server.inBody },
    },
    openrouter: {
      ...server,
      otherNames: [],
      url: openrouter,
      keyVariable: "OPENROUTER_API_KEY",
      catalogue: "openrouter",
      needs: [["model"]],
      fields: (spec) => serverFields({ baseUrl: openrouter, ...spec }),
    },
    "openai-compatible": {
      ...server,
      otherNames: ["universal", "vllm", "together", "lmstudio", "lemonade", "llama.cpp", "llamacpp"],
      url: undefined,
      keyVariable: undefined,
      catalogue: undefined,
      needs: [["model"], ["baseUrl"]],
      fields: (spec) => serverFields(spec),
    },
  },
} as const satisfies ClientKind;

export const azureOpenai = {
  ...facts,
  ...setup,
  className: "AzureChatOpenAI",
  embeddingsClass: "AzureOpenAIEmbeddings",
  connectionFields: [...setup.connectionFields, "apiVersion", "deployment"],
  ...{ provider: "azure", catalogue: "azure", keyVariable: "AZURE_OPENAI_API_KEY", hosting: "elsewhere" },
  form: () => undefined,
  providers: {
    azure: {
      otherNames: ["azure-openai"],
      url: undefined,
      urlVariables: [],
      needs: [["baseUrl"], ["deployment", "model"]],
      fields: ({ model, deployment = model, baseUrl, apiKey, apiVersion = "2024-10-21", headers }) => ({
        model,
        azureOpenAIApiKey: apiKey,
        azureOpenAIBasePath: "", // a value from the environment would override the file
        azureOpenAIApiInstanceName: "",
        azureOpenAIEndpoint: baseUrl?.replace(/\/openai(\/.*)?$/, ""), // the client adds the path
        azureOpenAIApiDeploymentName: deployment,
        azureOpenAIApiVersion: apiVersion, // default: latest generally available version
        configuration: { ...foreign, ...(headers && { defaultHeaders: headers }) },
      }),
    },
  },
} as const satisfies ClientKind;

function serverFields({ model, apiKey = "none", baseUrl, headers }: Connection, owner: object = foreign) {
  const fetch = baseUrl !== undefined && withVersion(baseUrl);
  const configuration = {
    ...owner,
    baseURL: baseUrl,
    ...(fetch && { fetch }),
    ...(headers && { defaultHeaders: headers }),
  };
  return { model, apiKey, configuration }; // the client requires a key, self-hosted servers may not
}

function responseFormat(client: Client, { name, description, schema, strict }: AnswerForm) {
  if (client._useResponsesApi?.(undefined) === true) return undefined;
  const json_schema = { name, ...(description && { description }), schema, ...(strict !== undefined && { strict }) };
  // a plain object would make the client bind every tool as strict and reject a paid answer that is not JSON
  return { response_format: { toJSON: () => ({ type: "json_schema", json_schema }) } };
}

/** Patches clients built on `ChatOpenAI`; returns others unchanged. */
export function patchOpenai(client: Runnable & Client, bounds: ReplyBounds): Runnable {
  if (typeof client.completions?._convertCompletionsMessageToBaseMessage !== "function") return client;
  const completions = patchedCompletions(client.completions, bounds);
  const responses = client.responses && boundResponses(client.responses, bounds);
  const parts = { completions, ...(responses && { responses }) };
  const fields = { ...client.fields, ...parts }; // the client copies `fields` when it binds tools
  return Object.create(client, {
    completions: { value: completions },
    ...(responses && { responses: { value: responses } }),
    fields: { value: fields },
  });
}
