import type { ProviderName } from "./config-file.js";
import type { Path } from "./read-document.js";

type Data = Readonly<Record<string, unknown>>;

/** A file of another system in our own form, and where in it each part of ours comes from. */
export interface Translated {
  readonly data: Record<string, unknown>;
  /** The place in the file of a place in our data. */
  place(path: Path): Path;
}

export const isObject = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Puts a file that is in another system's format into ours; a file in ours is left as it is. */
export function translate(data: unknown): Translated {
  if (isObject(data) && Object.keys(data).some((key) => key.startsWith("llm:"))) return fromRegistry(data);
  if (isObject(data) && isObject(data.runtime)) return fromRuntime(data);
  return { data: (isObject(data) ? { ...data } : data) as Record<string, unknown>, place: (path) => path };
}

/** The first of several names that an object has. */
const first = (data: Data, ...names: readonly string[]) =>
  names.map((name) => data[name]).find((value) => value !== undefined);

const without = (data: Data, names: readonly string[]) =>
  Object.fromEntries(Object.entries(data).filter(([name, value]) => !names.includes(name) && value != null));

const defined = (data: Data) => Object.fromEntries(Object.entries(data).filter(([, value]) => value !== undefined));

const classes: Readonly<Record<string, ProviderName>> = {
  OpenAIConfig: "openai",
  AzureConfig: "azure",
  AzureOpenAIConfig: "azure",
  GeminiConfig: "google-genai",
  GoogleConfig: "google-genai",
  AnthropicConfig: "anthropic",
  OllamaConfig: "ollama",
};

const names = {
  model: ["model", "model_name", "model_id"],
  baseUrl: ["azure_endpoint", "endpoint", "base_url", "api_base", "url"],
  apiKey: ["api_key", "azure_api_key", "key"],
  apiVersion: ["api_version"],
  deployment: ["deployment", "deployment_name", "azure_deployment"],
} as const;

/** A registry of resources: keys `llm:fast`, entries with a `_class`; other resources (`langfuse:…`) are not ours. */
function fromRegistry(data: Data): Translated {
  const places = new Map<string, string>();
  const models = Object.entries(data).flatMap(([key, entry]) => {
    if (!key.startsWith("llm:")) return [];
    const name = key.slice("llm:".length);
    places.set(name, key);
    return [[name, isObject(entry) ? registryModel(entry) : entry] as const];
  });
  return {
    data: { models: Object.fromEntries(models) },
    place: ([, name, ...rest]) => {
      const key = places.get(String(name));
      return key === undefined
        ? []
        : [key, ...rest.slice(0, 1).flatMap((part) => (part === "parameters" ? rest.slice(1) : [part]))];
    },
  };
}

function registryModel(entry: Data): Data {
  const kind = String(entry._class ?? "");
  const fields = defined(
    Object.fromEntries(Object.entries(names).map(([ours, theirs]) => [ours, first(entry, ...theirs)])),
  );
  const parameters = without(entry, ["_class", "description", ...Object.values(names).flat()]);
  return {
    provider: classes[kind.slice(kind.lastIndexOf(".") + 1)] ?? kind,
    ...fields,
    ...(typeof entry.description === "string" ? { description: entry.description } : {}),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
  };
}

/** A `runtime` with a list of models, prompts by name, and `mcp.servers`. */
function fromRuntime(data: Data): Translated {
  const runtime = data.runtime as Data;
  const list = Array.isArray(runtime.models) ? runtime.models : [];
  const index = new Map(list.map((entry, position) => [String(isObject(entry) ? entry.name : position), position]));
  const models = list.map((entry, position) => [
    isObject(entry) && typeof entry.name === "string" ? entry.name : String(position),
    isObject(entry) ? runtimeModel(entry) : entry,
  ]);
  const servers = isObject(data.mcp) && Array.isArray(data.mcp.servers) ? data.mcp.servers.filter(isObject) : [];
  return {
    data: defined({
      default: runtime.default_model,
      models: Object.fromEntries(models),
      prompts: promptsOf(data.prompts),
      mcpServers:
        servers.length > 0 ? Object.fromEntries(servers.map((server) => [server.name, mcpServer(server)])) : undefined,
    }),
    place: ([part, name, ...rest]) => {
      const position = index.get(String(name));
      if (part !== "models" || position === undefined)
        return part === "default" ? ["runtime", "default_model"] : [String(part)];
      const [field, ...deeper] = rest;
      const theirs: Record<string, string> = {
        parameters: "model_api_parameters",
        baseUrl: "base_url",
        apiKey: "api_key",
      };
      return ["runtime", "models", position, ...(field === undefined ? [] : [theirs[field] ?? field]), ...deeper];
    },
  };
}

const runtimeProviders: Readonly<Record<string, ProviderName>> = {
  universal: "openai-compatible",
  vllm: "openai-compatible",
  together: "openai-compatible",
  lmstudio: "openai-compatible",
  lemonade: "openai-compatible",
  "llama.cpp": "openai-compatible",
  google: "google-genai",
  gemini: "google-genai",
};

function runtimeModel(entry: Data): Data {
  const kind = String(entry.provider ?? "");
  const prompt = Array.isArray(entry.prompts) ? entry.prompts[0] : entry.prompt;
  return defined({
    provider: runtimeProviders[kind] ?? kind,
    model: entry.model,
    baseUrl: entry.base_url,
    apiKey: entry.api_key,
    description: entry.description,
    default: entry.default,
    parameters: entry.model_api_parameters,
    prompt,
    mcpServers: entry.mcp_servers,
  });
}

/** Prompts as a record of texts, or as a list of messages by name. */
function promptsOf(prompts: unknown): unknown {
  if (!Array.isArray(prompts)) return prompts;
  return Object.fromEntries(
    prompts.filter(isObject).map(({ name, messages, content }) => {
      const said = Array.isArray(messages) ? messages.filter(isObject).map((message) => message.content) : [content];
      return [name, said.filter((part) => typeof part === "string").join("\n\n")];
    }),
  );
}

function mcpServer(server: Data): Data {
  const { transport, command, args, env, headers } = server;
  const url = first(server, "url", "base_url");
  return defined({ transport, command, args, env, headers, url });
}
