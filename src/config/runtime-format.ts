import { foreignParameters } from "./foreign-parameters.js";
import type { ProviderName } from "./model-spec.js";
import { type Move, placeBy } from "./moves.js";
import type { Path } from "./read-document.js";
import { runtimePrompts, runtimeServers } from "./runtime-sections.js";
import { type Data, isObject, type Remark, type Translated, textIn } from "./translated.js";

const providerNames: Readonly<Record<string, ProviderName>> = {
  universal: "openai-compatible",
  vllm: "openai-compatible",
  together: "openai-compatible",
  lmstudio: "openai-compatible",
  lemonade: "openai-compatible",
  "llama.cpp": "openai-compatible",
  llamacpp: "openai-compatible",
  google: "google-genai",
  gemini: "google-genai",
  vertex: "google-vertexai",
  "azure-openai": "azure",
};

/** Fields of a model that are ours under another name. */
const fieldNames: Readonly<Record<string, string>> = {
  model: "model",
  base_url: "baseUrl",
  api_key: "apiKey",
  api_version: "apiVersion",
  description: "description",
  default: "default",
  headers: "headers",
};
const readOtherwise = ["name", "provider", "model_api_parameters", "prompt", "prompts", "mcp_servers"];

/** A `runtime` with a list of models, prompts by name, and `mcp.servers`. */
export function translateRuntime(data: Data, runtime: Data): Translated {
  const remarks = { problems: [] as Remark[], warnings: [] as Remark[] };
  const prompts = runtimePrompts(data.prompts, remarks);
  const servers = runtimeServers(data.mcp, remarks);
  const moves: Move[] = [
    [["default"], ["runtime", "default_model"]],
    [["models"], ["runtime", "models"]],
    ...prompts.moves,
    ...servers.moves,
  ];
  const models: Record<string, unknown> = {};
  const list = isObject(runtime.models)
    ? Object.entries(runtime.models).map(([name, entry]) => ({
        at: name,
        entry: isObject(entry) ? { name, ...entry } : entry,
      }))
    : [runtime.models ?? []].flat().map((entry, at) => ({ at, entry }));
  for (const { at, entry } of list) {
    const path = ["runtime", "models", at];
    const name = isObject(entry) ? entry.name : undefined;
    if (!isObject(entry) || typeof name !== "string" || name === "") {
      remarks.problems.push({ path, message: "has no name; write name: and what the model is called" });
      continue;
    }
    if (Object.hasOwn(models, name)) {
      remarks.problems.push({
        path: [...path, "name"],
        message: `there is a model "${name}" before it; rename one of them`,
      });
      continue;
    }
    const model = runtimeModel(entry, path, name, prompts.data);
    models[name] = model.data;
    moves.push(...model.moves);
    remarks.warnings.push(...model.warnings);
  }
  const own = { default: runtime.default_model ?? undefined, models, prompts: prompts.data, mcpServers: servers.data };
  const kept = Object.entries(own).filter(([, value]) => value !== undefined);
  return { data: Object.fromEntries(kept), place: placeBy(moves), ...remarks };
}

function runtimeModel(entry: Data, theirs: Path, name: string, prompts: Data) {
  const ours = ["models", name];
  const moves: Move[] = [[ours, theirs]];
  const warnings: Remark[] = [];
  const kind = textIn(entry.provider ?? (entry.base_url === undefined ? undefined : "universal"));
  const provider = Object.hasOwn(providerNames, kind) ? providerNames[kind]! : kind || undefined;
  const data: Record<string, unknown> = { provider };
  for (const [field, value] of Object.entries(entry)) {
    if (value === null || readOtherwise.includes(field)) continue;
    const ourField = Object.hasOwn(fieldNames, field) ? fieldNames[field] : undefined;
    if (ourField === undefined) {
      warnings.push({ path: [...theirs, field], message: "is not read" });
      continue;
    }
    data[ourField] = value;
    moves.push([
      [...ours, ourField],
      [...theirs, field],
    ]);
  }
  const given = entry.model_api_parameters ?? {};
  const at = [...theirs, "model_api_parameters"];
  moves.push([[...ours, "parameters"], at]);
  if (isObject(given)) {
    const settings = foreignParameters(given, { provider, baseUrl: data.baseUrl }, { theirs: at, ours });
    Object.assign(data, settings.fields);
    moves.push(...settings.moves);
    warnings.push(...settings.warnings);
  } else data.parameters = given;
  const named = entry.prompts ?? entry.prompt;
  if (named !== undefined && named !== null) {
    const field = entry.prompts === undefined ? "prompt" : "prompts";
    Object.assign(data, promptOf(named, prompts));
    moves.push([
      [...ours, "prompt"],
      [...theirs, field],
    ]);
  }
  if (entry.mcp_servers !== undefined && entry.mcp_servers !== null) {
    data.mcpServers = [entry.mcp_servers].flat().map((server) => (isObject(server) ? server.name : server));
    moves.push([
      [...ours, "mcpServers"],
      [...theirs, "mcp_servers"],
    ]);
  }
  return { data, moves, warnings };
}

/** One prompt by name, several joined, or the prompt itself where it is plainly no name. */
function promptOf(named: unknown, prompts: Data): Data {
  if (typeof named === "string")
    return Object.hasOwn(prompts, named) || !/\s/.test(named) ? { prompt: named } : { systemPrompt: named };
  const names = [named].flat().map(textIn);
  const unknown = names.find((name) => !Object.hasOwn(prompts, name));
  if (unknown !== undefined || names.length === 1) return { prompt: unknown ?? names[0] };
  return names.length === 0 ? {} : { systemPrompt: names.map((name) => prompts[name]).join("\n\n") };
}
