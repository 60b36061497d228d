import type { Config } from "../config/index.js";
import { withTools } from "../config/with-tools.js";
import { InvalidModelNameError } from "../errors/index.js";
import { createFallback, type ModelEntry, type PatternGraph } from "../index.js";
import { didYouMean } from "../text/nearest-name.js";
import type { Compiled } from "./answer.js";
import { UsageError } from "./exit-code.js";

/** What the options of a command say about who answers. */
export interface TargetOptions {
  readonly model?: string;
  readonly graph?: string;
}

/** Who answers: a graph of the file, or a model of it. */
export interface Target {
  readonly name: string;
  readonly graph: Compiled;
  /** Ends what was started for it: servers of tools. */
  close(): Promise<void>;
}

/**
 * Finds who is meant. One model alone is a chain of one: it is retried, limited and billed like any other.
 *
 * @throws {UsageError} when the file has no such model or graph
 */
export async function openTarget(config: Config, wanted: TargetOptions): Promise<Target> {
  const name = targetName(config, wanted);
  const { models, graphs, close } = await withTools(config, [name]);
  const graph = Object.hasOwn(graphs, name) ? graphs[name]! : singleModelGraph(name, models[name]!);
  return { name, graph: graph.compile(), close };
}

/** A graph of one model. Its node is called as the model is, unless no node may be. */
function singleModelGraph(name: string, entry: ModelEntry): PatternGraph {
  try {
    return createFallback({ models: { [name]: entry } });
  } catch (error) {
    if (InvalidModelNameError.isInstance(error)) return createFallback({ models: { model: entry } });
    throw error;
  }
}

/** The name of who is meant: the one that was given, else the default of the file, its first graph, or its first model. */
export function targetName({ file, models, graphs, defaultModel }: Config, { model, graph }: TargetOptions): string {
  if (model !== undefined && graph !== undefined) throw new UsageError("give --model or --graph, not both");
  if (model !== undefined && !Object.hasOwn(models, model)) {
    const hint = Object.hasOwn(graphs, model)
      ? `; "${model}" is a graph: write --graph ${model}`
      : didYouMean(model, Object.keys(models));
    throw new UsageError(`${file} has no model "${model}"; it has ${list(models)}${hint}`);
  }
  if (graph !== undefined && !Object.hasOwn(graphs, graph)) {
    const hint = Object.hasOwn(models, graph)
      ? `; "${graph}" is a model: write --model ${graph}`
      : didYouMean(graph, Object.keys(graphs));
    throw new UsageError(`${file} has no graph "${graph}"; it has ${list(graphs)}${hint}`);
  }
  return model ?? graph ?? defaultModel ?? Object.keys(graphs)[0] ?? Object.keys(models)[0]!;
}

const list = (named: object) => Object.keys(named).join(", ") || "none";
