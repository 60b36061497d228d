import { END, START } from "@langchain/langgraph";
import type { Context } from "../context/context.js";
import { fullHistory } from "../context/full-history.js";
import { InvalidOptionError } from "../errors/index.js";
import { next } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import { checkModels, type NamedModel } from "../models/check-models.js";
import type { Model, ModelEntry } from "../models/model.js";
import { type PipelineStage, targetsFrom } from "../nodes/choose-stage.js";
import { stageNode } from "../nodes/stage.js";
import { startsRun } from "../nodes/starts-run.js";
import type { NextStage } from "../routing/next-stage.js";
import type { OwnOf, SharedFields } from "../state/own-keys.js";
import { addNode, checksPrompts } from "./add-node.js";
import { type GraphOptions, graphOptionKeys } from "./graph-options.js";
import { checkCount, checkFunction, checkOptions } from "./options.js";

/** Model of a stage, with what it sees and which stage comes next. `next` of a `Stage<"code">` may return `code`. */
export interface Stage<Name extends string = never, Own = object> extends ModelEntry {
  /** What it sees of the conversation and of the stages before it. @default `context` of the pipeline */
  readonly context?: Context<Own>;
  /** Chooses the next stage; an earlier one sends work back. @default the stage that follows */
  readonly next?: NextStage<Name, Own>;
  /** Maximum number of visits in one run; after that, a `next` that chooses this stage is overruled. @default 3 */
  readonly maxVisits?: number;
}

export interface PipelineOptions<Name extends string, Fields extends SharedFields = SharedFields>
  extends GraphOptions<Fields> {
  /** Stages in the order of the work. */
  readonly stages: Readonly<Record<Name, Model | Stage<NoInfer<Name>, OwnOf<Fields>>>>;
  /** What a stage without its own `context` sees. @default `fullHistory()` */
  readonly context?: Context<OwnOf<Fields>>;
  /** The stage whose last output is returned. @default the last that ran; if the pipeline ends with `untilApproved("write")`, `write` */
  readonly answer?: NoInfer<Name>;
}

/**
 * Passes work from stage to stage, each with its own model; a stage may send work back.
 *
 * Topology: `START → <first> → <second> → … → END`; a stage with `next`: `<stage> ⇢ <its targets> | <the stage that follows>`,
 * and if its targets are unknown, `<stage> ⇢ <any stage> | END`; `answer` before the last: `⇢ END`  (`⇢` is conditional)
 *
 * **When to use** - a task has different steps: plan, write, review, refine.
 * **Gotchas** - a stage that fails ends the run in `ModelCallError`: give it `createFallback({ … })` as its model. Only a last
 * stage without `next` streams, and only if its output is returned. A loop ends after `maxVisits`, with a `stop` decision. Messages
 * beyond the known `contextWindow` of a model are left out, with a `skip` decision. A pipeline that ends with a reviewer returns
 * the reviewed work; the review is in `outputs` and `verdict`. More: docs/patterns/pipeline.md
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
 * @throws {InvalidOptionError} when `stages` is empty, `answer` or a target of a `next` is not a stage, a stage sends work back to
 * itself or a later one, a `next` or `context` is not a function, `maxVisits` is not a whole number from 1 up, or an option is unknown
 */
export function createPipeline<Name extends string, Fields extends SharedFields>(
  options: PipelineOptions<Name, Fields>,
): PatternGraph<NoInfer<Name>, Fields> {
  checkOptions(options, "createPipeline", ["stages", "context", "answer", ...graphOptionKeys]);
  const context = (options.context ?? fullHistory()) as Context;
  checkFunction(context, "createPipeline.context");
  const more = ["context", "next", "maxVisits"];
  const models = checkModels(options.stages, { owner: "createPipeline", reserved: [], kind: "stages", more });
  const names = models.map(({ name }) => name);
  checkStage(options.answer ?? names[0], "createPipeline.answer", names);
  const stages = models.map((model) => checkedStage(model, context, names));
  const answer = options.answer ?? reviewedBy(stages.at(-1)!, stages);

  const visits = stages.reduce((sum, { maxVisits }) => sum + maxVisits, 0);
  const graph = patternGraph("createPipeline", stages.length * (1 + visits), options);
  checksPrompts(
    graph,
    stages.flatMap((stage) => [stage.context, stage.next]),
  );
  stages.forEach((stage, index) => {
    const node = stageNode({ stage, stages, ...(answer && { answer }) });
    addNode(graph, stage.name, index === 0 ? startsRun(stage.name, node) : node, stage.model);
    const ways = new Set([...targetsFrom(stage, stages), ...(stage.name === answer ? [END] : [])]);
    if (stage.next || ways.size > 1) graph.addConditionalEdges(stage.name, next, [...ways]);
    else graph.addEdge(stage.name, names[index + 1] ?? END);
  });
  graph.addEdge(START, names[0]!);
  return graph as unknown as PatternGraph<Name, Fields>;
}

/** The stage whose work a reviewer approves, also through other reviewers: what is asked for is the work, not "Approved". */
function reviewedBy({ next }: PipelineStage, stages: readonly PipelineStage[]): string | undefined {
  const [target] = next?.backward ? (next.targets ?? []) : [];
  const stage = stages.find(({ name }) => name === target);
  return stage && (reviewedBy(stage, stages) ?? stage.name);
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
