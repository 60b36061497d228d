import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { Config } from "../config/index.js";
import { withTools } from "../config/with-tools.js";
import { InvalidModelNameError } from "../errors/index.js";
import { createFallback, type ModelEntry, type PatternGraph } from "../index.js";
import { unavailability } from "../models/unavailable-model.js";
import { didYouMean } from "../text/nearest-name.js";
import type { Compiled } from "./answer.js";
import { UsageError } from "./exit-code.js";
import { note } from "./show-answer.js";

/** Options of a command that choose the model or graph. */
export interface TargetOptions {
  readonly model?: string;
  readonly graph?: string;
  readonly task?: string;
}

/** The model or graph of the file that answers. */
export interface Target {
  readonly name: string;
  readonly graph: Compiled;
  /** Task of its runs: their parameters, and what routes read. */
  readonly task: string | undefined;
  /** Stops its MCP servers. */
  close(): Promise<void>;
}

/**
 * Opens the chosen model or graph. A single model becomes a fallback chain of one, so that it is retried, limited and billed.
 *
 * @param called false where it is only looked at, so that no model needs a key
 * @throws {UsageError} when the file has no such model or graph
 */
export async function openTarget(
  config: Config,
  wanted: TargetOptions,
  { checkpointer, called = true }: { readonly checkpointer?: BaseCheckpointSaver; readonly called?: boolean } = {},
): Promise<Target> {
  const name = targetName(config, wanted);
  if (called) checkReach(config, name);
  const { models, graphs, close } = await withTools(config, [name]);
  const graph = Object.hasOwn(graphs, name) ? graphs[name]! : singleModelGraph(name, models[name]!);
  return { name, graph: graph.compile(checkpointer && { checkpointer }), task: wanted.task, close };
}

/**
 * Notes the models that a graph names but cannot call here.
 *
 * @throws {UnavailableModelError} when nothing is left that could answer
 */
export function checkReach(config: Config, name: string): void {
  const reached = Object.hasOwn(config.models, name) ? [name] : (config.members[name] ?? []);
  const reasons = reached.map((each) => unavailability(config.models[each]!)).filter((each) => each !== undefined);
  if (reasons.length > 0 && reasons.length === reached.length) throw reasons[0];
  for (const { message } of reasons) note(message);
}

/** Makes a graph of one model, whose node has the model's name if that is a valid one. */
function singleModelGraph(name: string, entry: ModelEntry): PatternGraph {
  try {
    return createFallback({ models: { [name]: entry } });
  } catch (error) {
    if (InvalidModelNameError.isInstance(error)) return createFallback({ models: { model: entry } });
    throw error;
  }
}

/** Returns the given name, or that of the given task, or the file's default, first graph, or first model. */
export function targetName(config: Config, { model, graph, task }: TargetOptions): string {
  const { file, models, graphs, tasks, defaultModel } = config;
  checkTask(config, task);
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
  const ofTask = task !== undefined && Object.hasOwn(tasks, task) ? tasks[task]!.model : undefined;
  return model ?? graph ?? ofTask ?? defaultModel ?? Object.keys(graphs)[0] ?? Object.keys(models)[0]!;
}

/** Refuses a task that no part of the file reads, since its settings would be missed without a word. */
function checkTask({ file, taskNames }: Config, task: string | undefined): void {
  if (task === undefined || taskNames.includes(task)) return;
  const known = taskNames.join(", ") || "none: write it under tasks";
  throw new UsageError(`${file} has no task "${task}"; it has ${known}${didYouMean(task, taskNames)}`);
}

const list = (named: object) => Object.keys(named).join(", ") || "none";
