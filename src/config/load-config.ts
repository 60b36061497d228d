import { InvalidOptionError } from "../errors/index.js";
import type { PatternGraph } from "../index.js";
import { buildGraphs } from "./build-graphs.js";
import type { Config, LoadOptions } from "./config.js";
import { placeBy } from "./formats/moves.js";
import { impliedGraphs, impliedPlaces } from "./implied-graphs.js";
import { mapValues } from "./map-values.js";
import { type BuiltModels, buildModels } from "./models/build-models.js";
import { checkSpec, type Spec } from "./read-spec.js";
import { modelsOf } from "./rows/graph.js";
import type { Arm } from "./rows/place.js";
import { keepPlace } from "./server-places.js";
import type { Environment } from "./text/interpolate.js";
import { readText } from "./text/read-text.js";

export type { Config, LoadOptions } from "./config.js";

/**
 * Loads models and graphs from a YAML or JSON file.
 *
 * **When to use** - which models an application uses should be a matter of configuration, not of code.
 * **Gotchas** - all problems are reported at once, with their lines; values of variables never are. Packages of providers are loaded
 * only when a model of the file needs them. Two formats of other systems load as they are: resources (`llm:fast` with a `_class`)
 * and `runtime.models[]`; what they say and no client can be told is in `warnings`.
 *
 * @example
 * ```ts
 * import { loadConfig } from "langgraph-multimodel/config";
 * const { models, graphs } = await loadConfig("models.example.yaml", { env: { OPENAI_API_KEY: "sk-...", GOOGLE_API_KEY: "..." } });
 * Object.keys(graphs);
 * ```
 * @throws {ConfigError} with everything that is wrong with the file
 */
export async function loadConfig(file: string, { env = process.env, keyless }: LoadOptions = {}): Promise<Config> {
  checkFile(file, "loadConfig.file", "give the path of a file");
  return configOf(file, await readText(file), { env, keyless });
}

/**
 * Loads a configuration from a text.
 *
 * **When to use** - the text comes from somewhere else than a file: a database, a test.
 *
 * @param file what errors call it
 * @example
 * ```ts
 * import { parseConfig } from "langgraph-multimodel/config";
 * const text = "models: { fast: { provider: openai, model: gpt-4o-mini } }";
 * const { models } = await parseConfig("settings", text, { OPENAI_API_KEY: "sk-..." });
 * ```
 * @throws {ConfigError} with everything that is wrong with it
 * @throws {InvalidOptionError} when `file` or `text` is no text
 */
export async function parseConfig(file: string, text: string, env: Environment = process.env): Promise<Config> {
  checkFile(file, "parseConfig.file", "give the name that errors call it");
  if (typeof text !== "string") throw new InvalidOptionError("parseConfig.text", text, "give the text of a file");
  return configOf(file, text, { env });
}

function checkFile(file: unknown, option: string, expected: string): void {
  if (typeof file !== "string" || file === "") throw new InvalidOptionError(option, file, expected);
}

async function configOf(file: string, text: string, { env, keyless }: CheckOptions): Promise<Config> {
  const checked = checkSpec(file, text, env, keyless);
  const built = await buildModels(checked, env);
  const { spec, problems } = checked;
  const graphsOf = (arm: Arm) => {
    const graphs = buildAll(checked, built, arm);
    problems.throwAny();
    return graphs;
  };
  const graphs = graphsOf((_, entry) => entry);
  const { models, roles } = built;
  const specs = { ...impliedGraphs(spec), ...spec.graphs };
  const { prompts = {}, mcpServers = {}, tiers = {}, tasks = {}, fallback = [] } = spec;
  for (const [name, server] of Object.entries(mcpServers)) keepPlace(server, problems.placeOf(["mcpServers", name]));
  return {
    file,
    models,
    graphs,
    defaultModel: spec.default ?? Object.keys(spec.models).find((name) => spec.models[name]!.default === true),
    prompts,
    mcpServers,
    grants: mapValues(spec.models, ({ mcpServers: granted = [] }) => granted),
    members: mapValues(graphs, (_, name) => modelsOf(name, specs)),
    graphsOf,
    tiers: mapValues(tiers, (name) => models[name]!),
    roles,
    tasks,
    fallback,
    warnings: problems.warnings(),
  };
}

/**
 * Loads only the models of a file; no graph is built.
 *
 * **When to use** - the file says which models there are, the code what becomes of them.
 *
 * @example
 * ```ts
 * import { loadModels } from "langgraph-multimodel/config";
 * const { fast, strong } = await loadModels("models.example.yaml", { env: { OPENAI_API_KEY: "sk-...", GOOGLE_API_KEY: "..." } });
 * createFallback({ models: { fast: fast!, strong: strong! } });
 * ```
 * @throws {ConfigError} with everything that is wrong with the file but the graphs' options
 */
export async function loadModels(
  file: string,
  { env = process.env, keyless }: LoadOptions = {},
): Promise<Config["models"]> {
  const checked = checkSpec(file, await readText(file), env, keyless);
  const { models } = await buildModels(checked, env);
  checked.problems.throwAny();
  return models;
}

/**
 * Loads only the graphs of a file.
 *
 * **When to use** - the file says all there is to say, the code only runs it.
 *
 * @example
 * ```ts
 * import { loadGraphs } from "langgraph-multimodel/config";
 * const { assistant } = await loadGraphs("models.example.yaml", { env: { OPENAI_API_KEY: "sk-...", GOOGLE_API_KEY: "..." } });
 * assistant!.compile();
 * ```
 * @throws {ConfigError} with everything that is wrong with the file
 */
export async function loadGraphs(file: string, options?: LoadOptions): Promise<Config["graphs"]> {
  return (await loadConfig(file, options)).graphs;
}

interface CheckOptions {
  readonly env: Environment;
  readonly keyless?: boolean | undefined;
}

function buildAll({ spec, problems }: Spec, { models, variant }: BuiltModels, arm: Arm): Record<string, PatternGraph> {
  const implied = Object.entries(impliedGraphs(spec)).filter(([name]) => !problems.has([name]));
  const specs = { ...Object.fromEntries(implied), ...spec.graphs };
  return buildGraphs({ models, specs, variant, arm }, problems.at(placeBy(impliedPlaces(spec))));
}
