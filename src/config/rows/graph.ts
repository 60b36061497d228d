import { z } from "zod";
import type { PatternGraph } from "../../index.js";
import { aggregate } from "./aggregate.js";
import { context } from "./context.js";
import { buildFields, type Parts, type Place, referencesIn } from "./part.js";
import type { Pattern } from "./pattern.js";
import { patterns } from "./patterns.js";
import { route } from "./route.js";
import type { Reference } from "./row.js";
import { stages } from "./stages.js";
import { verify } from "./verify.js";

/** Maximum nesting depth of graphs. */
export const deepest = 50;

type Schemas = (typeof patterns)[number]["schema"];

/** A graph as data: the pattern, and the options of its factory. */
export const GraphSpec: z.ZodType<z.infer<Schemas>> = z
  .discriminatedUnion("pattern", patterns.map(({ schema }) => schema) as unknown as readonly [Schemas])
  .meta({ id: "Graph" });
export type GraphSpec = z.infer<Schemas>;

/** Options that are built, by their name in every pattern. */
const strategies: Parts = { route, verify, aggregate, context, stages };

const rowOf = (spec: GraphSpec): Pattern => patterns.find(({ key }) => key === spec.pattern) as unknown as Pattern;
const partsOf = ({ models }: Pattern): Parts => ({ ...strategies, ...(models as Parts) });

/**
 * Builds a graph as the factory of its pattern does.
 *
 * @throws {OrchestrationError} what the factory throws
 */
export function buildGraph(spec: GraphSpec, place: Omit<Place, "path">): PatternGraph {
  const { pattern: _, description: __, ...options } = spec;
  const row = rowOf(spec);
  return row.build(buildFields(options, partsOf(row), { ...place, path: [] })) as PatternGraph;
}

/** The names in a graph's spec: of models and graphs, of its nodes, of prompts. */
export function referencesOf(spec: GraphSpec): readonly Reference[] {
  const row = rowOf(spec);
  return [...referencesIn(spec, partsOf(row), []), ...row.targets(spec)];
}

/** The models and graphs a graph is made of. */
export const membersOf = (spec: GraphSpec): readonly Reference[] =>
  referencesOf(spec).filter(({ of }) => of === "model or graph");

/** The nodes of a pattern whose models are listed. */
export function nodesOf(spec: GraphSpec): readonly string[] {
  if (!("models" in spec)) return [];
  return Array.isArray(spec.models) ? spec.models : Object.keys(spec.models);
}

/** The models graphs are made of, those of the graphs within them included. */
export function modelsOf(name: string, graphs: Readonly<Record<string, GraphSpec>>): string[] {
  const reached = new Set([name]);
  for (const each of reached) {
    if (Object.hasOwn(graphs, each)) for (const { name: part } of membersOf(graphs[each]!)) reached.add(part);
  }
  return [...reached].filter((each) => !Object.hasOwn(graphs, each));
}
