import type { ConfigFile } from "./config-file.js";
import type { Origin } from "./formats/origins.js";
import type { GraphSpec } from "./rows/graph.js";

/** Returns the graphs that `fallback` and `routing` of a file stand for. */
export function impliedGraphs({ fallback, routing, tiers = {} }: ConfigFile): Record<string, GraphSpec> {
  const graphs: Record<string, GraphSpec> = {};
  if (fallback !== undefined) graphs.fallback = { pattern: "fallback", models: fallback };
  if (routing !== undefined) {
    const targets = [routing.default, ...Object.values(routing.table).flatMap((cells) => Object.values(cells))];
    const models = targets.map((name) => [name, Object.hasOwn(tiers, name) ? tiers[name]! : name]);
    graphs.routing = { pattern: "router", models: Object.fromEntries(models), route: routing };
  }
  return graphs;
}

/** Maps places in the implied graphs to the sections they come from. */
export const impliedPlaces = (spec: ConfigFile): readonly Origin[] =>
  Object.keys(impliedGraphs(spec)).flatMap((name) =>
    [[], ["models"], ["route"]].map((part): Origin => [["graphs", name, ...part], [name]]),
  );
