import { RunnableLambda } from "@langchain/core/runnables";
import { InvalidModelNameError, InvalidOptionError, OrchestrationError } from "../errors.js";
import type { ModelEntry, PatternGraph } from "../index.js";
import { redactError } from "../tracing/redact.js";
import { buildGraph, type Variant } from "./build-graph.js";
import type { GraphSpec } from "./graph-spec.js";
import type { Complain } from "./problems.js";
import type { Path } from "./read-document.js";

/** What graphs are built of. */
export interface Parts {
  readonly models: Readonly<Record<string, ModelEntry>>;
  readonly specs: Readonly<Record<string, GraphSpec>>;
  /** An entry with a stage's own settings. */
  readonly variant: Variant;
}

/** Stands in for what cannot be had, which is said elsewhere, so that the rest of a graph is checked all the same. */
const placeholder = { model: RunnableLambda.from(() => "") } as unknown as ModelEntry;

/** Builds every graph with the library's own factories; what they refuse is a problem of the file. */
export function buildGraphs({ models, specs, variant }: Parts, complain: Complain): Record<string, PatternGraph> {
  const built = new Map<string, PatternGraph | undefined>();

  function build(name: string): PatternGraph | undefined {
    if (built.has(name)) return built.get(name);
    built.set(name, undefined); // a graph that holds itself finds nothing
    try {
      built.set(name, buildGraph(specs[name]!, { find, variant }));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const { path, message } = refusalOf(error, specs[name]!);
      complain(["graphs", name, ...path], message);
    }
    return built.get(name);
  }

  function find(name: string): ModelEntry {
    if (Object.hasOwn(models, name)) return models[name]!;
    const graph = Object.hasOwn(specs, name) ? build(name) : undefined;
    if (graph === undefined) return placeholder;
    const { description } = specs[name]!;
    return description === undefined ? { model: graph } : { model: graph, description };
  }

  for (const name of Object.keys(specs)) build(name);
  return Object.fromEntries([...built].filter((entry): entry is [string, PatternGraph] => entry[1] !== undefined));
}

/** What a factory refuses, and which part of the spec that is. */
function refusalOf(error: Error, spec: GraphSpec): { readonly path: Path; readonly message: string } {
  if (InvalidModelNameError.isInstance(error)) {
    const list = "models" in spec ? spec.models : [];
    const key = Array.isArray(list) ? list.indexOf(error.modelName) : error.modelName;
    const path = "stages" in spec ? ["stages", error.modelName] : ["models", key];
    return {
      path,
      message: `${error.message}; give the node another name: models: { other_name: ${error.modelName} }`,
    };
  }
  if (InvalidOptionError.isInstance(error)) {
    const [factory, ...path] = error.option.split(".");
    const isOfFactory = factory!.startsWith("create") && path.length > 0;
    return {
      path: isOfFactory ? path : [],
      message: isOfFactory ? error.message.slice(error.option.length + 1) : error.message,
    };
  }
  return { path: [], message: OrchestrationError.isInstance(error) ? error.message : redactError(error) };
}
