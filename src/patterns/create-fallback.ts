import type { AIMessage } from "@langchain/core/messages";
import { END, START } from "@langchain/langgraph";
import { next } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkModels } from "../models/check-models.js";
import type { Model, ModelEntry, Models } from "../models/model.js";
import { defaultResponseName } from "../nodes/default-response.js";
import { modelNode } from "../nodes/model.js";
import { fallbackName } from "../nodes/next-options.js";
import { startsRun } from "../nodes/starts-run.js";
import type { SharedFields } from "../state/own-keys.js";
import { addNode } from "./add-node.js";
import { type GraphOptions, graphOptionKeys } from "./graph-options.js";
import { addDefaultResponseNode, addFallbackNode, checkOptions, fallbackTiers, tiersOf } from "./options.js";

export interface FallbackOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends GraphOptions<Fields> {
  /** Models in key order, first choice first. */
  readonly models: Models<Name>;
  /** Answers when none of `models` did, in a node of its own. @default the run ends without it */
  readonly fallback?: Model | ModelEntry;
  /** Answer of the run, with confidence 0, when no model answered. @default throws `AllModelsFailedError` */
  readonly defaultResponse?: string | AIMessage;
}

/**
 * Calls the first model and, when it fails, the next one that can help.
 *
 * Topology: `START → <first> ⇢ <next> ⇢ … ⇢ [fallback ⇢] [default_response →] END`  (`⇢` is conditional)
 *
 * **When to use** - an answer must come even while a provider is down, rate-limited or refuses.
 * **Gotchas** - the kind of error decides which model is next: an exhausted quota or a refusal goes to another provider, an overflow
 * to a larger context window. A bad request is a bug of the caller and ends the run. A rate limit moves on at once; only when no
 * model is healthy, the run waits for the first one to recover, 60 s at most. `fallback` is one more
 * model at the end of the chain, visible as such in Studio and in `decisions`. More: docs/patterns/fallback.md
 *
 * @example
 * ```ts
 * const graph = createFallback({ models: { openai, gemini }, defaultResponse: "Please try again later." }).compile();
 * const { modelUsed } = await graph.invoke({ messages: "Hi" });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `models` cannot be a node name
 * @throws {InvalidModelError} when a model or `fallback` cannot answer messages
 * @throws {InvalidOptionError} when `models` or `defaultResponse` is empty
 */
export function createFallback<Name extends string, Fields extends SharedFields>(
  options: FallbackOptions<Name, Fields>,
): PatternGraph<NoInfer<Name> | "fallback" | "default_response", Fields> {
  checkOptions(options, "createFallback", ["models", "fallback", "defaultResponse", ...graphOptionKeys]);
  const { fallback, defaultResponse } = options;
  const reserved = [
    ...(fallback ? [fallbackName] : []),
    ...(defaultResponse === undefined ? [] : [defaultResponseName]),
  ];
  const chain = tiersOf(checkModels(options.models, { owner: "createFallback", reserved }));
  const fallbacks = fallbackTiers(fallback, "createFallback");
  const all = [...chain, ...fallbacks];

  const graph = patternGraph("createFallback", 2 * all.length + 1, options);
  const otherwise = addDefaultResponseNode(graph, defaultResponse, "createFallback");
  chain.forEach((tier, index) => {
    const later = chain.slice(index + 1);
    const tiers = [...(later.length > 0 ? later : chain.slice(0, index)), ...fallbacks];
    const node = modelNode({ tier, nextOptions: { all, tiers, kind: "fallback", ...(otherwise && { otherwise }) } });
    addNode(graph, tier.name, index === 0 ? startsRun(tier.name, node) : node, tier.model);
    const ends = [...tiers.map(({ name }) => name), ...(otherwise ? [otherwise] : []), END];
    if (ends.length === 1) graph.addEdge(tier.name, END);
    else graph.addConditionalEdges(tier.name, next, ends);
  });
  graph.addEdge(START, chain[0]!.name);
  addFallbackNode(graph, all, fallbacks, { otherwise });
  return graph as unknown as PatternGraph<Name | "fallback" | "default_response", Fields>;
}
