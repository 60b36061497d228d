import { boundedFetch } from "../bounded-fetch.js";
import { type ClientKind, same } from "../client-kind.js";

const url = "http://127.0.0.1:11434";

export const ollama = {
  ...{ provider: "ollama", catalogue: undefined, keyVariable: undefined, hosting: "here" },
  parameters: {
    ...same("temperature", "topP", "topK", "typicalP", "seed", "frequencyPenalty", "presencePenalty"),
    ...same("repeatLastN", "numCtx", "numGpu", "numThread", "numBatch", "mirostat", "keepAlive"),
    maxTokens: "numPredict",
    repetitionPenalty: "repeatPenalty",
    thinking: "think",
  },
  ...{ inBody: {}, bodyField: undefined, options: { stop: "stop" } },
  ...{ switchesThinking: true, ignoresCallOptions: false },
  ...{ finishes: false, takesResponseFormat: false, takesSwitches: false, plainMessages: false },
  form: (_, { schema }, tools) => (tools ? undefined : { format: schema }), // its servers call no tool while they keep to a format
  // its client sends tool calls beside a text or Claude's blocks only, and results as text only (ollama 1.3.0)
  history: () => ({ writers: ["ollama"], blocks: new Set(), resultBlocks: new Set() }),
  tame(client, replyBytes) {
    if (typeof client.client?.fetch !== "function") return client;
    const connection = Object.create(client.client, {
      fetch: { value: boundedFetch(client.client.fetch, replyBytes) },
    });
    return Object.create(client, { client: { value: connection } });
  },
  package: "@langchain/ollama",
  className: "ChatOllama",
  reach: ["baseUrl", "apiKey", "headers"],
  providers: {
    ollama: {
      ...{ otherNames: [], url, urlVariables: ["OLLAMA_BASE_URL"], needs: [["model"]] },
      fields: ({ model, apiKey, baseUrl = url, headers }) => ({
        model,
        baseUrl: baseUrl.replace(/\/v1\/?$/, ""), // what is spoken is its own API
        headers: { ...(apiKey && { Authorization: `Bearer ${apiKey}` }), ...headers }, // a hosted one wants a key
      }),
    },
  },
} as const satisfies ClientKind;
