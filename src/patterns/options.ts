import type { AIMessage } from "@langchain/core/messages";
import { END } from "@langchain/langgraph";
import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { refuseFactory, registerFactories } from "../errors/refuse-factory.js";
import { next } from "../langgraph/direct.js";
import type { PatternGraph } from "../langgraph/pattern-graph.js";
import type { NamedModel } from "../models/check-models.js";
import type { Model, ModelEntry } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { defaultResponseName, defaultResponseNode } from "../nodes/default-response.js";
import { modelNode } from "../nodes/model.js";
import type { Tier } from "../nodes/next-model.js";
import { fallbackName } from "../nodes/next-options.js";
import { judging, type OnUnverified, type VerifierNodeOptions } from "../nodes/verifier.js";
import { didYouMean } from "../text/nearest-name.js";
import type { Verify } from "../verification/verify.js";
import { addNode } from "./add-node.js";
import { strategyFactories } from "./strategy-factories.js";

/** Throws unless `options` is an object with known keys; factories call it before they read an option. */
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

/** Makes a tier of each model, called once per run; a given `verify` judges its answer. */
export function tiersOf(models: readonly NamedModel[], verify?: Verify): Tier[] {
  return models.map(({ name, model }) => ({ name, model, visits: 1, ...judgedBy(verify) }));
}

/** Returns the tier that a verifier starts with, else the first in key order. */
export function startOf(tiers: readonly Tier[], { first }: Verify, owner: string): Tier {
  if (first === undefined) return tiers[0]!;
  const tier = tiers.find(({ name }) => name === first);
  if (tier !== undefined) return tier;
  const names = tiers.map(({ name }) => name);
  throw new InvalidOptionError(
    `${owner}.verify.first`,
    first,
    `the models of ${owner} are ${names.join(", ")}${didYouMean(first, names)}`,
  );
}

/** Returns the fields that a verifier adds to each tier it judges. */
export function judgedBy(verify: Verify | undefined): Pick<Tier, "verified" | "instruction" | "logprobs"> {
  if (verify === undefined) return {};
  const { instruction, logprobs = false } = verify;
  return { verified: true, ...(instruction === undefined ? {} : { instruction }), ...(logprobs && { logprobs }) };
}

/**
 * Resolves the `fallback` option to the last tier of a pattern; returns an empty list when it is unset.
 *
 * @param more keys of the entry that only this pattern reads
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

interface FallbackNodeOptions {
  readonly otherwise?: string | undefined;
  /** Judges an earlier model that is called again because the fallback failed. */
  readonly verifier?: Omit<VerifierNodeOptions, "nextOptions"> | undefined;
}

/** Adds the `fallback` node. Its answer streams, because no verifier judges it. */
export function addFallbackNode(
  graph: PatternGraph,
  all: readonly Tier[],
  [tier]: readonly Tier[],
  { otherwise, verifier }: FallbackNodeOptions = {},
): void {
  if (tier === undefined) return;
  const nextOptions = { all, tiers: [], kind: "fallback", ...(otherwise && { otherwise }) } as const;
  const judged = verifier && { judging: judging({ ...verifier, nextOptions }) };
  addNode(graph, tier.name, modelNode({ tier, nextOptions, ...judged }), tier.model);
  if (otherwise) graph.addConditionalEdges(tier.name, next, [otherwise, END]);
  else graph.addEdge(tier.name, END);
}

/** Adds the node that answers without a model; returns its name, or `undefined` without a response. */
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

registerFactories(strategyFactories);

/** The strategy that an error names for an option which has to be one. */
const examples: Readonly<Record<string, string>> = {
  verify: "judgeWith(model)",
  route: 'byKeyword({ code: ["debug"] })',
  aggregate: "majorityVote()",
  context: "lastMessages(6)",
  next: 'untilApproved("write")',
};

/** Throws unless `value` is a function; also for a strategy factory that was passed without calling it. */
export function checkFunction(value: unknown, option: string, need: "required" | "optional" = "required"): void {
  refuseFactory(value, option);
  if (typeof value === "function" || (value === undefined && need === "optional")) return;
  const example = examples[option.slice(option.lastIndexOf(".") + 1)] ?? "one of the strategies of this package";
  throw new InvalidOptionError(option, value, `give a function, such as ${example}`);
}

export function checkOnUnverified(value: OnUnverified, option: string): void {
  if (["accept", "escalate", "throw"].includes(value)) return;
  throw new InvalidOptionError(option, value, 'give "accept", "escalate" or "throw"');
}

export function checkBoolean(value: boolean | undefined, option: string): void {
  if (value !== undefined && typeof value !== "boolean") throw new InvalidOptionError(option, value, "give a boolean");
}

export function checkCount(value: number, option: string, [low, high]: readonly [number, number]): void {
  if (Number.isInteger(value) && value >= low && value <= high) return;
  throw new InvalidOptionError(
    option,
    value,
    `give a whole number from ${low}${high === Infinity ? " up" : ` to ${high}`}`,
  );
}
