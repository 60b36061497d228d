import { OrchestrationError } from "../errors.js";
import { byTask, createFallback, createRouter, type ModelEntry, type PatternGraph } from "../index.js";
import type { ConfigFile } from "./config-file.js";
import type { Complain } from "./problems.js";

/** The graphs a file implies: its fallback order, and its routing table over tiers. */
export function impliedGraphs(
  { fallback, routing, tiers = {} }: ConfigFile,
  models: Readonly<Record<string, ModelEntry>>,
  complain: Complain,
): Record<string, PatternGraph> {
  const graphs: Record<string, PatternGraph> = {};
  const build = (name: string, targets: readonly string[], make: (models: Record<string, ModelEntry>) => unknown) => {
    const found = targets.map(
      (target) => [target, models[Object.hasOwn(tiers, target) ? tiers[target]! : target]] as const,
    );
    if (found.some(([, entry]) => entry === undefined)) return; // said already
    try {
      graphs[name] = make(Object.fromEntries(found) as Record<string, ModelEntry>) as PatternGraph;
    } catch (error) {
      if (!OrchestrationError.isInstance(error)) throw error;
      complain([name], error.message);
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
