import { END, START } from "@langchain/langgraph";
import { next, routed } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkModels } from "../models/check-models.js";
import type { Model, ModelEntry, Models } from "../models/model.js";
import { type Affinity, checkAffinity } from "../nodes/affinity.js";
import { assignNode } from "../nodes/assign.js";
import { assignmentName } from "../nodes/assignment.js";
import { scoreName, scoreNode } from "../nodes/experiment/score.js";
import { shadowName } from "../nodes/experiment/shadow-name.js";
import { Shadows } from "../nodes/experiment/shadows.js";
import { variantNode } from "../nodes/experiment/variant.js";
import { modelNode } from "../nodes/model.js";
import { fallbackName } from "../nodes/next-options.js";
import { startsRun } from "../nodes/starts-run.js";
import type { Adapt } from "../routing/adapting/adapt.js";
import type { RouteTurn } from "../routing/route.js";
import { drawnBy, type WeightedOptions } from "../routing/weighted.js";
import type { SharedFields } from "../state/own-keys.js";
import { addNode, addNodeBeside, checksPrompts } from "./add-node.js";
import { checkAdapt, checkWeights, type Shadow, scoreOf, shadowOf } from "./experiment-parts.js";
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
  /** Moves the traffic to the variants that are rewarded most: `thompson({ reward })`. @default the weights stay */
  readonly adapt?: Adapt;
  /**
   * Model that answers beside the variant and is not shown: a chat model, a pattern of chat models, or an entry of one with `share`,
   * `maxWaitMs` and `score`.
   *
   * @default none
   */
  readonly shadow?: Model | ModelEntry | Shadow;
  /** Keeps the variant for later runs, too; within a tool loop it is always kept. @default a new draw for every run */
  readonly affinity?: Affinity;
}

/**
 * Splits traffic between variants and records the variant on every answer.
 *
 * Topology: `START → assignment ⇢ <variant> ⇢ assignment | END`, with a fallback `<variant> ⇢ fallback | END`  (`⇢` is conditional); with a
 * shadow also `assignment → shadow → END`, and with a reward `<variant> ⇢ score → END`
 *
 * **When to use** - an A/B test, a gradual switch to a new model, or a trial of one that users do not see (`shadow`).
 * **Gotchas** - `response_metadata.orchestration.variants` of the answer names the assigned variant, even if a pattern around the
 * experiment replaced its answer. If the variant fails, another one or `fallback` answers, and `variants` has no entry, so that the
 * run counts for no variant. Without `stickyBy` every run is a new draw; with it, the draw depends on the key, `seed` and the path of
 * the experiment. A run ends `maxWaitMs` after its answer at the latest if it has a shadow; its tokens stream before.
 * `compareVariants` of `/evaluation` compares the variants. More: docs/patterns/experiment.md
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
 * `affinity`, `adapt` or `shadow` is invalid, or an option is unknown
 */
export function createExperiment<Name extends string, Fields extends SharedFields>(
  options: ExperimentOptions<Name, Fields>,
): PatternGraph<NoInfer<Name> | "assignment" | "fallback" | "shadow" | "score", Fields> {
  checkOptions(options, "createExperiment", [
    "models",
    "weights",
    "stickyBy",
    "seed",
    "fallback",
    "adapt",
    "shadow",
    "affinity",
    ...graphOptionKeys,
  ]);
  const { weights, stickyBy, seed, fallback, adapt, affinity } = options;
  checkAdapt(adapt, "createExperiment.adapt");
  const shadow = shadowOf(options.shadow, "createExperiment.shadow");
  const score = scoreOf(adapt, shadow, "createExperiment.shadow.score");
  const reserved = [
    assignmentName,
    ...(fallback ? [fallbackName] : []),
    ...(shadow ? [shadowName] : []),
    ...(score ? [scoreName] : []),
  ];
  const models = checkModels(options.models, { owner: "createExperiment", reserved });
  checkWeights(weights, models, "createExperiment.weights");
  checkAffinity(affinity, "createExperiment.affinity");
  const around = ({ path = "" }: RouteTurn) => path.split("/").slice(0, -1).join("/");
  const open = ({ models }: RouteTurn) => models.map(({ name }) => name);
  const places = { placeOf: around, among: open };
  const draw = drawnBy<string>("createExperiment", weights, { stickyBy, seed }, { ...places, adapt });
  const tiers = tiersOf(models);
  const drawn = models.map(({ name }) => name).filter((name) => weights[name as Name] > 0);
  adapt?.begin(drawn);
  const fallbacks = fallbackTiers(fallback, "createExperiment");
  const otherwise = fallbacks[0]?.name;
  const all = [...tiers, ...fallbacks];
  const behind = tiers.filter(({ name }) => drawn.includes(name));
  const again = otherwise === undefined && drawn.length > 1 ? { otherwise: assignmentName, behind } : {};
  const nextOptions = { all, tiers: fallbacks, kind: "fallback", alone: true, ...again } as const;

  const shadows = shadow && new Shadows({ ...shadow, tiers: all, seed });
  const graph = patternGraph("createExperiment", 2 * all.length + (score ? 3 : 2), options);
  checksPrompts(graph, [score]);
  const assign = assignNode({ variants: models, tiers, draw, drawn, otherwise, affinity });
  addNode(graph, assignmentName, startsRun(assignmentName, shadows?.after(assign) ?? assign, 2));
  graph.addEdge(START, assignmentName).addConditionalEdges(
    assignmentName,
    routed,
    all.map(({ name }) => name),
  );
  const ends = [otherwise ?? again.otherwise, score && scoreName].filter((end) => end !== undefined);
  for (const tier of tiers) {
    const node = variantNode(modelNode({ tier, nextOptions }), tier.name, {
      adapt,
      shadows,
      isScored: score !== undefined,
    });
    addNode(graph, tier.name, node, tier.model);
    if (ends.length === 0) graph.addEdge(tier.name, END);
    else graph.addConditionalEdges(tier.name, next, [...ends, END]);
  }
  addFallbackNode(graph, all, fallbacks);
  if (shadow && shadows) {
    addNodeBeside(graph, shadowName, shadows.node(), shadow.model);
    graph.addEdge(assignmentName, shadowName).addEdge(shadowName, END);
  }
  if (score) {
    addNode(graph, scoreName, scoreNode({ variants: tiers, score, shadow: shadow?.model, adapt }));
    graph.addEdge(scoreName, END);
  }
  return graph as unknown as PatternGraph<Name | "assignment" | "fallback" | "shadow" | "score", Fields>;
}
