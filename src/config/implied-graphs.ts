import { InvalidOptionError, OrchestrationError } from "../errors/index.js";
import { byTask, createFallback, createRouter, type ModelEntry, type PatternGraph } from "../index.js";
import type { ConfigFile } from "./config-file.js";
import type { Arm } from "./rows/place.js";
import type { Complain } from "./text/problems.js";

/** The graphs a file implies: its fallback order, and its routing table over tiers. */
export function impliedGraphs(
  { fallback, routing, tiers = {} }: ConfigFile,
  models: Readonly<Record<string, ModelEntry>>,
  arm: Arm,
  complain: Complain,
): Record<string, PatternGraph> {
  const graphs: Record<string, PatternGraph> = {};
  const build = (name: string, targets: readonly string[], make: (models: Record<string, ModelEntry>) => unknown) => {
    const found = targets.map((target) => [target, Object.hasOwn(tiers, target) ? tiers[target]! : target] as const);
    if (found.some(([, name]) => !Object.hasOwn(models, name))) return; // said already
    try {
      const entries = found.map(([target, model]) => [target, arm(model, models[model]!)] as const);
      graphs[name] = make(Object.fromEntries(entries)) as PatternGraph;
    } catch (error) {
      if (!OrchestrationError.isInstance(error)) throw error;
      const isOfTable = InvalidOptionError.isInstance(error) && error.option === "byTask.table";
      complain(
        isOfTable ? [name, "table"] : [name],
        isOfTable ? "is empty; write a task, and for it a tier or model" : error.message,
      );
    }
  };
  if (fallback !== undefined) build("fallback", fallback, (chain) => createFallback({ models: chain }));
  if (routing !== undefined) {
    const { table, default: otherwise } = routing;
    const targets = new Set([otherwise, ...Object.values(table).flatMap((row) => Object.values(row))]);
    build("routing", [...targets], (rungs) =>
      createRouter({ models: rungs, route: byTask({ table, default: otherwise }) }),
    );
  }
  return graphs;
}
