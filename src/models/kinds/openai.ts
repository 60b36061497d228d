import type { Runnable } from "@langchain/core/runnables";
import { type AnswerForm, type Client, type ClientKind, type ProviderRow, type Reached, same } from "../client-kind.js";
import { openaiHistory } from "../openai-history.js";
import { boundResponses, frankCompletions, isOpenai } from "../openai-sdk.js";

const url = "https://api.openai.com/v1";
const openrouter = "https://openrouter.ai/api/v1";

/** Unset, since keys of the environment that belong to OpenAI itself are not sent to others. */
const foreign = { organization: null, project: null } as const;

const making = {
  package: "@langchain/openai",
  className: "ChatOpenAI",
  // the client takes a seed per call only, and drops an effort for models it does not know to reason
  inBody: { seed: "seed", reasoningEffort: "reasoning_effort" },
  bodyField: "modelKwargs",
  reach: ["baseUrl", "apiKey", "headers", "body"],
} as const;

const facts = {
  parameters: same(
    ...["temperature", "maxTokens", "topP", "frequencyPenalty", "presencePenalty", "stop"],
    ...["logprobs", "topLogprobs", "verbosity"],
  ),
  options: { stop: "stop", seed: "seed" },
  ...{ switchesThinking: false, ignoresCallOptions: false },
  ...{ finishes: true, takesResponseFormat: true, takesSwitches: true, plainMessages: false },
  ...{ history: openaiHistory, tame: tameOpenai },
} as const;

/** What vLLM, llama.cpp, LM Studio, Ollama and gateways take beside OpenAI's own parameters. */
const server = {
  inBody: {
    ...making.inBody,
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
  ...making,
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
      // OpenAI's client at another address may talk to any server that speaks its API
      elsewhere: { keyVariable: undefined, inBody: server.inBody },
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
  ...making,
  className: "AzureChatOpenAI",
  reach: [...making.reach, "apiVersion", "deployment"],
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
        azureOpenAIBasePath: "", // of the environment it would win over the file
        azureOpenAIApiInstanceName: "",
        azureOpenAIEndpoint: baseUrl,
        azureOpenAIApiDeploymentName: deployment,
        azureOpenAIApiVersion: apiVersion, // by default the latest one that is generally available
        configuration: { ...foreign, ...(headers && { defaultHeaders: headers }) },
      }),
    },
  },
} as const satisfies ClientKind;

function serverFields({ model, apiKey = "none", baseUrl, headers }: Reached, owner: object = foreign) {
  const configuration = { ...owner, baseURL: baseUrl, ...(headers && { defaultHeaders: headers }) };
  return { model, apiKey, configuration }; // a server of one's own may need no key; the client insists
}

function responseFormat(client: Client, { name, description, schema, strict }: AnswerForm) {
  if (client._useResponsesApi?.(undefined) === true) return undefined;
  const json_schema = { name, ...(description && { description }), schema, ...(strict !== undefined && { strict }) };
  // As a plain object it would make the client bind every tool as strict, and throw away an answer that is no JSON, though paid.
  return { response_format: { toJSON: () => ({ type: "json_schema", json_schema }) } };
}

/** Tames what is built on `ChatOpenAI`, under whichever name; another client stays as it is. */
export function tameOpenai(client: Runnable & Client, replyBytes: number): Runnable {
  if (typeof client.completions?._convertCompletionsMessageToBaseMessage !== "function") return client;
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
