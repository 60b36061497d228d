import { type ClientKind, same } from "../client-kind.js";
import { patchedSdk } from "../google-sdk.js";

/** Blocks its client can send (google-genai 2.3.2); it throws on any other one. */
const media: ReadonlySet<string> = new Set([
  ...["text", "image_url", "media", "image", "audio", "video", "file"],
  ...["text-plain", "executableCode", "codeExecutionResult"],
]);

export const google = {
  ...{ provider: "google", catalogue: "google", keyVariable: "GOOGLE_API_KEY", hosting: "anywhere" },
  parameters: { ...same("temperature", "topP", "topK"), maxTokens: "maxOutputTokens", stop: "stopSequences" },
  ...{ inBody: {}, bodyField: undefined, options: {} },
  ...{ thinkingIsBoolean: false, ignoresCallOptions: true }, // google-genai 2.3.2
  ...{ namesFinishReason: true, takesResponseFormat: true, hasOpenaiOptions: false, plainMessages: true },
  form: () => undefined,
  history: () => ({
    ...{ writers: ["google-genai", "google", "google-vertexai"], refusesEmpty: true, oneSystemMessage: true },
    ...{ blocks: new Set([...media, "thinking", "functionCall", "tool_use", "tool_call"]), resultBlocks: media },
    toolNames: { without: /^(?=[^a-zA-Z_])|[^a-zA-Z0-9_.:-]/g, length: 64 }, // ai.google.dev, FunctionDeclaration.name
  }),
  patch(client, bounds) {
    if (client.caller === undefined) return client;
    return Object.create(client, {
      caller: { value: Object.create(client.caller, { maxRetries: { value: 0 } }) },
      ...(client.client?.generateContentStream !== undefined && {
        client: { value: patchedSdk(client.client, bounds) },
      }),
    });
  },
  package: "@langchain/google-genai",
  className: "ChatGoogleGenerativeAI",
  connectionFields: ["baseUrl", "apiKey", "headers"],
  embeddingsClass: "GoogleGenerativeAIEmbeddings",
  providers: {
    "google-genai": {
      otherNames: ["google", "gemini"],
      url: "https://generativelanguage.googleapis.com",
      urlVariables: [],
      otherKeyVariable: "GEMINI_API_KEY",
      needs: [["model"]],
      fields: ({ model, apiKey, baseUrl, headers }) => ({
        model,
        apiKey,
        ...(baseUrl && { baseUrl: baseUrl.replace(/\/v1(beta)?\/?$/, "") }), // the client adds its version
        ...(headers && { customHeaders: headers }),
      }),
    },
    // Config files only: other clients share its `_llmType()`
    "google-vertexai": {
      package: "@langchain/google-vertexai",
      className: "ChatVertexAI",
      embeddingsClass: "VertexAIEmbeddings",
      keyVariable: undefined,
      connectionFields: ["project", "location", "credentials"],
      otherNames: ["vertex"],
      url: undefined,
      urlVariables: [],
      needs: [["model"]],
      fields: ({ model, project, location, credentials: account }) => ({
        model,
        ...(location && { location }),
        authOptions: {
          ...(project && { projectId: project }),
          ...(account && { credentials: { client_email: account.clientEmail, private_key: account.privateKey } }),
        },
      }),
    },
  },
} as const satisfies ClientKind;
