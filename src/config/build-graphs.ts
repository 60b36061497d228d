import { RunnableLambda } from "@langchain/core/runnables";
import type { ModelEntry, PatternGraph } from "../index.js";
import { deepest, type GraphSpec, graph as graphField } from "./rows/graph.js";
import type { Place } from "./rows/place.js";
import { refusalOf } from "./rows/refusal.js";
import type { Problems } from "./text/problems.js";

/** Stands in for a model that cannot be had, which is reported elsewhere, so that the rest of its graph is checked. */
export const placeholder = { model: RunnableLambda.from(() => "") } as unknown as ModelEntry;

/** What graphs are built of. */
export interface Parts extends Pick<Place, "variant" | "arm"> {
  readonly models: Readonly<Record<string, ModelEntry>>;
  readonly specs: Readonly<Record<string, GraphSpec>>;
}

/**
 * Builds every graph with the library's own factories; what they refuse is a problem of the file, unless one at that place or below
 * it is known: a factory refuses the first name that no model has, and the references of the file are checked one by one.
 */
export function buildGraphs(
  { models, specs, variant, arm }: Parts,
  { complain, has }: Pick<Problems, "complain" | "has">,
): Record<string, PatternGraph> {
  const built = new Map<string, PatternGraph | undefined>();
  let depth = 0;

  function build(name: string): PatternGraph | undefined {
    if (built.has(name)) return built.get(name);
    if (depth === deepest) return undefined; // said already
    built.set(name, undefined); // a graph that holds itself finds nothing
    depth++;
    try {
      built.set(name, graphField.build(specs[name]!, { find, variant, arm: armed, path: [] }));
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const { path, message, isOfName = path.length > 0 } = refusalOf(error, specs[name]!);
      if (!isOfName || !has(["graphs", name, ...path])) complain(["graphs", name, ...path], message);
    } finally {
      depth--;
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

  /** Models are armed; a graph's models are already. */
  function armed(name: string, entry: ModelEntry): ModelEntry {
    return Object.hasOwn(models, name) ? arm(name, entry) : entry;
  }

  for (const name of Object.keys(specs)) build(name);
  return Object.fromEntries([...built].filter((entry): entry is [string, PatternGraph] => entry[1] !== undefined));
}
