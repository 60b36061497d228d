import { didYouMean } from "../models/nearest-name.js";
import { foreignParameters } from "./foreign-parameters.js";
import type { ProviderName } from "./model-spec.js";
import { type Move, placeBy } from "./moves.js";
import { type Data, isObject, type Remark, type Translated, textIn } from "./translated.js";

const prefix = "llm:";

const classes: Readonly<Record<string, ProviderName>> = {
  OpenAIConfig: "openai",
  AzureConfig: "azure",
  AzureOpenAIConfig: "azure",
  GeminiConfig: "google-genai",
  GoogleConfig: "google-genai",
  VertexConfig: "google-vertexai",
  AnthropicConfig: "anthropic",
  OllamaConfig: "ollama",
};

const fieldNames = {
  model: ["model", "model_name", "model_id"],
  baseUrl: ["azure_endpoint", "endpoint", "base_url", "api_base", "url"],
  apiKey: ["api_key", "azure_api_key", "key"],
  apiVersion: ["api_version"],
  deployment: ["deployment", "deployment_name", "azure_deployment"],
  project: ["project", "project_id"],
  location: ["location", "region"],
  headers: ["headers", "default_headers"],
  description: ["description"],
  systemPrompt: ["system_prompt"],
} as const;

/** A registry of resources: keys `llm:fast`, entries with a `_class`; other resources (`langfuse:…`) are not ours. */
export function translateRegistry(data: Data): Translated {
  const models: Record<string, unknown> = {};
  const moves: Move[] = [];
  const problems: Remark[] = [];
  const warnings: Remark[] = [];
  for (const [key, entry] of Object.entries(data)) {
    if (!key.startsWith(prefix)) continue;
    const name = key.slice(prefix.length);
    const ours = ["models", name];
    moves.push(
      [ours, [key]],
      [
        [...ours, "provider"],
        [key, "_class"],
      ],
    );
    if (!isObject(entry)) {
      models[name] = entry;
      continue;
    }
    const { _class: path, ...given } = entry;
    const kind = textIn(path).split(".").at(-1)!;
    const provider = Object.hasOwn(classes, kind) ? classes[kind] : undefined;
    if (provider === undefined) problems.push({ path: [key, "_class"], message: unknownClass(kind) });
    const model: Record<string, unknown> = { provider };
    const rest = { ...given };
    for (const [field, names] of Object.entries(fieldNames)) {
      const theirs = names.find((each) => rest[each] !== undefined && rest[each] !== null);
      if (theirs === undefined) continue;
      model[field] = rest[theirs];
      moves.push([
        [...ours, field],
        [key, theirs],
      ]);
      delete rest[theirs];
    }
    const { max_retries: maxRetries, ...parameters } = rest;
    if (typeof maxRetries === "number") model.retry = { maxRetries };
    const settings = foreignParameters(parameters, { provider, baseUrl: model.baseUrl }, { theirs: [key], ours });
    moves.push(...settings.moves);
    warnings.push(...settings.warnings);
    models[name] = { ...model, ...settings.fields };
  }
  return { data: { models }, place: placeBy(moves), problems, warnings };
}

function unknownClass(kind: string): string {
  const known = Object.keys(classes);
  return `${kind === "" ? "is missing" : "is no class that is known"}; write one of ${known.join(", ")}${didYouMean(kind, known)}`;
}
