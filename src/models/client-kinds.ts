/** Facts about one kind of client, keyed by its `_llmType()`. */
export interface ClientKind {
  readonly provider: string;
  /** Provider id in `@pydantic/genai-prices`; absent where prices do not follow from the model id. */
  readonly catalogue?: string;
  readonly keyVariable?: string;
  /** Our names of parameters to those of its fields, where they differ. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Settings it takes with a call, and what it calls them there. */
  readonly options?: Readonly<Record<string, string>>;
  readonly finishes?: true;
  readonly responseFormat?: true;
  /** Ignores `signal` on invoke and `maxRetries` per call (google-genai 2.3.2). */
  readonly ignoresCallOptions?: true;
}

/** Kinds of client; the providers of a file take their key, their catalogue and the names of their parameters from here. */
export const clientKinds = {
  openai: {
    provider: "openai",
    catalogue: "openai",
    keyVariable: "OPENAI_API_KEY",
    parameters: {},
    options: { stop: "stop", seed: "seed" },
    finishes: true,
    responseFormat: true,
  },
  azure_openai: {
    provider: "azure",
    catalogue: "azure",
    keyVariable: "AZURE_OPENAI_API_KEY",
    parameters: {},
    options: { stop: "stop", seed: "seed" },
    finishes: true,
    responseFormat: true,
  },
  googlegenerativeai: {
    provider: "google",
    catalogue: "google",
    keyVariable: "GOOGLE_API_KEY",
    parameters: { maxTokens: "maxOutputTokens", stop: "stopSequences" },
    finishes: true,
    responseFormat: true,
    ignoresCallOptions: true,
  },
  anthropic: {
    provider: "anthropic",
    catalogue: "anthropic",
    keyVariable: "ANTHROPIC_API_KEY",
    parameters: { stop: "stopSequences" },
    finishes: true,
    responseFormat: true,
  },
  ollama: { provider: "ollama", parameters: { maxTokens: "numPredict" }, options: { stop: "stop" } },
  llama_cpp: { provider: "llama.cpp", parameters: {} },
} as const satisfies Readonly<Record<string, ClientKind>>;
