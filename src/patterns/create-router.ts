import { END, START } from "@langchain/langgraph";
import { checkModels } from "../models/check-models.js";
import type { Model, ModelEntry, Models } from "../models/model.js";
import { modelNode } from "../nodes/model.js";
import { fallbackName } from "../nodes/onward.js";
import { routerNode } from "../nodes/router.js";
import { startsRun } from "../nodes/starts-run.js";
import { verifierNode } from "../nodes/verifier.js";
import type { Route } from "../routing/route.js";
import type { Verify } from "../verification/verify.js";
import { next, routed } from "./direct.js";
import { addFallbackNode, checkFunction, checkOptions, fallbackRungs, instructionOf, rungsOf } from "./options.js";
import { addNode, type PatternGraph, patternGraph } from "./pattern-graph.js";

export interface RouterOptions<Name extends string> {
  readonly models: Models<Name>;
  /** Chooses one of `models` for each run. */
  readonly route: Route<NoInfer<Name>>;
  /** Judges the chosen model's answer; not passed goes to `fallback`. @default every answer is returned */
  readonly verify?: Verify;
  /** Answers when the route does not decide, the chosen model fails or its answer is not passed. @default none */
  readonly fallback?: Model | ModelEntry;
}

/**
 * Sends each request to the one model that suits it.
 *
 * Topology: `START → router ⇢ <model> → [verifier ⇢] END | fallback`  (`⇢` is conditional)
 *
 * **When to use** - tasks differ and each has a model that does it best, or cheapest.
 * **Gotchas** - without `fallback` a run whose route does not decide ends in `NoRouteError`, one whose model fails in
 * `ModelCallError`; without `verify` the answer streams as it comes, with it when it is accepted.
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
 * @throws {InvalidOptionError} when `models` is empty or `route` is not a function
 */
export function createRouter<Name extends string>(
  options: RouterOptions<Name>,
): PatternGraph<NoInfer<Name> | "router" | "verifier" | "fallback"> {
  checkOptions(options, "createRouter");
  const { route, verify, fallback } = options;
  checkFunction(route, "createRouter.route");
  checkFunction(verify, "createRouter.verify", "optional");
  const reserved = ["router", ...(verify ? ["verifier"] : []), ...(fallback ? [fallbackName] : [])];
  const models = checkModels(options.models, { owner: "createRouter", reserved });
  const spare = fallbackRungs(fallback, "createRouter");
  const otherwise = spare[0]?.name;
  const all = [...rungsOf(models), ...spare];
  const onward = { all, rungs: spare, kind: "fallback", alone: true } as const;
  const verified = verify !== undefined;

  const graph = patternGraph();
  addNode(
    graph,
    "router",
    startsRun("router", routerNode({ models, route: route as Route, ...(otherwise && { otherwise }) })),
  );
  graph.addEdge(START, "router").addConditionalEdges(
    "router",
    routed,
    all.map(({ name }) => name),
  );
  for (const rung of rungsOf(models)) {
    addNode(graph, rung.name, modelNode({ rung, onward, verified, ...instructionOf(verify) }), rung.model);
    if (verified) graph.addEdge(rung.name, "verifier");
    else if (otherwise) graph.addConditionalEdges(rung.name, next, [otherwise, END]);
    else graph.addEdge(rung.name, END);
  }
  if (verify) {
    addNode(graph, "verifier", verifierNode({ verify, onward, onUnverified: "accept" }));
    graph.addConditionalEdges("verifier", next, [...spare.map(({ name }) => name), END]);
  }
  addFallbackNode(graph, all, spare);
  return graph as PatternGraph<Name | "router" | "verifier" | "fallback">;
}
