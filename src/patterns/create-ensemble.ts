import type { AIMessage } from "@langchain/core/messages";
import { END, START } from "@langchain/langgraph";
import type { Aggregate } from "../aggregation/aggregate.js";
import { InvalidOptionError } from "../errors/index.js";
import { next } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkModels } from "../models/check-models.js";
import { checkMentions } from "../models/mentions.js";
import type { Model, ModelEntry, Models } from "../models/model.js";
import { defaultResponseName } from "../nodes/default-response.js";
import { aggregatorNode } from "../nodes/ensemble/aggregator.js";
import { fanOutNode, Lanes } from "../nodes/ensemble/lane.js";
import { fallbackName } from "../nodes/next-options.js";
import { startsRun } from "../nodes/starts-run.js";
import type { OwnOf, SharedFields } from "../state/own-keys.js";
import { addNode, checksPrompts } from "./add-node.js";
import { type GraphOptions, graphOptionKeys } from "./graph-options.js";
import {
  addDefaultResponseNode,
  addFallbackNode,
  checkBoolean,
  checkCount,
  checkFunction,
  checkOptions,
  fallbackTiers,
  tiersOf,
} from "./options.js";

export interface EnsembleOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends GraphOptions<Fields> {
  /** Called in parallel; key order is the order of the answers and breaks ties. */
  readonly models: Models<Name>;
  /** Makes one answer of all answers. */
  readonly aggregate: Aggregate<OwnOf<Fields>>;
  /** Answers needed. @default 1 */
  readonly minimum?: number;
  /** Cancels lanes that can no longer change the outcome. @default true if `aggregate` has a `settled` function */
  readonly stopEarly?: boolean;
  /** Answers when fewer than `minimum` lanes did. @default the run goes on to `defaultResponse` */
  readonly fallback?: Model | ModelEntry;
  /** Answer of the run when fewer than `minimum` lanes and no `fallback` answered. @default throws `QuorumNotReachedError` */
  readonly defaultResponse?: string | AIMessage;
}

/**
 * Calls several models at once and makes one answer of theirs.
 *
 * Topology: `START → fan_out → <models> → aggregator → END`, or `aggregator ⇢ fallback | default_response | END`
 *
 * **When to use** - an error is expensive, and a second opinion is worth its price.
 * **Gotchas** - you pay for every lane. A failed lane does not affect the others, and a single answer is returned without calling a
 * judge. A rate-limited lane may be left out: raise `minimum` when every vote matters. `maxConcurrency: 1` throws, because LangGraph
 * would silently drop lanes. More: docs/patterns/ensemble.md
 *
 * @example
 * ```ts
 * const graph = createEnsemble({ models: { a, b, c }, aggregate: majorityVote() }).compile();
 * const { aggregate, confidence } = await graph.invoke({ messages: "Is 91 prime? Yes or no." });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `models` cannot be a node name
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {InvalidOptionError} when `models` is empty, `aggregate` is not a function or names an unknown model, `minimum` is not
 * from 1 to the number of models, or `stopEarly` is true and `aggregate` has no `settled`
 */
export function createEnsemble<Name extends string, Fields extends SharedFields>(
  options: EnsembleOptions<Name, Fields>,
): PatternGraph<NoInfer<Name> | "fan_out" | "aggregator" | "fallback" | "default_response", Fields> {
  checkOptions(options, "createEnsemble", [
    "models",
    "aggregate",
    "minimum",
    "stopEarly",
    "fallback",
    "defaultResponse",
    ...graphOptionKeys,
  ]);
  const aggregate = options.aggregate as Aggregate;
  const { minimum = 1, fallback, defaultResponse } = options;
  checkFunction(aggregate, "createEnsemble.aggregate");
  const reserved = [
    "fan_out",
    "aggregator",
    ...(fallback ? [fallbackName] : []),
    ...(defaultResponse === undefined ? [] : [defaultResponseName]),
  ];
  const models = checkModels(options.models, { owner: "createEnsemble", reserved });
  checkMentions(
    aggregate,
    models.map(({ name }) => name),
    "createEnsemble",
  );
  checkCount(minimum, "createEnsemble.minimum", [1, models.length]);
  checkBoolean(options.stopEarly, "createEnsemble.stopEarly");
  if (options.stopEarly === true && aggregate.settled === undefined) {
    throw new InvalidOptionError(
      "createEnsemble.stopEarly",
      true,
      `${aggregate.name || "this aggregate"} has no \`settled\` function, so it cannot stop early; leave the option out`,
    );
  }
  const settled = aggregate.settled;
  const enough = settled && ((poll: Parameters<typeof settled>[0]) => poll.answers.length >= minimum && settled(poll));
  const fallbacks = fallbackTiers(fallback, "createEnsemble");
  const asked = tiersOf(models).map((tier) => (minimum > 1 ? { ...tier, verified: true } : tier)); // one answer alone is not returned
  const all = [...asked, ...fallbacks];

  const graph = patternGraph("createEnsemble", 5, options);
  checksPrompts(graph, [aggregate]);
  addNode(graph, "fan_out", startsRun("fan_out", fanOutNode, 3));
  graph.addEdge(START, "fan_out");
  const response = addDefaultResponseNode(graph, defaultResponse, "createEnsemble");
  const otherwise = fallbacks[0]?.name ?? response;
  const nextOptions = { all, tiers: fallbacks, kind: "fallback", ...(response && { otherwise: response }) } as const;
  addNode(
    graph,
    "aggregator",
    aggregatorNode({ models, aggregate, minimum, nextOptions, ...(otherwise && { otherwise }) }),
  );
  const settles = options.stopEarly === false ? undefined : enough;
  const lanes = new Lanes({ models, settled: settles, minimum, nextOptions });
  for (const model of models) {
    addNode(graph, model.name, lanes.node(model), model.model);
    graph.addEdge("fan_out", model.name).addEdge(model.name, "aggregator");
  }
  if (otherwise) graph.addConditionalEdges("aggregator", next, [otherwise, END]);
  else graph.addEdge("aggregator", END);
  addFallbackNode(graph, all, fallbacks, { otherwise: response });
  return graph as unknown as PatternGraph<Name | "fan_out" | "aggregator" | "fallback" | "default_response", Fields>;
}
