import { RunnableLambda } from "@langchain/core/runnables";
import type { ModelEntry, PatternGraph } from "../index.js";
import type { BudgetOf } from "./models/build-budgets.js";
import { type GraphSpec, graph as graphField, maxNesting } from "./rows/graph.js";
import type { Place } from "./rows/place.js";
import { refusalOf } from "./rows/refusal.js";
import type { Problems } from "./text/problems.js";

/** Stands in for a model that could not be built, so that the rest of its graph is checked. */
export const placeholder = { model: RunnableLambda.from(() => "") } as unknown as ModelEntry;

/** Inputs of `buildGraphs`. */
export interface Parts extends Pick<Place, "withSettings" | "addTools" | "embeddings" | "tasks" | "folder"> {
  readonly models: Readonly<Record<string, ModelEntry>>;
  readonly specs: Readonly<Record<string, GraphSpec>>;
  readonly budgetOf: BudgetOf;
}

/**
 * Builds every graph with the library's factories and reports the options they reject. An unknown name is not reported again where
 * `checkReferences` already found it: a factory rejects only the first one.
 */
export function buildGraphs(
  { models, specs, withSettings, addTools, embeddings, tasks, budgetOf, folder }: Parts,
  { complain, has }: Pick<Problems, "complain" | "has">,
): Record<string, PatternGraph> {
  const built = new Map<string, PatternGraph | undefined>();
  let depth = 0;

  function build(name: string): PatternGraph | undefined {
    if (built.has(name)) return built.get(name);
    if (depth === maxNesting) return undefined; // reported by `checkGraphs`
    built.set(name, undefined); // ends a cycle of graphs
    depth++;
    try {
      built.set(
        name,
        graphField.build(specs[name]!, {
          ...{ find, withSettings, embeddings, tasks, folder },
          addTools: addToolsToModel,
          budgetOf: (spec) => budgetOf(name, spec),
          path: [],
        }),
      );
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

  /** Leaves nested graphs as they are: their models already have their tools. */
  function addToolsToModel(name: string, entry: ModelEntry): ModelEntry {
    return Object.hasOwn(models, name) ? addTools(name, entry) : entry;
  }

  for (const name of Object.keys(specs)) build(name);
  return Object.fromEntries([...built].filter((entry): entry is [string, PatternGraph] => entry[1] !== undefined));
}
