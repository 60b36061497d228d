import { z } from "zod";
import type { PatternGraph } from "../../index.js";
import type { Field } from "./field.js";
import { patterns } from "./patterns.js";
import type { Reference } from "./place.js";
import type { Row } from "./row.js";

/** Maximum nesting depth of graphs. */
export const maxNesting = 50;

type Schemas = (typeof patterns)[number]["schema"];
export type GraphSpec = z.infer<Schemas>;

const rowOf = ({ pattern }: GraphSpec) =>
  patterns.find(({ schema }) => schema.shape.pattern.value === pattern) as unknown as Row<Schemas, PatternGraph>;

/** A graph: its pattern, and the options of the pattern's factory. */
export const graph: Field<z.ZodType<GraphSpec>, PatternGraph> = {
  schema: z
    .discriminatedUnion("pattern", patterns.map(({ schema }) => schema) as unknown as readonly [Schemas])
    .meta({ id: "Graph" }),
  build: (spec, place) => rowOf(spec).build(spec, place),
  references: (spec, path) => rowOf(spec).references(spec, path),
};

/** Returns a graph's references to models and graphs. */
export const membersOf = (spec: GraphSpec): readonly Reference[] =>
  graph.references(spec, []).filter(({ of }) => of === "model or graph");

/** Returns the nodes of a pattern that lists its models. */
export function nodesOf(spec: GraphSpec): readonly string[] {
  if (!("models" in spec)) return [];
  return Array.isArray(spec.models) ? spec.models : Object.keys(spec.models);
}

/** Returns the names of the models in a graph, including those of nested graphs. */
export function modelsOf(name: string, graphs: Readonly<Record<string, GraphSpec>>): string[] {
  const reached = new Set([name]);
  for (const each of reached) {
    if (Object.hasOwn(graphs, each)) for (const { name: part } of membersOf(graphs[each]!)) reached.add(part);
  }
  return [...reached].filter((each) => !Object.hasOwn(graphs, each));
}
