import { END, START } from "@langchain/langgraph";
import { InvalidOptionError } from "../errors/index.js";
import { checkModels, type NamedModel } from "../models/check-models.js";
import type { Models } from "../models/model.js";
import { didYouMean } from "../models/nearest-name.js";
import { assignmentName } from "../nodes/assignment.js";
import { modelNode } from "../nodes/model.js";
import { routerNode } from "../nodes/router.js";
import { startsRun } from "../nodes/starts-run.js";
import { checkedEntries } from "../routing/check-value.js";
import type { RouteTurn } from "../routing/route.js";
import { drawnBy, type WeightedOptions } from "../routing/weighted.js";
import { routed } from "./direct.js";
import { checkOptions, rungsOf } from "./options.js";
import { addNode, type PatternGraph, patternGraph } from "./pattern-graph.js";

export interface ExperimentOptions<Name extends string> extends WeightedOptions {
  /** The variants. */
  readonly models: Models<Name>;
  /** How often each variant is chosen, in any unit: `{ a: 90, b: 10 }` is `{ a: 0.9, b: 0.1 }`. Every variant has one. */
  readonly weights: Readonly<Record<NoInfer<Name>, number>>;
}

/**
 * Splits traffic between variants, and writes on every answer which of them it got.
 *
 * Topology: `START → assignment ⇢ <variant> → END`  (`⇢` is conditional)
 *
 * **When to use** - an A/B test, or a new model that takes over step by step.
 * **Gotchas** - the assignment is in `decisions` and in `response_metadata.orchestration.variants` of the answer, under the path
 * of its node, so any log can be split by it: `{ assignment: "b" }`, in a router `{ "chat/assignment": "b" }`; a run that met
 * several variants under one path names all of them, `"a+b"`. It says what was assigned, not what was served: a variant that a
 * pattern around the experiment rejected or replaced is named all the same, or it would be judged by its survivors; `modelUsed`
 * beside it then does not begin with the variant's path. A variant that fails ends the run in its error: another one answering in
 * its place would count for the wrong side. A spare that belongs to a variant is a `createFallback` as its model.
 * Without `stickyBy` each visit is drawn anew; with it, the draw depends on the key, `seed` and the path of the experiment. So those
 * in different places are independent, one within another too; two graphs over the same keys and names are alike unless each
 * has a `seed` of its own. One assignment for several places is a `createRouter` with `weighted` in each.
 *
 * @example
 * ```ts
 * const graph = createExperiment({ models: { a, b }, weights: { a: 90, b: 10 }, stickyBy: "sessionId", seed: "new-prompt" });
 * const { route } = await graph.compile().invoke({ messages: "Hi" }, { context: { sessionId: "s-1" } });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `models` cannot be a node name
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {InvalidOptionError} when `models` is empty, a model has no weight, a weight is negative or has no model, all are 0, or an
 * option does not exist
 */
export function createExperiment<Name extends string>(
  options: ExperimentOptions<Name>,
): PatternGraph<NoInfer<Name> | "assignment"> {
  checkOptions(options, "createExperiment", ["models", "weights", "stickyBy", "seed"]);
  const { weights, stickyBy, seed } = options;
  const models = checkModels(options.models, { owner: "createExperiment", reserved: [assignmentName] });
  checkWeights(weights, models);
  const around = ({ path = "" }: RouteTurn) => path.split("/").slice(0, -1).join("/");
  const route = drawnBy<string>("createExperiment", weights, { stickyBy, seed }, around);
  const variants = rungsOf(models);
  const onward = { all: variants, rungs: [], kind: "fallback", alone: true } as const;

  const graph = patternGraph();
  addNode(graph, assignmentName, startsRun(assignmentName, routerNode({ name: assignmentName, models, route })));
  graph.addEdge(START, assignmentName).addConditionalEdges(
    assignmentName,
    routed,
    variants.map(({ name }) => name),
  );
  for (const rung of variants) {
    addNode(graph, rung.name, modelNode({ rung, onward, verified: false }), rung.model);
    graph.addEdge(rung.name, END);
  }
  return graph as PatternGraph<Name | "assignment">;
}

function checkWeights(weights: Readonly<Record<string, number>>, models: readonly NamedModel[]): void {
  const names = models.map(({ name }) => name);
  const option = "createExperiment.weights";
  const weighed = checkedEntries(weights, option, `give each of ${names.join(", ")} a weight`);
  const missing = names.find((name) => !Object.hasOwn(weights, name));
  if (missing !== undefined) {
    throw new InvalidOptionError(`${option}.${missing}`, undefined, "give every model a weight; 0 is never chosen");
  }
  const unknown = weighed.find(([name]) => !names.includes(name));
  if (unknown === undefined) return;
  const expected = `the models are ${names.join(", ")}${didYouMean(unknown[0], names)}`;
  throw new InvalidOptionError(`${option}.${unknown[0]}`, unknown[1], expected);
}
