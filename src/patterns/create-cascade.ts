import { END, START } from "@langchain/langgraph";
import { InvalidOptionError } from "../errors/index.js";
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
import { addNode } from "./add-node.js";
import type { GraphOptions } from "./graph-options.js";
import { addFallbackNode, checkFunction, checkOnUnverified, checkOptions, fallbackTiers, tiersOf } from "./options.js";

export interface CascadeOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends GraphOptions<Fields> {
  /** The ladder: key order, cheapest first. */
  readonly models: Models<Name>;
  /** Judges every answer; the first one it passes is returned. */
  readonly verify: Verify<OwnOf<Fields>>;
  /** Answers, unjudged, when no tier passes. @default the last answer that came is returned, its verdict kept */
  readonly fallback?: Model | ModelEntry;
  /** What a judge that fails as a call (not: one that says no) means. @default "accept": an outage must not buy the expensive model */
  readonly onUnverified?: OnUnverified;
  /**
   * True where a model also judges an answer nothing comes after, which is returned whatever the verdict: `verdict` and `confidence`
   * then say how good it is. @default false: verifiers that ask no model still judge it
   */
  readonly judgeLast?: boolean;
}

/**
 * Asks cheaper models first and stops at the first answer the verifier passes.
 *
 * Topology: `START → <first> → verifier ⇢ <next> | fallback | END`  (`⇢` is conditional)
 *
 * **When to use** - most requests are easy and a check is cheaper than the large model.
 * **Gotchas** - a failed call counts as a failed verdict, a rate limit while a higher tier is healthy too; key order is the order
 * of the ladder; drafts do not stream, an accepted answer appears whole. An answer nothing comes after - no tier, no `fallback` -
 * is judged only by what asks no model (`check`, `agreement`, `selfReported`, …), and returned with that verdict; of a function of
 * your own the first `ask` ends the judging. `verdict` is then undefined, `confidence` null and the decision says "last tier, not
 * judged"; `judgeLast` pays for both. A judge that fails as a call passes the answer with confidence `null`, unless `onUnverified`
 * says otherwise; any other error of `verify` is a bug, and ends the run. A judge whose model is busy for more than 8 s has failed, with
 * `onUnverified: "throw"` for more than 60 s. A tier that was rate-limited is come back to when the higher tiers fail too, but not when
 * `fallback` does: its answer could not be judged any more. A spare that may be waited for is a `createFallback` as `fallback`.
 *
 * @example
 * ```ts
 * const graph = createCascade({ models: { small, large }, verify: judgeWith(large) }).compile();
 * const { messages, modelUsed, verdict } = await graph.invoke({ messages: "Why is the sky blue?" });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `models` cannot be a node name
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {InvalidOptionError} when `models` is empty, `verify` is not a function or names a model that does not exist,
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
    "state",
    "system",
  ]);
  const verify = options.verify as Verify;
  const { fallback, onUnverified = "accept", judgeLast = false } = options;
  checkFunction(verify, "createCascade.verify");
  checkOnUnverified(onUnverified, "createCascade.onUnverified");
  if (typeof judgeLast !== "boolean")
    throw new InvalidOptionError("createCascade.judgeLast", judgeLast, "give a boolean");
  const reserved = ["verifier", ...(fallback ? [fallbackName] : [])];
  const ladder = tiersOf(checkModels(options.models, { owner: "createCascade", reserved }), verify);
  checkMentions(
    verify,
    ladder.map(({ name }) => name),
    "createCascade",
  );
  const fallbacks = fallbackTiers(fallback, "createCascade");
  const all = [...ladder, ...fallbacks];
  const [first, ...higher] = ladder;
  const nextOptions = { all, tiers: [...higher, ...fallbacks], kind: "escalate" } as const;

  const graph = patternGraph("createCascade", 2 * all.length + 2, options);
  const shownLast = verify.asks === true && !judgeLast;
  for (const tier of ladder) {
    const node = modelNode({ tier, nextOptions, shownLast });
    addNode(graph, tier.name, tier === first ? startsRun(tier.name, node, 2) : node, tier.model);
    graph.addEdge(tier.name, "verifier");
  }
  graph.addEdge(START, first!.name);
  addNode(graph, "verifier", verifierNode({ verify, nextOptions, onUnverified, judgeLast }));
  graph.addConditionalEdges("verifier", next, [...nextOptions.tiers.map(({ name }) => name), END]);
  addFallbackNode(graph, all, fallbacks);
  return graph as unknown as PatternGraph<Name | "verifier" | "fallback", Fields>;
}
