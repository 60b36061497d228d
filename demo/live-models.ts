/** Finds the models that the environment gives access to. */
import type { ModelEntry } from "langgraph-multimodel";
import { findOllama, type Ollama, type OllamaModel } from "./ollama.js";

/** What can be asked; without a small model there is nothing. */
export interface LiveModels {
  /** By name of the node, first choice first. */
  readonly small: Readonly<Record<string, ModelEntry>>;
  /** Judges the small ones, and answers where they do not do. */
  readonly large?: ModelEntry;
  /** What was found where Ollama was looked for. */
  readonly ollama: Ollama;
}

/** Variables that hold keys. */
export const KEYS = ["OPENAI_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY"] as const;

/** The environment variables that are read. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const SMALL_OPENAI = "gpt-4o-mini";
export const LARGE_OPENAI = "gpt-4o";
export const SMALL_GOOGLE = "gemini-2.5-flash";
const CLOUD_TIMEOUT_MS = 60_000;
const MOST_LOCAL = 2;
/** A local server may have to load the model first. */
const LOCAL_TIMEOUT_MS = 300_000;
const RETRY = { maxRetries: 1 };

/** Looks for keys and for an Ollama server. */
export async function findLiveModels(environment: Environment): Promise<LiveModels> {
  const read = (name: string) => environment[name]?.trim() || undefined;
  const openaiKey = read("OPENAI_API_KEY");
  const openaiUrl = read("OPENAI_BASE_URL");
  const googleKey = read("GOOGLE_API_KEY") ?? read("GEMINI_API_KEY");
  const ollama = await findOllama(read("OLLAMA_HOST"));
  return {
    small: {
      ...(googleKey && { gemini: await gemini(googleKey, read("GOOGLE_BASE_URL")) }),
      ...(openaiKey && { openai: await openai(SMALL_OPENAI, openaiKey, openaiUrl) }),
      ...("models" in ollama && (await local(ollama.url, ollama.models))),
    },
    ...(openaiKey && { large: await openai(LARGE_OPENAI, openaiKey, openaiUrl) }),
    ollama,
  };
}

async function gemini(apiKey: string, baseUrl: string | undefined): Promise<ModelEntry> {
  const { ChatGoogleGenerativeAI } = await import("@langchain/google-genai");
  const model = new ChatGoogleGenerativeAI({ model: SMALL_GOOGLE, apiKey, ...(baseUrl && { baseUrl }) });
  return { model, timeout: CLOUD_TIMEOUT_MS, retry: RETRY };
}

async function openai(id: string, apiKey: string, baseURL: string | undefined): Promise<ModelEntry> {
  const { ChatOpenAI } = await import("@langchain/openai");
  const model = new ChatOpenAI({ model: id, apiKey, ...(baseURL && { configuration: { baseURL } }) });
  return { model, timeout: CLOUD_TIMEOUT_MS, retry: RETRY };
}

/** The first models of the server, through its OpenAI-compatible endpoint; what runs there costs nothing a token. */
async function local(url: string, models: readonly OllamaModel[]): Promise<Record<string, ModelEntry>> {
  const { ChatOpenAI } = await import("@langchain/openai");
  const entries = models.slice(0, MOST_LOCAL).map(({ name, isLocal }, index): [string, ModelEntry] => {
    const model = new ChatOpenAI({ model: name, apiKey: "ollama", configuration: { baseURL: `${url}/v1` } });
    const price = isLocal ? { input: 0, output: 0 } : null;
    const entry = { model, provider: "ollama", price, timeout: LOCAL_TIMEOUT_MS, retry: RETRY };
    return [index === 0 ? "ollama" : `ollama_${index + 1}`, entry];
  });
  return Object.fromEntries(entries);
}
