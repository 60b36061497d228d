import { isOpen, type Provider, providerCalled } from "../models/providers.js";
import { type FieldNames, foreignFields, leftOut, namesFor } from "./foreign-fields.js";
import { foreignParameters } from "./foreign-parameters.js";
import type { Move } from "./moves.js";
import { type Data, isObject, isThere, type Places, textIn, type Warning } from "./translated.js";

/** Where servers of one's own are when nobody says. */
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
const readOtherwise: readonly string[] = [
  ...["name", "provider", "default", "model_api_parameters", "extra_body", "prompt", "prompts", "mcp_servers"],
];

/** What a model may refer to: prompts and servers of the file. */
export interface Referable {
  readonly prompts: Data;
  readonly servers: Data;
}

/** One of `runtime.models`. */
export function runtimeModel(entry: Data, places: Places, { prompts, servers }: Referable) {
  const { theirs, ours } = places;
  const kind = textIn(entry.provider) || (isThere(entry.base_url) ? "universal" : "");
  const provider = providerCalled(kind) ?? (kind || undefined);
  const { fields, moves, rest } = foreignFields(entry, namesFor(provider, fieldNames), places);
  const { baseUrl = Object.hasOwn(addresses, kind) ? addresses[kind] : undefined } = fields;
  const own: Data = { provider, ...fields, ...(baseUrl !== undefined && { baseUrl }) };
  const parameters = settingsOf(entry, "model_api_parameters", "parameters", own, places, isOpen);
  const body = settingsOf(entry, "extra_body", "body", own, places, ({ bodyField }) => bodyField !== undefined);
  const named = [entry.prompts, entry.prompt].find((each) => isThere(each) && [each].flat().length > 0);
  const granted = isThere(entry.mcp_servers) ? [entry.mcp_servers].flat() : Object.keys(servers);
  const from = (field: string, theirField: string): Move => [
    [...ours, field],
    [...theirs, theirField],
  ];
  const promptField = isThere(entry.prompts) ? "prompts" : "prompt";
  return {
    data: {
      ...own,
      ...merged(parameters.fields, body.fields),
      ...promptOf(named ?? Object.keys(prompts), prompts), // none is all of them
      mcpServers: granted.map((server) => (isObject(server) ? server.name : server)),
    },
    moves: [
      [ours, theirs] as Move,
      ...moves,
      ...[from("provider", "provider"), from("mcpServers", "mcp_servers")],
      ...[from("prompt", promptField), from("systemPrompt", promptField)],
      ...parameters.moves,
      ...body.moves,
    ],
    warnings: [...leftOut(without(rest, readOtherwise), theirs), ...parameters.warnings, ...body.warnings],
  };
}

/** Parameters, of which those that have no name of ours are passed on where a provider `holdsMore`. */
function settingsOf(
  entry: Data,
  field: string,
  ourField: "parameters" | "body",
  model: Data,
  { theirs, ours }: Places,
  holdsMore: (provider: Provider) => boolean,
): { readonly fields: Data; readonly moves: readonly Move[]; readonly warnings: readonly Warning[] } {
  const given = entry[field];
  const at = [...theirs, field];
  const move: Move = [[...ours, ourField], at];
  if (!isThere(given)) return { fields: {}, moves: [], warnings: [] };
  if (!isObject(given)) return { fields: { [ourField]: given }, moves: [move], warnings: [] };
  const settings = foreignParameters(given, model, { theirs: at, ours }, holdsMore);
  return { ...settings, moves: [move, ...settings.moves] };
}

/** Fields of both; what is no object stays, to be complained about. */
function merged(one: Data, other: Data): Data {
  const joined = Object.entries(other).map(([field, value]) => {
    const before = one[field];
    return [field, isObject(before) && isObject(value) ? { ...before, ...value } : (before ?? value)];
  });
  return { ...one, ...Object.fromEntries(joined) };
}

const without = (given: Data, names: readonly string[]): Data =>
  Object.fromEntries(Object.entries(given).filter(([name]) => !names.includes(name)));

/** One prompt by name, several joined, or the prompt itself where it is plainly no name; prompts may have no text for us. */
function promptOf(named: unknown, prompts: Data): Data {
  if (typeof named === "string" && !Object.hasOwn(prompts, named) && /\s/.test(named)) return { systemPrompt: named };
  const names = [named].flat().map(textIn);
  const unknown = names.find((name) => !Object.hasOwn(prompts, name));
  if (unknown !== undefined) return { prompt: unknown };
  const read = names.filter((name) => prompts[name] !== "");
  if (read.length < 2) return read.length === 0 ? {} : { prompt: read[0] };
  return { systemPrompt: read.map((name) => prompts[name]).join("\n\n") };
}
