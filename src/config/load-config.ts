import { dirname } from "node:path";
import { InvalidOptionError } from "../errors/index.js";
import { unavailability } from "../models/unavailable-model.js";
import { buildGraphs } from "./build-graphs.js";
import type { Config, LoadOptions } from "./config.js";
import { originBy } from "./formats/origins.js";
import { impliedGraphs, impliedPlaces } from "./implied-graphs.js";
import { mapValues } from "./map-values.js";
import { buildEmbeddings } from "./models/build-embeddings.js";
import { buildModels } from "./models/build-models.js";
import { checkSpec } from "./read-spec.js";
import { modelsOf } from "./rows/graph.js";
import { loadLibrary } from "./rows/library.js";
import type { AddTools } from "./rows/place.js";
import { keepPlace } from "./server-positions.js";
import { taskNames } from "./tasks.js";
import type { Environment } from "./text/interpolate.js";
import { readText } from "./text/read-text.js";

export type { Config, LoadOptions } from "./config.js";

/**
 * Loads models and graphs from a YAML or JSON file.
 *
 * **When to use** - the choice of models belongs in configuration, not in code.
 * **Gotchas** - all problems are reported at once, with their lines and without the values of variables. A provider's package is
 * loaded only if a model needs it. What a run does not use is not required: a model whose key, package or variable is missing is in
 * `unavailable`, and fails when it is called (in a chain, the next model answers). Two formats of other systems load unchanged: resources (`llm:fast` with a `_class`) and
 * `runtime.models[]`; settings without an equivalent here are dropped and listed in `warnings`.
 *
 * @example
 * ```ts
 * import { loadConfig } from "langgraph-multimodel/config";
 * const { models, graphs } = await loadConfig("models.example.yaml", { env: { OPENAI_API_KEY: "sk-...", GOOGLE_API_KEY: "..." } });
 * Object.keys(graphs);
 * ```
 * @throws {ConfigError} with every problem of the file
 */
export async function loadConfig(file: string, { env = process.env, ...options }: LoadOptions = {}): Promise<Config> {
  checkFileName(file, "loadConfig.file", "give the path of a file");
  return configOf(file, await readText(file), { env, ...options });
}

/**
 * Loads a configuration from text.
 *
 * **When to use** - the text does not come from a file, but from a database or a test.
 *
 * @param file name of the text in errors
 * @example
 * ```ts
 * import { parseConfig } from "langgraph-multimodel/config";
 * const text = "models: { fast: { provider: openai, model: gpt-4o-mini } }";
 * const { models } = await parseConfig("settings", text, { OPENAI_API_KEY: "sk-..." });
 * ```
 * @throws {ConfigError} with every problem of the text
 * @throws {InvalidOptionError} when `file` or `text` is not a string
 */
export async function parseConfig(file: string, text: string, env: Environment = process.env): Promise<Config> {
  checkFileName(file, "parseConfig.file", "give the name that errors call it");
  if (typeof text !== "string") throw new InvalidOptionError("parseConfig.text", text, "give the text of a file");
  return configOf(file, text, { env });
}

function checkFileName(file: unknown, option: string, expected: string): void {
  if (typeof file !== "string" || file === "") throw new InvalidOptionError(option, file, expected);
}

/** Loads a configuration from text, with all options. */
export async function configOf(
  file: string,
  text: string,
  { env, keyless, store, change }: CheckOptions,
): Promise<Config> {
  const checked = checkSpec(file, text, env, keyless);
  await loadLibrary();
  const embeddings = await buildEmbeddings(checked, env);
  const { models: built, roles, withSettings, budgetOf } = await buildModels(checked, env, embeddings, store);
  const models = change === undefined ? built : change(built);
  const { spec, problems } = checked;
  const { prompts = {}, mcpServers = {}, tiers = {}, tasks = {}, fallback = [] } = spec;
  const implied = Object.entries(impliedGraphs(spec)).filter(([name]) => !problems.has([name]));
  const specs = { ...Object.fromEntries(implied), ...spec.graphs };
  const graphsOf = (addTools: AddTools) => {
    const graphs = buildGraphs(
      { models, specs, withSettings, addTools, embeddings, tasks, budgetOf, folder: dirname(file) },
      problems.at(originBy(impliedPlaces(spec))),
    );
    problems.throwAny();
    return graphs;
  };
  const graphs = graphsOf((_, entry) => entry);
  for (const [name, server] of Object.entries(mcpServers)) {
    const path = ["mcpServers", name];
    keepPlace(server, { position: problems.placeOf(path), lacks: problems.lacksOf(path) });
  }
  return {
    file,
    models,
    graphs,
    embeddings,
    defaultModel: spec.default ?? Object.keys(spec.models).find((name) => spec.models[name]!.default === true),
    prompts,
    mcpServers,
    grants: mapValues(spec.models, ({ mcpServers: granted = [] }) => granted),
    members: mapValues(graphs, (_, name) => modelsOf(name, specs)),
    graphsOf,
    tiers: mapValues(tiers, (name) => models[name]!),
    roles,
    tasks,
    taskNames: taskNames(spec),
    fallback,
    warnings: problems.warnings(),
    unavailable: Object.fromEntries(
      Object.entries(models).flatMap(([name, entry]) => {
        const reason = unavailability(entry);
        return reason === undefined ? [] : [[name, reason.problems]];
      }),
    ),
  };
}

/**
 * Loads only the models of a file, without building its graphs.
 *
 * **When to use** - the file defines the models, and your code the graphs.
 *
 * @example
 * ```ts
 * import { loadModels } from "langgraph-multimodel/config";
 * const { fast, strong } = await loadModels("models.example.yaml", { env: { OPENAI_API_KEY: "sk-...", GOOGLE_API_KEY: "..." } });
 * createFallback({ models: { fast: fast!, strong: strong! } });
 * ```
 * @throws {ConfigError} with every problem of the file except options that a graph's factory rejects
 */
export async function loadModels(
  file: string,
  { env = process.env, keyless, change }: LoadOptions = {},
): Promise<Config["models"]> {
  const checked = checkSpec(file, await readText(file), env, keyless);
  const compares = Object.values(checked.spec.models).some(({ cache = {} }) => "threshold" in cache);
  const embeddings = compares ? await buildEmbeddings(checked, env) : undefined;
  const { models } = await buildModels(checked, env, embeddings);
  checked.problems.throwAny();
  return change === undefined ? models : change(models);
}

/**
 * Loads only the graphs of a file.
 *
 * **When to use** - the file defines everything, and your code only runs the graphs.
 *
 * @example
 * ```ts
 * import { loadGraphs } from "langgraph-multimodel/config";
 * const { assistant } = await loadGraphs("models.example.yaml", { env: { OPENAI_API_KEY: "sk-...", GOOGLE_API_KEY: "..." } });
 * assistant!.compile();
 * ```
 * @throws {ConfigError} with every problem of the file
 */
export async function loadGraphs(file: string, options?: LoadOptions): Promise<Config["graphs"]> {
  return (await loadConfig(file, options)).graphs;
}

interface CheckOptions {
  readonly env: Environment;
  readonly keyless?: boolean | undefined;
  readonly store?: LoadOptions["store"];
  readonly change?: LoadOptions["change"];
}
