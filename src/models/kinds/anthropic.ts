import { boundedFetch } from "../bounded-fetch.js";
import { type ClientKind, same } from "../client-kind.js";

const url = "https://api.anthropic.com";
/** The SDK's own default. Unless it is given, the SDK refuses a whole answer of more than 21,333 tokens, as coding agents ask for. */
const usualTimeout = 600_000;

export const anthropic = {
  ...{ provider: "anthropic", catalogue: "anthropic", keyVariable: "ANTHROPIC_API_KEY", hosting: "anywhere" },
  parameters: { ...same("temperature", "maxTokens", "topP", "topK", "thinking"), stop: "stopSequences" },
  ...{ inBody: {}, bodyField: "invocationKwargs", options: {} },
  ...{ thinkingIsBoolean: false, ignoresCallOptions: false },
  ...{ namesFinishReason: true, takesResponseFormat: true, hasOpenaiOptions: false, plainMessages: false },
  form: () => undefined,
  history: () => ({
    writers: ["anthropic"],
    callId: /^[a-zA-Z0-9_-]+$/, // platform.claude.com/docs, "Messages": tool_use.id
    toolNames: { without: /[^a-zA-Z0-9_-]/g, length: 128 },
    refusesEmpty: true,
  }),
  /** Resets the connections, so that new ones use the limited `fetch`. */
  patch(client, bounds) {
    const { clientOptions } = client;
    if (clientOptions === undefined) return client;
    const fetch = boundedFetch(clientOptions.fetch, bounds);
    return Object.create(client, {
      clientOptions: { value: { timeout: usualTimeout, ...clientOptions, fetch } },
      batchClient: { value: undefined, writable: true },
      streamingClient: { value: undefined, writable: true },
    });
  },
  package: "@langchain/anthropic",
  className: "ChatAnthropic",
  connectionFields: ["baseUrl", "apiKey", "headers", "body"],
  providers: {
    anthropic: {
      ...{ otherNames: ["claude"], url, urlVariables: ["ANTHROPIC_API_URL", "ANTHROPIC_BASE_URL"], needs: [["model"]] },
      fields: ({ model, apiKey, baseUrl = url, headers }) => ({
        model,
        apiKey,
        anthropicApiUrl: baseUrl.replace(/\/v1\/?$/, ""), // the client adds it
        clientOptions: { authToken: null, ...(headers && { defaultHeaders: headers }) },
      }),
    },
  },
} as const satisfies ClientKind;
