import type { ConfigFile } from "./config-file.js";
import type { Move } from "./formats/moves.js";
import type { GraphSpec } from "./rows/graph.js";

/** The graphs a file implies: its fallback order, and its routing table over tiers. */
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

/** Where in a file implied graphs stand. */
export const impliedPlaces = (spec: ConfigFile): readonly Move[] =>
  Object.keys(impliedGraphs(spec)).flatMap((name) =>
    [[], ["models"], ["route"]].map((part): Move => [["graphs", name, ...part], [name]]),
  );
