import { END, START } from "@langchain/langgraph";
import type { Context } from "../context/context.js";
import { next, routed } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkModels } from "../models/check-models.js";
import { checkMentions } from "../models/mentions.js";
import type { Model, ModelEntry } from "../models/model.js";
import { type Affinity, checkAffinity } from "../nodes/affinity.js";
import { modelNode } from "../nodes/model.js";
import type { Tier } from "../nodes/next-model.js";
import { fallbackName } from "../nodes/next-options.js";
import { routerNode } from "../nodes/router.js";
import { startsRun } from "../nodes/starts-run.js";
import { type OnUnverified, verifierNode } from "../nodes/verifier.js";
import type { Route } from "../routing/route.js";
import type { OwnOf, SharedFields } from "../state/own-keys.js";
import type { Verify } from "../verification/verify.js";
import { addNode, checksPrompts } from "./add-node.js";
import { type GraphOptions, graphOptionKeys } from "./graph-options.js";
import { addFallbackNode, checkFunction, checkOnUnverified, checkOptions, fallbackTiers, tiersOf } from "./options.js";

/** Model of a router with its own view of the conversation. */
export interface Specialist<Own = object> extends ModelEntry {
  /** What the model sees of the conversation; a context with memory stores only unverified answers. @default `context` of the router */
  readonly context?: Context<Own>;
}

export interface RouterOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends GraphOptions<Fields> {
  readonly models: Readonly<Record<Name, Model | Specialist<OwnOf<Fields>>>>;
  /** Chooses one of `models` for each run. */
  readonly route: Route<NoInfer<Name>, NoInfer<Name>, OwnOf<Fields>>;
  /** Judges the chosen model's answer; if it does not pass, `fallback` answers. @default every answer is returned */
  readonly verify?: Verify<OwnOf<Fields>>;
  /**
   * What follows when the judge's own call fails. `escalate` goes to `fallback`; without a `fallback` the answer is returned with a
   * failed verdict. @default "accept"
   */
  readonly onUnverified?: OnUnverified;
  /** Answers when the route makes no decision, the chosen model fails or its answer does not pass. @default the run throws */
  readonly fallback?: Model | Specialist<OwnOf<Fields>>;
  /** What the models, `fallback` included, see of the conversation; `context` of an entry wins. @default all of it */
  readonly context?: Context<OwnOf<Fields>>;
  /** Keeps the model for later runs, too; within a tool loop it is always kept. @default the route decides for every run */
  readonly affinity?: Affinity;
}

/**
 * Sends each request to the one model that suits it.
 *
 * Topology: `START → router ⇢ <model> → [verifier ⇢] END | fallback`  (`⇢` is conditional)
 *
 * **When to use** - tasks differ, and each has a model that does it best or cheapest.
 * **Gotchas** - without `fallback`, a run without a route throws `NoRouteError`, and a failed model throws `ModelCallError`. With
 * `verify` the answer arrives as one chunk. On a thread the models see the whole conversation unless `context` limits it; the route
 * and the verifier always see all of it. Results of tool calls go to the model that made the calls, without calling the route. More:
 * docs/patterns/router.md
 *
 * @example
 * ```ts
 * const graph = createRouter({
 *   models: { chat: small, code: { model: large, description: "Programming" } },
 *   route: ({ messages }) => (messages.at(-1)!.text.includes("```") ? "code" : "chat"),
 * }).compile();
 * const { messages, route, calls } = await graph.invoke({ messages: "Hi" });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `models` cannot be a node name
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {InvalidOptionError} when `models` is empty, `route` or `verify` names an unknown model, `route` or a `context` is not a
 * function, `onUnverified` is neither `accept`, `escalate` nor `throw`, or `affinity` is invalid
 */
export function createRouter<Name extends string, Fields extends SharedFields>(
  options: RouterOptions<Name, Fields>,
): PatternGraph<NoInfer<Name> | "router" | "verifier" | "fallback", Fields> {
  checkOptions(options, "createRouter", [
    "models",
    "route",
    "verify",
    "onUnverified",
    "fallback",
    "context",
    "affinity",
    ...graphOptionKeys,
  ]);
  const { onUnverified = "accept", fallback, affinity } = options;
  const { route, verify, context } = options as unknown as RouterOptions<string>;
  checkFunction(route, "createRouter.route");
  checkFunction(verify, "createRouter.verify", "optional");
  checkOnUnverified(onUnverified, "createRouter.onUnverified");
  const reserved = ["router", ...(verify ? ["verifier"] : []), ...(fallback ? [fallbackName] : [])];
  checkFunction(context, "createRouter.context", "optional");
  checkAffinity(affinity, "createRouter.affinity");
  const models = checkModels(options.models, { owner: "createRouter", reserved, more: ["context"] });
  const names = models.map(({ name }) => name);
  checkMentions(route, names, "createRouter");
  checkMentions(verify, names, "createRouter");
  const chosen = withContext(tiersOf(models, verify), context, "createRouter.models");
  const fallbacks = withContext(fallbackTiers(fallback, "createRouter", ["context"]), context, "createRouter");
  const otherwise = fallbacks[0]?.name;
  const all = [...chosen, ...fallbacks];
  const nextOptions = { all, tiers: fallbacks, kind: "fallback", alone: true } as const;
  const verified = verify !== undefined;

  const graph = patternGraph("createRouter", 6, options);
  checksPrompts(graph, [route, verify, ...all.map((tier) => tier.context)]);
  const router = routerNode({ models, route, affinity, nextOptions });
  addNode(graph, "router", startsRun("router", router, verified ? 3 : 2));
  graph.addEdge(START, "router").addConditionalEdges(
    "router",
    routed,
    all.map(({ name }) => name),
  );
  for (const tier of chosen) {
    addNode(graph, tier.name, modelNode({ tier, nextOptions }), tier.model);
    if (verified) graph.addEdge(tier.name, "verifier");
    else if (otherwise) graph.addConditionalEdges(tier.name, next, [otherwise, END]);
    else graph.addEdge(tier.name, END);
  }
  const verifier = verify && { verify, onUnverified, judgeLast: true };
  if (verifier) {
    addNode(graph, "verifier", verifierNode({ ...verifier, nextOptions }));
    graph.addConditionalEdges("verifier", next, [...fallbacks.map(({ name }) => name), END]);
  }
  addFallbackNode(graph, all, fallbacks, { verifier });
  return graph as unknown as PatternGraph<Name | "router" | "verifier" | "fallback", Fields>;
}

/** Adds a context to each tier: its own, else that of the router. */
function withContext(tiers: readonly Tier[], shared: Context | undefined, owner: string): Tier[] {
  return tiers.map((tier) => {
    const { context = shared }: Specialist = tier.model.entry;
    checkFunction(context, `${owner}.${tier.name}.context`, "optional");
    return context === undefined ? tier : { ...tier, context };
  });
}
