import type { ClientKind } from "../client-kind.js";
import { anthropic } from "../kinds/anthropic.js";
import { google } from "../kinds/google.js";
import { ollama } from "../kinds/ollama.js";
import { azureOpenai, openai } from "../kinds/openai.js";

/** What is known of a provider's client before it is made. */
export interface NamedProvider {
  readonly package: string;
  readonly className: string;
  /** `_llmType()` of the client, by which its kind is found; a client of another kind says its own. */
  readonly type?: string;
  /** Provider in `@pydantic/genai-prices`. */
  readonly catalogue: string | undefined;
  /** Environment variables with its key, one of which must be set; empty where a client finds its credentials in other places. */
  readonly keys: readonly string[];
}

function ofKind(type: string, { package: name, className, catalogue, keyVariable }: ClientKind, ...more: string[]) {
  const keys = keyVariable === undefined ? [] : [keyVariable, ...more];
  return { package: name, className, type, catalogue, keys } satisfies NamedProvider;
}

const other = (name: string, className: string, catalogue: string | undefined, ...keys: string[]): NamedProvider => ({
  ...{ package: `@langchain/${name}`, className, catalogue, keys },
});

/** Providers by the names that LangChain's `initChatModel` has for them (langchain 1.5), with the variables their clients read. */
export const namedProviders = {
  openai: ofKind("openai", openai),
  anthropic: ofKind("anthropic", anthropic),
  azure_openai: ofKind("openai", azureOpenai),
  "google-genai": ofKind("googlegenerativeai", google),
  ollama: ofKind("ollama", ollama),
  google: other("google", "ChatGoogle", "google"),
  "google-vertexai": other("google-vertexai", "ChatVertexAI", "google"),
  "google-vertexai-web": other("google-vertexai-web", "ChatVertexAI", "google"),
  bedrock: other("aws", "ChatBedrockConverse", "aws"),
  aws: other("aws", "ChatBedrockConverse", "aws"),
  cerebras: other("cerebras", "ChatCerebras", "cerebras", "CEREBRAS_API_KEY"),
  cohere: other("cohere", "ChatCohere", "cohere", "COHERE_API_KEY"),
  deepseek: other("deepseek", "ChatDeepSeek", "deepseek", "DEEPSEEK_API_KEY"),
  fireworks: other("fireworks", "ChatFireworks", "fireworks"),
  groq: other("groq", "ChatGroq", "groq", "GROQ_API_KEY"),
  mistral: other("mistralai", "ChatMistralAI", "mistral", "MISTRAL_API_KEY"),
  mistralai: other("mistralai", "ChatMistralAI", "mistral", "MISTRAL_API_KEY"),
  perplexity: other("perplexity", "ChatPerplexity", "perplexity"),
  together: other("together-ai", "ChatTogetherAI", "together"),
  xai: other("xai", "ChatXAI", "x-ai", "XAI_API_KEY"),
} as const satisfies Readonly<Record<string, NamedProvider>>;

export type NamedProviderName = keyof typeof namedProviders;

/** A model by its provider and id, `"openai:gpt-4o-mini"`, with the providers' names of LangChain's `initChatModel`. */
export type ModelName = `${NamedProviderName}:` | (`${string}:${string}` & Record<never, never>); // the first part completes in editors
