import { END, START } from "@langchain/langgraph";
import { next } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkModels } from "../models/check-models.js";
import { checkMentions } from "../models/mentions.js";
import type { Model, ModelEntry, Models } from "../models/model.js";
import { modelNode } from "../nodes/model.js";
import { fallbackName } from "../nodes/next-options.js";
import { startsRun } from "../nodes/starts-run.js";
import { type OnUnverified, verifierNode } from "../nodes/verifier.js";
import type { OwnOf, SharedFields } from "../state/own-keys.js";
import type { Verify } from "../verification/verify.js";
import { addNode, checksPrompts } from "./add-node.js";
import { type GraphOptions, graphOptionKeys } from "./graph-options.js";
import {
  addFallbackNode,
  checkBoolean,
  checkFunction,
  checkOnUnverified,
  checkOptions,
  fallbackTiers,
  startOf,
  tiersOf,
} from "./options.js";

export interface CascadeOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends GraphOptions<Fields> {
  /** Tiers in key order, cheapest first, unless the verifier has a `first` or a verdict names a `next`. */
  readonly models: Models<Name>;
  /** Judges each answer; the first that passes is returned. */
  readonly verify: Verify<OwnOf<Fields>>;
  /** Answers, unjudged, when no tier passes. @default the last answer is returned, with its verdict */
  readonly fallback?: Model | ModelEntry;
  /** What follows when the judge's own call fails. @default "accept", so that an outage of the judge does not buy the expensive model */
  readonly onUnverified?: OnUnverified;
  /**
   * Lets a model judge the last answer too. It is returned whatever the verdict; `verdict` and `confidence` then rate it.
   *
   * @default false: only verifiers that call no model judge it
   */
  readonly judgeLast?: boolean;
}

/**
 * Calls cheaper models first and returns the first answer that passes the verifier.
 *
 * Topology: `START → <first> → verifier ⇢ <next> | fallback | END`  (`⇢` is conditional)
 *
 * **When to use** - most requests are easy, and a check costs less than the large model.
 * **Gotchas** - a failed call counts as a failed verdict; the next model in key order then answers. Drafts do not stream: an accepted answer arrives as one chunk. The last
 * answer is not judged by a model unless `judgeLast` is set. If the judge's own call fails, the answer is accepted with confidence
 * `null` (see `onUnverified`); any other error of `verify` ends the run. More: docs/patterns/cascade.md
 *
 * @example
 * ```ts
 * const graph = createCascade({ models: { small, large }, verify: judgeWith(large) }).compile();
 * const { messages, modelUsed, verdict } = await graph.invoke({ messages: "Why is the sky blue?" });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `models` cannot be a node name
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {UnknownRouteError} when the `next` of a verdict names no model of the cascade
 * @throws {InvalidOptionError} when `models` is empty, `verify` is not a function or names an unknown model (its `first` too),
 * `onUnverified` is neither `accept`, `escalate` nor `throw`, or `judgeLast` is not a boolean
 */
export function createCascade<Name extends string, Fields extends SharedFields>(
  options: CascadeOptions<Name, Fields>,
): PatternGraph<NoInfer<Name> | "verifier" | "fallback", Fields> {
  checkOptions(options, "createCascade", [
    "models",
    "verify",
    "fallback",
    "onUnverified",
    "judgeLast",
    ...graphOptionKeys,
  ]);
  const verify = options.verify as Verify;
  const { fallback, onUnverified = "accept", judgeLast = false } = options;
  checkFunction(verify, "createCascade.verify");
  checkOnUnverified(onUnverified, "createCascade.onUnverified");
  checkBoolean(judgeLast, "createCascade.judgeLast");
  const reserved = ["verifier", ...(fallback ? [fallbackName] : [])];
  const ladder = tiersOf(checkModels(options.models, { owner: "createCascade", reserved }), verify);
  checkMentions(
    verify,
    ladder.map(({ name }) => name),
    "createCascade",
  );
  const fallbacks = fallbackTiers(fallback, "createCascade");
  const all = [...ladder, ...fallbacks];
  const first = startOf(ladder, verify, "createCascade");
  const higher = ladder.filter((tier) => tier !== first);
  const nextOptions = { all, tiers: [...higher, ...fallbacks], kind: "escalate" } as const;

  const graph = patternGraph("createCascade", 2 * all.length + 2, options);
  checksPrompts(graph, [verify]);
  const shownLast = verify.asks === true && !judgeLast;
  for (const tier of ladder) {
    const node = modelNode({ tier, nextOptions, shownLast });
    addNode(graph, tier.name, tier === first ? startsRun(tier.name, node, 2) : node, tier.model);
    graph.addEdge(tier.name, "verifier");
  }
  graph.addEdge(START, first.name);
  const verifier = { verify, onUnverified, judgeLast };
  addNode(graph, "verifier", verifierNode({ ...verifier, nextOptions }));
  graph.addConditionalEdges("verifier", next, [...nextOptions.tiers.map(({ name }) => name), END]);
  addFallbackNode(graph, all, fallbacks, { verifier });
  return graph as unknown as PatternGraph<Name | "verifier" | "fallback", Fields>;
}
