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
  ...{ thinkingIsBoolean: true, ignoresCallOptions: false },
  ...{ namesFinishReason: false, takesResponseFormat: false, hasOpenaiOptions: false, plainMessages: false },
  form: (_, { schema }, tools) => (tools ? undefined : { format: schema }), // no tool calls together with a format
  // the client sends tool calls only beside text or Claude's blocks, and results only as text (ollama 1.3.0)
  history: () => ({ writers: ["ollama"], blocks: new Set(), resultBlocks: new Set() }),
  patch(client, bounds) {
    if (typeof client.client?.fetch !== "function") return client;
    const connection = Object.create(client.client, {
      fetch: { value: boundedFetch(client.client.fetch, bounds) },
    });
    return Object.create(client, { client: { value: connection } });
  },
  package: "@langchain/ollama",
  className: "ChatOllama",
  connectionFields: ["baseUrl", "apiKey", "headers"],
  embeddingsClass: "OllamaEmbeddings",
  providers: {
    ollama: {
      ...{ otherNames: [], url, urlVariables: ["OLLAMA_BASE_URL"], needs: [["model"]] },
      fields: ({ model, apiKey, baseUrl = url, headers }) => ({
        model,
        baseUrl: baseUrl.replace(/\/(v1|api)\/?$/, ""), // the client uses Ollama's own API
        headers: { ...(apiKey && { Authorization: `Bearer ${apiKey}` }), ...headers }, // hosted Ollama needs a key
      }),
    },
  },
} as const satisfies ClientKind;
