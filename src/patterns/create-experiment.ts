import { END, START } from "@langchain/langgraph";
import { InvalidOptionError } from "../errors/index.js";
import { next, routed } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkModels, type NamedModel } from "../models/check-models.js";
import type { Model, ModelEntry, Models } from "../models/model.js";
import { type Affinity, checkAffinity } from "../nodes/affinity.js";
import { assignNode } from "../nodes/assign.js";
import { assignmentName } from "../nodes/assignment.js";
import { modelNode } from "../nodes/model.js";
import { fallbackName } from "../nodes/next-options.js";
import { startsRun } from "../nodes/starts-run.js";
import { checkedEntries } from "../routing/check-value.js";
import type { RouteTurn } from "../routing/route.js";
import { drawnBy, type WeightedOptions } from "../routing/weighted.js";
import type { SharedFields } from "../state/own-keys.js";
import { didYouMean } from "../text/nearest-name.js";
import { addNode } from "./add-node.js";
import { type GraphOptions, graphOptionKeys } from "./graph-options.js";
import { addFallbackNode, checkOptions, fallbackTiers, tiersOf } from "./options.js";

export interface ExperimentOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends WeightedOptions,
    GraphOptions<Fields> {
  /** Variants by name. */
  readonly models: Models<Name>;
  /**
   * Share of each variant, in any unit: `{ a: 90, b: 10 }` equals `{ a: 0.9, b: 0.1 }`. Every variant needs a weight; 0 switches a
   * variant off, also as the replacement of a failed one.
   */
  readonly weights: Readonly<Record<NoInfer<Name>, number>>;
  /** Answers when the variant fails. @default another variant, drawn by weight */
  readonly fallback?: Model | ModelEntry;
  /** Keeps the variant for later runs, too; within a tool loop it is always kept. @default a new draw for every run */
  readonly affinity?: Affinity;
}

/**
 * Splits traffic between variants and records the variant on every answer.
 *
 * Topology: `START → assignment ⇢ <variant> ⇢ assignment | END`, with a fallback `<variant> ⇢ fallback | END`  (`⇢` is conditional)
 *
 * **When to use** - an A/B test, or a gradual switch to a new model.
 * **Gotchas** - `response_metadata.orchestration.variants` of the answer names the assigned variant, even if a pattern around the
 * experiment replaced its answer. If the variant fails, another one or `fallback` answers, and `variants` has no entry, so that the
 * run counts for no variant. Without `stickyBy` every run is a new draw; with it, the draw depends on the key, `seed` and the path of
 * the experiment. `compareVariants` of `/evaluation` compares the variants. More: docs/patterns/experiment.md
 *
 * @example
 * ```ts
 * const graph = createExperiment({ models: { a, b }, weights: { a: 90, b: 10 }, stickyBy: "sessionId", seed: "new-prompt" });
 * const { route } = await graph.compile().invoke({ messages: "Hi" }, { context: { sessionId: "s-1" } });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `models` cannot be a node name
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {InvalidOptionError} when `models` is empty, a model has no weight, a weight is negative or has no model, all are 0,
 * `affinity` is invalid, or an option is unknown
 */
export function createExperiment<Name extends string, Fields extends SharedFields>(
  options: ExperimentOptions<Name, Fields>,
): PatternGraph<NoInfer<Name> | "assignment" | "fallback", Fields> {
  checkOptions(options, "createExperiment", [
    "models",
    "weights",
    "stickyBy",
    "seed",
    "fallback",
    "affinity",
    ...graphOptionKeys,
  ]);
  const { weights, stickyBy, seed, fallback, affinity } = options;
  const reserved = [assignmentName, ...(fallback ? [fallbackName] : [])];
  const models = checkModels(options.models, { owner: "createExperiment", reserved });
  checkWeights(weights, models);
  checkAffinity(affinity, "createExperiment.affinity");
  const around = ({ path = "" }: RouteTurn) => path.split("/").slice(0, -1).join("/");
  const open = ({ models }: RouteTurn) => models.map(({ name }) => name);
  const draw = drawnBy<string>("createExperiment", weights, { stickyBy, seed }, around, open);
  const tiers = tiersOf(models);
  const drawn = models.map(({ name }) => name).filter((name) => weights[name as Name] > 0);
  const fallbacks = fallbackTiers(fallback, "createExperiment");
  const otherwise = fallbacks[0]?.name;
  const all = [...tiers, ...fallbacks];
  const behind = tiers.filter(({ name }) => drawn.includes(name));
  const again = otherwise === undefined && drawn.length > 1 ? { otherwise: assignmentName, behind } : {};
  const nextOptions = { all, tiers: fallbacks, kind: "fallback", alone: true, ...again } as const;

  const graph = patternGraph("createExperiment", 2 * all.length + 2, options);
  const assign = assignNode({ variants: models, tiers, draw, drawn, otherwise, affinity });
  addNode(graph, assignmentName, startsRun(assignmentName, assign, 2));
  graph.addEdge(START, assignmentName).addConditionalEdges(
    assignmentName,
    routed,
    all.map(({ name }) => name),
  );
  const onFailure = otherwise ?? again.otherwise;
  for (const tier of tiers) {
    addNode(graph, tier.name, modelNode({ tier, nextOptions }), tier.model);
    if (onFailure === undefined) graph.addEdge(tier.name, END);
    else graph.addConditionalEdges(tier.name, next, [onFailure, END]);
  }
  addFallbackNode(graph, all, fallbacks);
  return graph as unknown as PatternGraph<Name | "assignment" | "fallback", Fields>;
}

function checkWeights(weights: Readonly<Record<string, number>>, models: readonly NamedModel[]): void {
  const names = models.map(({ name }) => name);
  const option = "createExperiment.weights";
  const weighed = checkedEntries(weights, option, `give each of ${names.join(", ")} a weight`);
  const unknown = weighed.find(([name]) => !names.includes(name));
  if (unknown !== undefined) {
    const expected = `the models are ${names.join(", ")}${didYouMean(unknown[0], names)}`;
    throw new InvalidOptionError(`${option}.${unknown[0]}`, unknown[1], expected);
  }
  const missing = names.find((name) => !Object.hasOwn(weights, name));
  if (missing === undefined) return;
  throw new InvalidOptionError(`${option}.${missing}`, undefined, "give every model a weight; 0 is never chosen");
}
