import { type ConfigProblem, MissingPackageError } from "../errors.js";
import { byTask, createFallback, createRouter, type ModelEntry, type PatternGraph } from "../index.js";
import { redactError } from "../tracing/redact.js";
import { buildGraphs } from "./build-graphs.js";
import { buildModel, type Complain, checkSpec } from "./build-model.js";
import type { ConfigFile, McpServer, ModelSpec } from "./config-file.js";
import type { Environment } from "./interpolate.js";
import type { Path } from "./read-document.js";
import { failWith, readSpec, readText } from "./read-spec.js";

/** A configuration, loaded: clients are made, graphs are built and not yet compiled. */
export interface Config {
  readonly file: string;
  /** Clients with their parameters set, and what is known about them. */
  readonly models: Readonly<Record<string, ModelEntry>>;
  readonly graphs: Readonly<Record<string, PatternGraph>>;
  /** The model or graph that answers where nobody names one. */
  readonly defaultModel: string | undefined;
  readonly prompts: Readonly<Record<string, string>>;
  readonly mcpServers: Readonly<Record<string, McpServer>>;
  /** Names of the servers whose tools a model may call. */
  readonly grants: Readonly<Record<string, readonly string[]>>;
  /** Models by tier. */
  readonly tiers: Readonly<Record<string, ModelEntry>>;
  /** Models by what an application calls them, with the role's own parameters. */
  readonly roles: Readonly<Record<string, ModelEntry>>;
  /** Settings recommended for a kind of task. */
  readonly tasks: NonNullable<ConfigFile["tasks"]>;
}

export interface LoadOptions {
  /** Where variables come from. @default `process.env` */
  readonly env?: Environment;
}

/**
 * Loads models and graphs from a YAML or JSON file.
 *
 * **When to use** - which models an application uses should be a matter of configuration, not of code.
 * **Gotchas** - all problems are reported at once, with their lines; keys never are. Packages of providers are loaded only when a model
 * of the file needs them. Two formats of other systems load as they are: resources (`llm:fast` with a `_class`) and
 * `runtime.models[]`.
 *
 * @example
 * ```ts
 * import { loadConfig } from "langgraph-multimodel/config";
 * const { models, graphs } = await loadConfig("models.example.yaml", { env: { OPENAI_API_KEY: "sk-…", GOOGLE_API_KEY: "…" } });
 * Object.keys(graphs);
 * ```
 * @throws {ConfigError} with everything that is wrong with the file
 * @throws {MissingPackageError} when the package of a provider is not installed
 */
export async function loadConfig(file: string, { env = process.env }: LoadOptions = {}): Promise<Config> {
  return parseConfig(file, await readText(file), env);
}

/** The same of a text; `file` is what errors call it. */
export async function parseConfig(file: string, text: string, env: Environment): Promise<Config> {
  const { spec, problem } = readSpec(file, text, env);
  const problems: ConfigProblem[] = [];
  const complain: Complain = (path, message) => problems.push(problem(path, message));
  const models = await buildModels(spec, env, complain);
  const roles = await buildRoles(spec, env, complain);
  failWith(file, problems);
  const { prompts = {} } = spec;
  const written = buildGraphs(
    { models, specs: spec.graphs ?? {}, prompts, place: (name) => ["graphs", name] },
    complain,
  );
  failWith(file, problems);
  const pick = (names: Readonly<Record<string, string>> = {}) => mapValues(names, (name) => models[name]!);
  return {
    file,
    models,
    graphs: { ...impliedGraphs(spec, models), ...written },
    defaultModel: spec.default ?? Object.keys(spec.models).find((name) => spec.models[name]!.default === true),
    prompts,
    mcpServers: spec.mcpServers ?? {},
    grants: mapValues(spec.models, ({ mcpServers = [] }) => mcpServers),
    tiers: pick(spec.tiers),
    roles,
    tasks: spec.tasks ?? {},
  };
}

/** Only the models of `loadConfig`. */
export async function loadModels(file: string, options?: LoadOptions): Promise<Config["models"]> {
  return (await loadConfig(file, options)).models;
}

/** Only the graphs of `loadConfig`. */
export async function loadGraphs(file: string, options?: LoadOptions): Promise<Config["graphs"]> {
  return (await loadConfig(file, options)).graphs;
}

async function buildModels(
  spec: ConfigFile,
  env: Environment,
  complain: Complain,
): Promise<Record<string, ModelEntry>> {
  const built: Record<string, ModelEntry> = {};
  for (const [name, model] of Object.entries(spec.models)) {
    const entry = await build(["models", name], name, model, spec, env, complain);
    const tier = Object.keys(spec.tiers ?? {}).find((each) => spec.tiers![each] === name);
    if (entry !== undefined) built[name] = tier === undefined || entry.tier !== undefined ? entry : { ...entry, tier };
  }
  return built;
}

async function buildRoles(spec: ConfigFile, env: Environment, complain: Complain): Promise<Record<string, ModelEntry>> {
  const built: Record<string, ModelEntry> = {};
  for (const [role, { model, parameters }] of Object.entries(spec.roles ?? {})) {
    const base = spec.models[model]!;
    const merged: ModelSpec = { ...base, parameters: { ...base.parameters, ...parameters } };
    checkSpec(merged, env, (path, message) => complain(["roles", role, ...path], message));
    const entry = await build(["roles", role], role, merged, spec, env, complain);
    if (entry !== undefined) built[role] = entry;
  }
  return built;
}

/** Makes one client; what its package or its constructor refuses is a problem of the file. */
async function build(
  path: Path,
  name: string,
  model: ModelSpec,
  { prompts = {} }: ConfigFile,
  env: Environment,
  complain: Complain,
): Promise<ModelEntry | undefined> {
  const { systemPrompt = model.prompt === undefined ? undefined : prompts[model.prompt] } = model;
  try {
    return await buildModel(name, model, env, systemPrompt);
  } catch (error) {
    if (MissingPackageError.isInstance(error)) complain([...path, "provider"], error.message);
    else if (error instanceof Error) complain(path, `its client cannot be made: ${redactError(error)}`);
    else throw error;
    return undefined;
  }
}

/** The graphs a file implies: its fallback order, and its routing table over tiers. */
function impliedGraphs(
  { fallback, routing, tiers = {} }: ConfigFile,
  models: Config["models"],
): Record<string, PatternGraph> {
  const graphs: Record<string, PatternGraph> = {};
  const find = (name: string) => models[tiers[name] ?? name]!;
  if (fallback !== undefined) {
    graphs.fallback = createFallback({
      models: Object.fromEntries(fallback.map((name) => [name, models[name]!])),
    }) as PatternGraph;
  }
  if (routing !== undefined) {
    const targets = new Set([routing.default, ...Object.values(routing.table).flatMap((row) => Object.values(row))]);
    graphs.routing = createRouter({
      models: Object.fromEntries([...targets].map((name) => [name, find(name)])),
      route: byTask({ table: routing.table, default: routing.default }),
    }) as PatternGraph;
  }
  return graphs;
}

function mapValues<Value, Mapped>(
  record: Readonly<Record<string, Value>>,
  map: (value: Value) => Mapped,
): Record<string, Mapped> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
