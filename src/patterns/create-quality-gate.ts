import { END, START } from "@langchain/langgraph";
import { next } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkMentions } from "../models/mentions.js";
import type { Model, ModelEntry } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { modelNode } from "../nodes/model.js";
import { revisionPrompt } from "../nodes/revision.js";
import { startsRun } from "../nodes/starts-run.js";
import { type OnUnverified, verifierNode } from "../nodes/verifier.js";
import type { OwnOf, SharedFields } from "../state/own-keys.js";
import type { Verify } from "../verification/verify.js";
import { addNode, checksPrompts } from "./add-node.js";
import { type GraphOptions, graphOptionKeys } from "./graph-options.js";
import {
  addFallbackNode,
  checkCount,
  checkFunction,
  checkOnUnverified,
  checkOptions,
  fallbackTiers,
  judgedBy,
} from "./options.js";

export interface QualityGateOptions<Fields extends SharedFields = SharedFields> extends GraphOptions<Fields> {
  readonly model: Model | ModelEntry;
  /** Judges the draft and every revision; the model receives its feedback. */
  readonly verify: Verify<OwnOf<Fields>>;
  /** Maximum number of revisions. @default 1 */
  readonly maxRevisions?: number;
  /**
   * What follows when the judge's own call fails. `escalate` goes to `fallback`, because there is no feedback to revise by; without a
   * `fallback` the answer is returned with a failed verdict. @default "accept"
   */
  readonly onUnverified?: OnUnverified;
  /** Answers, unjudged, when no revision passes. @default the last answer is returned, with its verdict */
  readonly fallback?: Model | ModelEntry;
}

/**
 * Judges an answer and lets its model revise it until it passes.
 *
 * Topology: `START → draft → verifier ⇢ revise | fallback | END`, `revise → verifier`  (`⇢` is conditional)
 *
 * **When to use** - the model can improve its answer with feedback: a schema, a failing test, a reviewer's note.
 * **Gotchas** - each revision pays for the draft and the feedback as input. If the judge's own call fails, the answer is accepted with
 * confidence `null` (see `onUnverified`); any other error of `verify` ends the run. With `maxRevisions: 0` and a `fallback`, a rejected
 * answer goes straight to `fallback`. More: docs/patterns/quality-gate.md
 *
 * @example
 * ```ts
 * const graph = createQualityGate({ model: small, verify: judgeWith(large), fallback: large }).compile();
 * const { candidates, verdict } = await graph.invoke({ messages: "Write a haiku about rain." });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {InvalidOptionError} when `verify` is not a function, `maxRevisions` is not a whole number from 0 up, or
 * `onUnverified` is neither `accept`, `escalate` nor `throw`
 */
export function createQualityGate<Fields extends SharedFields>(
  options: QualityGateOptions<Fields>,
): PatternGraph<"draft" | "verifier" | "revise" | "fallback", Fields> {
  checkOptions(options, "createQualityGate", [
    "model",
    "verify",
    "maxRevisions",
    "onUnverified",
    "fallback",
    ...graphOptionKeys,
  ]);
  const verify = options.verify as Verify;
  const { maxRevisions = 1, onUnverified = "accept", fallback } = options;
  checkFunction(verify, "createQualityGate.verify");
  checkOnUnverified(onUnverified, "createQualityGate.onUnverified");
  checkCount(maxRevisions, "createQualityGate.maxRevisions", [0, Infinity]);
  const model = resolve(options.model, "createQualityGate.model");
  const draft = { name: "draft", model, visits: 1, ...judgedBy(verify) };
  const revise = { ...draft, name: "revise", visits: maxRevisions, prompt: revisionPrompt };
  const revisions = maxRevisions > 0 ? [revise] : [];
  checkMentions(
    verify,
    [draft, ...revisions].map(({ name }) => name),
    "createQualityGate",
  );
  const fallbacks = fallbackTiers(fallback, "createQualityGate");
  const all = [draft, ...revisions, ...fallbacks];
  const nextOptions = { all, tiers: [...revisions, ...fallbacks], kind: "revise", alone: true } as const;

  const graph = patternGraph("createQualityGate", 2 * maxRevisions + 5, options);
  checksPrompts(graph, [verify]);
  addNode(graph, "draft", startsRun("draft", modelNode({ tier: draft, nextOptions }), 2), model);
  graph.addEdge(START, "draft").addEdge("draft", "verifier");
  const verifier = { verify, onUnverified, judgeLast: true };
  addNode(graph, "verifier", verifierNode({ ...verifier, nextOptions }));
  graph.addConditionalEdges("verifier", next, [...nextOptions.tiers.map(({ name }) => name), END]);
  for (const tier of revisions) {
    addNode(graph, tier.name, modelNode({ tier, nextOptions }), model);
    graph.addEdge(tier.name, "verifier");
  }
  addFallbackNode(graph, all, fallbacks, { verifier });
  return graph as unknown as PatternGraph<"draft" | "verifier" | "revise" | "fallback", Fields>;
}
