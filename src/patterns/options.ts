import type { AIMessage } from "@langchain/core/messages";
import { END } from "@langchain/langgraph";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { knowMakers, refuseUncalled } from "../errors/uncalled.js";
import { next } from "../langgraph/direct.js";
import type { PatternGraph } from "../langgraph/pattern-graph.js";
import type { NamedModel } from "../models/check-models.js";
import type { Model, ModelEntry } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { defaultResponseName, defaultResponseNode } from "../nodes/default-response.js";
import { modelNode } from "../nodes/model.js";
import type { Tier } from "../nodes/next-model.js";
import { fallbackName } from "../nodes/next-options.js";
import type { OnUnverified } from "../nodes/verifier.js";
import type { Verify } from "../verification/verify.js";
import { addNode } from "./add-node.js";
import { makers } from "./makers.js";

/** Refuses a call without options or with one that does not exist, before anything is read from them. */
export function checkOptions<Options extends object>(
  options: Options,
  owner: string,
  known: readonly (keyof Options & string)[],
): void {
  if (typeof options !== "object" || options === null) {
    throw new InvalidOptionError(owner, options, `give it an object of options: ${owner}({ … })`);
  }
  checkKeys(options, owner, known);
}

/** Models as tiers that are asked once each; with a verifier, it decides over their answers. */
export function tiersOf(models: readonly NamedModel[], verify?: Verify): Tier[] {
  return models.map(({ name, model }) => ({ name, model, visits: 1, ...judgedBy(verify) }));
}

/** What a verifier means for the tiers it judges. */
export function judgedBy(verify: Verify | undefined): Pick<Tier, "verified" | "instruction" | "logprobs"> {
  if (verify === undefined) return {};
  const { instruction, logprobs = false } = verify;
  return { verified: true, ...(instruction === undefined ? {} : { instruction }), ...(logprobs && { logprobs }) };
}

/**
 * The `fallback` option as the last tier of a pattern; none where it is not given.
 *
 * @param more keys the entry may have beside its own: what the pattern reads
 */
export function fallbackTiers(
  fallback: Model | ModelEntry | undefined,
  owner: string,
  more?: readonly string[],
): Tier[] {
  return fallback === undefined
    ? []
    : [{ name: fallbackName, model: resolve(fallback, `${owner}.fallback`, more), visits: 1 }];
}

/** Adds the visible `fallback` node: its answer is not judged, and streams. */
export function addFallbackNode(
  graph: PatternGraph,
  all: readonly Tier[],
  [tier]: readonly Tier[],
  otherwise?: string,
): void {
  if (tier === undefined) return;
  const nextOptions = { all, tiers: [], kind: "fallback", ...(otherwise && { otherwise }) } as const;
  addNode(graph, tier.name, modelNode({ tier, nextOptions }), tier.model);
  if (otherwise) graph.addConditionalEdges(tier.name, next, [otherwise, END]);
  else graph.addEdge(tier.name, END);
}

/** Adds the node that answers without a model; returns its name where there is one. */
export function addDefaultResponseNode(
  graph: PatternGraph,
  response: string | AIMessage | undefined,
  owner: string,
): string | undefined {
  if (response === undefined) return undefined;
  addNode(graph, defaultResponseName, defaultResponseNode(response, `${owner}.defaultResponse`));
  graph.addEdge(defaultResponseName, END);
  return defaultResponseName;
}

knowMakers(makers);

/** Refuses what is not a function where one is needed, and a function that had to be called first. */
export function checkFunction(value: unknown, option: string, need: "required" | "optional" = "required"): void {
  refuseUncalled(value, option);
  if (typeof value === "function" || (value === undefined && need === "optional")) return;
  throw new InvalidOptionError(option, value, "give a function, such as one of the strategies of this package");
}

/** Refuses a word that says nothing of what a judge's failure means. */
export function checkOnUnverified(value: OnUnverified, option: string): void {
  if (["accept", "escalate", "throw"].includes(value)) return;
  throw new InvalidOptionError(option, value, 'give "accept", "escalate" or "throw"');
}

/** Refuses a count that is no whole number or out of range. */
export function checkCount(value: number, option: string, [low, high]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new InvalidOptionError(
    option,
    value,
    `give a whole number from ${low}${high === Infinity ? " up" : ` to ${high}`}`,
  );
}
