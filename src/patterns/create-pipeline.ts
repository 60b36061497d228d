import { END, START } from "@langchain/langgraph";
import type { Context } from "../context/context.js";
import { fullHistory } from "../context/full-history.js";
import { InvalidOptionError } from "../errors/index.js";
import { next } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkModels, type NamedModel } from "../models/check-models.js";
import type { Model, ModelEntry } from "../models/model.js";
import { type PipelineStage, waysFrom } from "../nodes/choose-stage.js";
import { stageNode } from "../nodes/stage.js";
import { startsRun } from "../nodes/starts-run.js";
import type { NextStage } from "../routing/next-stage.js";
import type { OwnOf, SharedFields } from "../state/own-keys.js";
import { addNode } from "./add-node.js";
import type { GraphOptions } from "./graph-options.js";
import { checkCount, checkFunction, checkOptions } from "./options.js";

/** A model with what it sees of the work before it, and where its own goes: `Stage<"code">` may name `code`. */
export interface Stage<Name extends string = never, Own = object> extends ModelEntry {
  /** What it sees of the conversation and of the stages before it. @default `context` of the pipeline */
  readonly context?: Context<Own>;
  /** Chooses the stage that comes next; a name before this one sends work back. @default the stage that follows */
  readonly next?: NextStage<Name, Own>;
  /** How often it works in one run; beyond that no `next` sends work to it. @default 3 */
  readonly maxVisits?: number;
}

export interface PipelineOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends GraphOptions<Fields> {
  /** Key order is the order of the work. */
  readonly stages: Readonly<Record<Name, Model | Stage<NoInfer<Name>, OwnOf<Fields>>>>;
  /** What every stage sees, where it says nothing of its own. @default `fullHistory()` */
  readonly context?: Context<OwnOf<Fields>>;
  /** The stage whose last output is returned. @default the last stage that ran */
  readonly answer?: NoInfer<Name>;
}

/**
 * Passes work from stage to stage, each with a model of its own; a stage may send it back.
 *
 * Topology: `START → <first> → <second> → … → END`; a stage with `next`: `<stage> ⇢ <its targets> | <the stage that follows>`,
 * and of one whose targets are not known, `<stage> ⇢ <any stage> | END`; `answer` before the last: `⇢ END`  (`⇢` is conditional)
 *
 * **When to use** - a task has steps that differ: plan, write, review, refine.
 * **Gotchas** - a stage that fails ends the run in `ModelCallError`: give it `createFallback({ … })` as its model. Only a last
 * stage without `next` streams, if its output is the one returned. A loop ends after `maxVisits`, a run with the last output when
 * the steps of a `recursionLimit` you set are gone (none is needed); a `stop` decision says so. What does not fit the known `contextWindow` of a model is left out, and a `skip` decision says so. A
 * stage that works again is shown the tool calls it made before. Behind `asChatModel` tools go to `answer`, and until it has run
 * to any stage that may end the run (name `answer`, or the `targets` of a `next`); an answer that calls them ends the run, unreviewed.
 *
 * @example
 * ```ts
 * const graph = createPipeline({
 *   stages: {
 *     plan: { model: large, systemPrompt: "Plan the work.", parameters: { temperature: 0.7 } },
 *     write: { model: small, systemPrompt: "Carry out the plan." },
 *   },
 * }).compile();
 * const { messages, outputs } = await graph.invoke({ messages: "A haiku about rain" });
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelNameError} when a key of `stages` cannot be a node name
 * @throws {InvalidModelError} when a stage cannot answer messages
 * @throws {InvalidOptionError} when `stages` is empty, `answer` or a stage a `next` is known to name is no stage, work is sent back
 * to no stage before the reviewer, a `next` or `context` is not a function, `maxVisits` is not a whole number from 1 up, or an
 * option does not exist
 */
export function createPipeline<Name extends string, Fields extends SharedFields>(
  options: PipelineOptions<Name, Fields>,
): PatternGraph<NoInfer<Name>, Fields> {
  checkOptions(options, "createPipeline", ["stages", "context", "answer", "state", "system"]);
  const { answer } = options;
  const context = (options.context ?? fullHistory()) as Context;
  checkFunction(context, "createPipeline.context");
  const more = ["context", "next", "maxVisits"];
  const models = checkModels(options.stages, { owner: "createPipeline", reserved: [], kind: "stages", more });
  const names = models.map(({ name }) => name);
  checkStage(answer ?? names[0], "createPipeline.answer", names);
  const stages = models.map((model) => checkedStage(model, context, names));

  const visits = stages.reduce((sum, { maxVisits }) => sum + maxVisits, 0);
  const graph = patternGraph("createPipeline", stages.length * (1 + visits), options);
  stages.forEach((stage, index) => {
    const node = stageNode({ stage, stages, ...(answer && { answer }) });
    addNode(graph, stage.name, index === 0 ? startsRun(stage.name, node) : node, stage.model);
    const ways = new Set([...waysFrom(stage, stages), ...(stage.name === answer ? [END] : [])]);
    if (stage.next || ways.size > 1) graph.addConditionalEdges(stage.name, next, [...ways]);
    else graph.addEdge(stage.name, names[index + 1] ?? END);
  });
  graph.addEdge(START, names[0]!);
  return graph as unknown as PatternGraph<Name, Fields>;
}

function checkedStage({ name, model }: NamedModel, shared: Context, names: readonly string[]): PipelineStage {
  const option = `createPipeline.stages.${name}`;
  const { context = shared, next, maxVisits = 3 }: Stage<string> = model.entry;
  checkFunction(context, `${option}.context`);
  checkFunction(next, `${option}.next`, "optional");
  checkCount(maxVisits, `${option}.maxVisits`, [1, Infinity]);
  const before = next?.backward ? names.slice(0, names.indexOf(name)) : undefined;
  for (const target of next?.targets ?? []) {
    if (before !== undefined) checkStage(target, `${option}.next`, before, "a stage before this one");
    else if (target !== END) checkStage(target, `${option}.next`, names);
  }
  return { name, model, context, maxVisits, ...(next && { next }) };
}

function checkStage(stage: unknown, option: string, names: readonly string[], which = "one of the stages"): void {
  if (names.some((name) => name === stage)) return;
  throw new InvalidOptionError(option, stage, `name ${which}: ${names.join(", ") || "there is none"}`);
}
