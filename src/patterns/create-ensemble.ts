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
import { addNode } from "./add-node.js";
import type { GraphOptions } from "./graph-options.js";
import {
  addDefaultResponseNode,
  addFallbackNode,
  checkCount,
  checkFunction,
  checkOptions,
  fallbackTiers,
  tiersOf,
} from "./options.js";

export interface EnsembleOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends GraphOptions<Fields> {
  /** Asked in parallel; key order is the order of answers and breaks ties. */
  readonly models: Models<Name>;
  /** Makes one answer out of those that came. */
  readonly aggregate: Aggregate<OwnOf<Fields>>;
  /** Answers needed. @default 1 */
  readonly minimum?: number;
  /** Cancel lanes that can no longer change the outcome. @default true for strategies that know when they are settled */
  readonly stopEarly?: boolean;
  /** Answers when fewer than `minimum` did. @default none */
  readonly fallback?: Model | ModelEntry;
  /** Said when fewer than `minimum` answered and no `fallback` did. @default `QuorumNotReachedError` */
  readonly defaultResponse?: string | AIMessage;
}

/**
 * Asks several models at once and makes one answer out of theirs.
 *
 * Topology: `START → fan_out → <models> → aggregator → END`, or `aggregator ⇢ fallback | default_response | END`
 *
 * **When to use** - an error is expensive and a second opinion is worth its price.
 * **Gotchas** - every lane is paid; a failed lane never hurts the others; one survivor is returned without paying a judge. A lane whose
 * provider asks to wait is waited for only while other lanes are at work, or where fewer than `minimum` answered and `fallback` is
 * not healthy: raise `minimum` where each voice matters.
 * Never run it with `maxConcurrency: 1`: LangGraph would drop lanes silently, so it is refused.
 *
 * @example
 * ```ts
 * const graph = createEnsemble({ models: { a, b, c }, aggregate: majorityVote() }).compile();
 * const { aggregate, confidence } = await graph.invoke({ messages: "Is 91 prime? Yes or no." });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `models` cannot be a node name
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {InvalidOptionError} when `models` is empty, `aggregate` is not a function or names a model there is none of, `minimum` is not from 1 to the number of
 * models, or `stopEarly` is asked of a strategy that cannot tell when it is settled
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
    "state",
    "system",
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
  if (options.stopEarly === true && aggregate.settled === undefined) {
    throw new InvalidOptionError(
      "createEnsemble.stopEarly",
      true,
      `${aggregate.name || "this aggregate"} cannot tell when it is settled; leave it out`,
    );
  }
  const settled = aggregate.settled;
  const enough = settled && ((poll: Parameters<typeof settled>[0]) => poll.answers.length >= minimum && settled(poll));
  const fallbacks = fallbackTiers(fallback, "createEnsemble");
  const asked = tiersOf(models).map((tier) => (minimum > 1 ? { ...tier, verified: true } : tier)); // one alone is no answer
  const all = [...asked, ...fallbacks];

  const graph = patternGraph("createEnsemble", 5, options);
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
  addFallbackNode(graph, all, fallbacks, response);
  return graph as unknown as PatternGraph<Name | "fan_out" | "aggregator" | "fallback" | "default_response", Fields>;
}
