import type { AIMessage } from "@langchain/core/messages";
import { END, START } from "@langchain/langgraph";
import { next } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkModels } from "../models/check-models.js";
import type { Models } from "../models/model.js";
import { defaultResponseName } from "../nodes/default-response.js";
import { modelNode } from "../nodes/model.js";
import { startsRun } from "../nodes/starts-run.js";
import type { SharedFields } from "../state/own-keys.js";
import { addNode } from "./add-node.js";
import type { GraphOptions } from "./graph-options.js";
import { addDefaultResponseNode, checkOptions, tiersOf } from "./options.js";

export interface FallbackOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends GraphOptions<Fields> {
  /** The chain: key order, first choice first. */
  readonly models: Models<Name>;
  /** Answers when no model did, with confidence 0. @default `AllModelsFailedError` */
  readonly defaultResponse?: string | AIMessage;
}

/**
 * Asks the first model and, when it fails, the next one that can help.
 *
 * Topology: `START → <first> ⇢ <next> ⇢ … ⇢ [default_response →] END`  (`⇢` is conditional)
 *
 * **When to use** - an answer must come even while a provider is down, rate-limited or refuses.
 * **Gotchas** - the kind of error decides who is next: a spent quota or a refusal goes to another provider, an overflow to a
 * larger window; a bad request is the caller's bug and ends the run. A rate limit moves on at once while another model is
 * healthy; the one that can be asked first is waited for, 60 s at most, when none is. A model that is cooling down is passed over
 * while another one is left; the last model has an edge back to those that were passed over.
 *
 * @example
 * ```ts
 * const graph = createFallback({ models: { openai, gemini }, defaultResponse: "Please try again later." }).compile();
 * const { modelUsed } = await graph.invoke({ messages: "Hi" });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `models` cannot be a node name
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {InvalidOptionError} when `models` or `defaultResponse` is empty
 */
export function createFallback<Name extends string, Fields extends SharedFields>(
  options: FallbackOptions<Name, Fields>,
): PatternGraph<NoInfer<Name> | "default_response", Fields> {
  checkOptions(options, "createFallback", ["models", "defaultResponse", "state", "system"]);
  const { defaultResponse } = options;
  const reserved = defaultResponse === undefined ? [] : [defaultResponseName];
  const chain = tiersOf(checkModels(options.models, { owner: "createFallback", reserved }));

  const graph = patternGraph("createFallback", 2 * chain.length + 1, options);
  const otherwise = addDefaultResponseNode(graph, defaultResponse, "createFallback");
  chain.forEach((tier, index) => {
    const later = chain.slice(index + 1);
    const tiers = later.length > 0 ? later : chain.slice(0, index);
    const node = modelNode({
      tier,
      nextOptions: { all: chain, tiers, kind: "fallback", ...(otherwise && { otherwise }) },
    });
    addNode(graph, tier.name, index === 0 ? startsRun(tier.name, node) : node, tier.model);
    const ends = [...tiers.map(({ name }) => name), ...(otherwise ? [otherwise] : []), END];
    if (ends.length === 1) graph.addEdge(tier.name, END);
    else graph.addConditionalEdges(tier.name, next, ends);
  });
  graph.addEdge(START, chain[0]!.name);
  return graph as unknown as PatternGraph<Name | "default_response", Fields>;
}
