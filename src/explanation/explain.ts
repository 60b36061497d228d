import type { BaseMessage, BaseMessageLike } from "@langchain/core/messages";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { canRehearse } from "../langgraph/rehearsal.js";
import type { MessagesGraph, MessagesGraphBuilder } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import type { RunContext } from "../state/run-context.js";
import { type Explanation, explanationOf } from "./explanation.js";
import { walksOf } from "./walks.js";

export interface ExplainOptions {
  /** Run context, as passed to the run. */
  readonly context?: RunContext;
  /**
   * Calls classifiers, embedders and trained routers, which costs what it costs in a run.
   *
   * @default false: their choice is one of all models
   */
  readonly classify?: boolean;
}

/** Question, conversation, or whole input of a graph. */
export type ExplainInput =
  | string
  | readonly (BaseMessage | BaseMessageLike)[]
  | { readonly messages: unknown; readonly [key: string]: unknown };

/**
 * Says where a run would go now: which models it would call in which order, which it would skip and why, and what that costs.
 *
 * **When to use** - to see why a model is passed over, to test a routing rule without a bill, or to show a price before a run.
 * **Gotchas** - the nodes of the graph run as they do in a run, with stand-ins for the models, so functions of your own (routes, plans,
 * aggregates, verifiers) run on text that no model wrote. A cache that would answer is not consulted, and calls are explained as if
 * those before them left their share of a budget. Agents and foreign graphs are one call each. More: docs/explain.md
 *
 * @param graph a graph of this package, compiled or not
 * @example
 * ```ts
 * const { order, cost } = await explain(createFallback({ models: { small, large } }), "Why is the sky blue?");
 * // [{ name: "small" }, { name: "large", otherwise: true, reason: "only if what is before it fails or is rejected" }]
 * ```
 * @throws {InvalidOptionError} when `graph` is not a graph of this package, or has nodes of your own
 */
export async function explain(
  graph: MessagesGraph | MessagesGraphBuilder,
  input: ExplainInput,
  options: ExplainOptions = {},
): Promise<Explanation> {
  checkKeys(options, "explain", ["context", "classify"]);
  const { context, classify = false } = options;
  if (typeof classify !== "boolean") throw new InvalidOptionError("explain.classify", classify, "give true or false");
  const pattern = resolve(graph, "explain.graph").runnable;
  if (!canRehearse(pattern)) {
    const expected = "give a graph of a factory of this package, without nodes or policies of your own";
    throw new InvalidOptionError("explain.graph", graph, expected);
  }
  const given = typeof input === "string" || Array.isArray(input) ? { messages: input } : (input as object);
  return explanationOf(await walksOf(pattern, given, { context, classify }));
}
