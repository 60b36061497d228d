import { isSelfHosted, type Provider, providerCalled } from "../models/providers.js";
import { type Data, isObject } from "../text/value-at.js";
import { type FieldNames, foreignFields, leftOut, namesFor } from "./foreign-fields.js";
import { foreignParameters } from "./foreign-parameters.js";
import type { Origin } from "./origins.js";
import { isPresent, type Places, textOrEmpty, type Warning } from "./translated.js";

/** Default addresses of servers. */
const addresses: Readonly<Record<string, string>> = {
  universal: "http://127.0.0.1:11540/v1",
  lemonade: "http://127.0.0.1:11534/api/v1",
  vllm: "http://127.0.0.1:8000/v1",
  lmstudio: "http://127.0.0.1:1234/v1",
  "llama.cpp": "http://127.0.0.1:8080/v1",
  llamacpp: "http://127.0.0.1:8080/v1",
  together: "https://api.together.xyz/v1",
};

const fieldNames: FieldNames = {
  model: ["model"],
  baseUrl: ["base_url"],
  apiKey: ["api_key"],
  apiVersion: ["api_version"],
  headers: ["headers"],
  description: ["description"],
  contextWindow: ["context_window"],
  capabilities: [],
  price: [],
  tier: [],
};
const readElsewhere: readonly string[] = [
  ...["name", "provider", "default", "model_api_parameters", "extra_body", "prompt", "prompts", "mcp_servers"],
];

/** Sections of the file that a model may refer to. */
export interface Referable {
  readonly prompts: Data;
  readonly servers: Data;
}

/** Translates one of `runtime.models`. */
export function runtimeModel(entry: Data, places: Places, { prompts, servers }: Referable) {
  const { theirs, ours } = places;
  const kind = textOrEmpty(entry.provider) || (isPresent(entry.base_url) ? "universal" : "");
  const provider = providerCalled(kind) ?? (kind || undefined);
  const { fields, origins, rest } = foreignFields(entry, namesFor(provider, fieldNames), places);
  const { baseUrl = Object.hasOwn(addresses, kind) ? addresses[kind] : undefined } = fields;
  const own: Data = { provider, ...fields, ...(baseUrl !== undefined && { baseUrl }) };
  const parameters = foreignSettings(entry, "model_api_parameters", "parameters", own, places, isSelfHosted);
  const body = foreignSettings(entry, "extra_body", "body", own, places, ({ bodyField }) => bodyField !== undefined);
  const named = [entry.prompts, entry.prompt].find((each) => isPresent(each) && [each].flat().length > 0);
  const granted = isPresent(entry.mcp_servers) ? [entry.mcp_servers].flat() : Object.keys(servers);
  const from = (field: string, theirField: string): Origin => [
    [...ours, field],
    [...theirs, theirField],
  ];
  const promptField = isPresent(entry.prompts) ? "prompts" : "prompt";
  return {
    data: {
      ...own,
      ...merged(parameters.fields, body.fields),
      ...promptOf(named ?? Object.keys(prompts), prompts), // by default, all of them
      mcpServers: granted.map((server) => (isObject(server) ? server.name : server)),
    },
    origins: [
      ...origins,
      ...[from("provider", "provider"), from("mcpServers", "mcp_servers")],
      ...[from("prompt", promptField), from("systemPrompt", promptField)],
      ...parameters.origins,
      ...body.origins,
    ],
    warnings: [...leftOut(without(rest, readElsewhere), theirs), ...parameters.warnings, ...body.warnings],
  };
}

/** Translates a field of parameters; unknown ones are passed on if the provider `passesUnknown`. */
function foreignSettings(
  entry: Data,
  field: string,
  ourField: "parameters" | "body",
  model: Data,
  { theirs, ours }: Places,
  passesUnknown: (provider: Provider) => boolean,
): { readonly fields: Data; readonly origins: readonly Origin[]; readonly warnings: readonly Warning[] } {
  const given = entry[field];
  const at = [...theirs, field];
  const move: Origin = [[...ours, ourField], at];
  if (!isPresent(given)) return { fields: {}, origins: [], warnings: [] };
  if (!isObject(given)) return { fields: { [ourField]: given }, origins: [move], warnings: [] };
  const settings = foreignParameters(given, model, { theirs: at, ours }, passesUnknown);
  return { ...settings, origins: [move, ...settings.origins] };
}

/** Merges fields; a value that is not an object is kept for the schema to report. */
function merged(one: Data, other: Data): Data {
  const joined = Object.entries(other).map(([field, value]) => {
    const before = one[field];
    return [field, isObject(before) && isObject(value) ? { ...before, ...value } : (before ?? value)];
  });
  return { ...one, ...Object.fromEntries(joined) };
}

const without = (given: Data, names: readonly string[]): Data =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));

/** Returns one prompt by name, several joined, or the text itself if it has spaces; skips prompts without system messages. */
function promptOf(named: unknown, prompts: Data): Data {
  if (typeof named === "string" && !Object.hasOwn(prompts, named) && /\s/.test(named)) return { systemPrompt: named };
  const names = [named].flat().map(textOrEmpty);
  const unknown = names.find((name) => !Object.hasOwn(prompts, name));
  if (unknown !== undefined) return { prompt: unknown };
  const read = names.filter((name) => prompts[name] !== "");
  if (read.length < 2) return read.length === 0 ? {} : { prompt: read[0] };
  return { systemPrompt: read.map((name) => prompts[name]).join("\n\n") };
}
