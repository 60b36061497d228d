import type { ProviderName } from "../../models/client-kinds.js";
import { didYouMean } from "../../text/nearest-name.js";
import { parameterNamed } from "../models/parameters.js";
import type { Remark } from "../text/problems.js";
import type { Path } from "../text/read-document.js";
import { type Data, isObject } from "../text/value-at.js";
import { type FieldNames, foreignFields, leftOut, namesFor } from "./foreign-fields.js";
import { foreignParameters } from "./foreign-parameters.js";
import { type Origin, originBy } from "./origins.js";
import { isPresent, numberOrUndefined, type Translated, textOrEmpty, type Warning } from "./translated.js";

const prefix = "llm:";

/** Providers by class of a resource, or by the type that newer files write instead. */
const kinds: Readonly<Record<string, ProviderName>> = {
  OpenAIConfig: "openai",
  AzureConfig: "azure",
  AzureOpenAIConfig: "azure",
  GeminiConfig: "google-genai",
  GoogleConfig: "google-genai",
  VertexConfig: "google-vertexai",
  AnthropicConfig: "anthropic",
  OllamaConfig: "ollama",
  openai: "openai",
  azure: "azure",
  vllm: "openai-compatible",
  gemini: "google-genai",
};
/** Fields that may name the kind, in order of precedence: an `OpenAIConfig` may have `api_type: azure`. */
const kindFields = ["api_type", "type", "_class"] as const;

const fieldNames: FieldNames = {
  model: ["model", "model_name", "model_id"],
  baseUrl: ["base_url", "api_base", "endpoint", "url"],
  apiKey: ["api_key", "azure_api_key", "key"],
  apiVersion: ["api_version"],
  deployment: ["deployment", "deployment_name", "azure_deployment"],
  project: ["project_id", "project"],
  location: ["location", "region"],
  "credentials.clientEmail": ["client_email"],
  "credentials.privateKey": ["private_key"],
  headers: ["headers", "default_headers"],
  description: ["description"],
  systemPrompt: ["system_prompt"],
  "price.input": ["cost_per_input_token"],
  "price.output": ["cost_per_output_token"],
  "retry.maxRetries": ["max_retries"],
};
const azureNames: FieldNames = { ...fieldNames, baseUrl: ["azure_endpoint", ...fieldNames.baseUrl!] };
/** Fields of a service account that signing with its key does not need. */
const ignoredFields: readonly string[] = [
  ...["private_key_id", "client_id", "auth_uri", "token_uri", "universe_domain"],
  ...["auth_provider_x509_cert_url", "client_x509_cert_url"],
];

/** Returns whether a key of a file names a model of a registry: `llm:fast`. */
export const isModelKey = (key: string): boolean => key.startsWith(prefix);

/** Translates the models of a registry of resources: keys like `llm:fast`, entries with a `_class` or an `api_type`. */
export function translateRegistry(data: Data): Translated {
  const models: Record<string, unknown> = {};
  const origins: Origin[] = [];
  const problems: Remark[] = [];
  const warnings: Warning[] = [];
  const ignored: Path[] = [];
  for (const [key, entry] of Object.entries(data)) {
    if (!isModelKey(key)) continue;
    const name = key.slice(prefix.length);
    origins.push([["models", name], [key]]);
    if (!isObject(entry)) {
      models[name] = entry;
      continue;
    }
    const model = registryModel(entry, key, name);
    models[name] = model.data;
    origins.push(...model.origins);
    problems.push(...model.problems);
    warnings.push(...model.warnings);
    ignored.push(...model.ignored);
  }
  return { data: { models }, place: originBy(origins), problems, warnings, ignored };
}

function registryModel(entry: Data, key: string, name: string) {
  const places = { theirs: [key], ours: ["models", name] };
  const { provider, field } = kindOfEntry(entry);
  const names = namesFor(provider, provider === "azure" ? azureNames : fieldNames);
  const { fields, origins, rest } = foreignFields(entry, names, places);
  const { price, unread } = priceOf(fields.price, key);
  const ignored = [
    ...kindFields.slice(kindFields.indexOf(field)),
    ...(provider === "google-vertexai" ? ignoredFields : []),
  ];
  const left = Object.entries(rest).filter(([each]) => !ignored.includes(each));
  const parameters = Object.fromEntries(left.filter(([each]) => parameterNamed(each) !== undefined));
  const others = Object.fromEntries(left.filter(([each]) => parameterNamed(each) === undefined));
  // unknown fields configure a class of that system, so no request is sent them
  const settings = foreignParameters(parameters, { provider, baseUrl: fields.baseUrl }, places, () => false);
  const kind: Origin = [
    [...places.ours, "provider"],
    [key, field],
  ];
  return {
    data: { provider, ...fields, price, ...settings.fields },
    origins: [kind, ...origins, ...settings.origins],
    problems: provider === undefined ? [{ path: [key, field], message: unknownKind(entry[field]) }] : [],
    ignored: ignored.filter((each) => Object.hasOwn(rest, each)).map((each) => [key, each]),
    warnings: [...settings.warnings, ...unread, ...leftOut(others, [key])],
  };
}

/** Returns the provider of an entry, and the field that names it. */
function kindOfEntry(entry: Data): {
  readonly provider: ProviderName | undefined;
  readonly field: (typeof kindFields)[number];
} {
  const nameIn = (field: string) => textOrEmpty(entry[field]).split(".").at(-1)!; // a class may be prefixed by its module
  const field = kindFields.find((each) => Object.hasOwn(kinds, nameIn(each)));
  if (field === undefined)
    return { provider: undefined, field: kindFields.find((each) => isPresent(entry[each])) ?? "_class" };
  const provider = kinds[nameIn(field)]!;
  const isThereAny = (...names: readonly string[]) => names.some((each) => isPresent(entry[each]));
  if (provider === "openai" && isThereAny("azure_endpoint")) return { provider: "azure", field };
  const isAccount = isThereAny("project_id", "project", "private_key", "client_email");
  const isVertex = provider === "google-genai" && isAccount && !isThereAny("api_key", "apiKey", "key");
  return { provider: isVertex ? "google-vertexai" : provider, field };
}

/** Converts costs per token to a price per million tokens; both costs are required. */
function priceOf(costs: unknown, key: string): { readonly price?: Data; readonly unread: readonly Warning[] } {
  if (!isObject(costs)) return { unread: [] };
  const { input, output } = costs;
  if (input !== undefined && output !== undefined) {
    return { price: { input: perMillion(input), output: perMillion(output) }, unread: [] };
  }
  const [written, missing] = input === undefined ? ["output", "input"] : ["input", "output"];
  const message = `is ignored without cost_per_${missing}_token`;
  return { unread: [{ path: [key, `cost_per_${written}_token`], message }] };
}

function perMillion(cost: unknown): unknown {
  const number = numberOrUndefined(cost);
  return number === undefined ? cost : Number((number * 1e6).toPrecision(12)); // .00000015 is .15, not .14999…
}

function unknownKind(written: unknown): string {
  const known = Object.keys(kinds).filter((kind) => kind.endsWith("Config"));
  const name = textOrEmpty(written).split(".").at(-1)!;
  return `${name === "" ? "is missing" : "is an unknown class"}; write one of ${known.join(", ")}${didYouMean(name, known)}`;
}
