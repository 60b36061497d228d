import { END, START } from "@langchain/langgraph";
import { InvalidModelError } from "../errors/index.js";
import { refuseFactory } from "../errors/refuse-factory.js";
import { DirectEdge } from "../langgraph/direct.js";
import { type PatternGraph, patternGraph } from "../langgraph/pattern-graph.js";
import type { Model, ModelEntry } from "../models/model.js";
import { resolve } from "../models/resolve.js";
import { type PlanWork, planNode } from "../nodes/map-reduce/plan.js";
import { type ReduceAnswers, reduceNode } from "../nodes/map-reduce/reduce.js";
import { sendItems, workerNode } from "../nodes/map-reduce/worker.js";
import { startsRun } from "../nodes/starts-run.js";
import type { OwnOf, SharedFields } from "../state/own-keys.js";
import { addNode } from "./add-node.js";
import { type GraphOptions, graphOptionKeys } from "./graph-options.js";
import { checkCount, checkOptions } from "./options.js";

export interface MapReduceOptions<Fields extends SharedFields = SharedFields> extends GraphOptions<Fields> {
  /** Splits the work into items: a model, or a function of the turn that returns the items. */
  readonly plan: Model | ModelEntry | PlanWork<OwnOf<Fields>>;
  /** Works on each item; it sees only the item and its own system prompt. */
  readonly worker: Model | ModelEntry;
  /** Makes one answer of the workers' answers: a model, or a function of the turn that returns the text. */
  readonly reduce: Model | ModelEntry | ReduceAnswers<OwnOf<Fields>>;
  /** Maximum number of items; a decision records how many were left out. @default 50 */
  readonly maxItems?: number;
  /** Maximum number of workers at once in one run of this graph; nested runs have their own limit. @default 8 */
  readonly concurrency?: number;
}

/**
 * Splits the work, runs all parts at the same time, and makes one answer of their results.
 *
 * Topology: `START → plan ⇢ worker → reduce → END`, with one `worker` an item and none without items  (`⇢` is conditional)
 *
 * **When to use** - the parts of the work are independent of one another: the sections of a report, the files of a change.
 * **Gotchas** - a worker that fails is left out, and `reduce` learns which items are missing; the run fails only if all workers did.
 * `maxConcurrency: 1` throws, because LangGraph would silently drop workers; set `concurrency` instead. Each worker that ends
 * publishes a `ProgressEvent` on the custom stream. More: docs/patterns/map-reduce.md
 *
 * @example
 * ```ts
 * const graph = createMapReduce({ plan: large, worker: small, reduce: large }).compile();
 * const { messages, outputs, calls } = await graph.invoke({ messages: "Write a report on tidal power." });
 * outputs.map(({ item, message }) => `${item}: ${message.text}`); // in the order of the plan
 * totalCost(calls); // of the plan, all workers and the synthesis
 * ```
 * @returns An uncompiled `StateGraph`; pass `checkpointer`, `name` and so on to `.compile()`.
 * @throws {InvalidModelError} when a model cannot answer messages
 * @throws {InvalidOptionError} when `maxItems` or `concurrency` is not a whole number from 1 up, or an option is unknown
 */
export function createMapReduce<Fields extends SharedFields>(
  options: MapReduceOptions<Fields>,
): PatternGraph<"plan" | "worker" | "reduce", Fields> {
  checkOptions(options, "createMapReduce", ["plan", "worker", "reduce", "maxItems", "concurrency", ...graphOptionKeys]);
  const plan = options.plan as Model | ModelEntry | PlanWork;
  const reduce = options.reduce as Model | ModelEntry | ReduceAnswers;
  const { maxItems = 50, concurrency = 8 } = options;
  checkCount(maxItems, "createMapReduce.maxItems", [1, Infinity]);
  checkCount(concurrency, "createMapReduce.concurrency", [1, Infinity]);
  if (typeof options.worker === "function") {
    throw new InvalidModelError(
      "createMapReduce.worker is a function, as only `plan` and `reduce` may be; give a model",
    );
  }
  refuseFactory(plan, "createMapReduce.plan");
  refuseFactory(reduce, "createMapReduce.reduce");
  const worker = resolve(options.worker, "createMapReduce.worker");
  const drawn = (part: Model | ModelEntry | PlanWork | ReduceAnswers) =>
    typeof part === "function" ? undefined : resolve(part);

  const graph = patternGraph("createMapReduce", 3, options);
  const planner = planNode({ plan, maxItems, option: "createMapReduce.plan" });
  addNode(graph, "plan", startsRun("plan", planner, 3), drawn(plan));
  addNode(graph, "worker", workerNode(worker, concurrency), worker);
  addNode(graph, "reduce", reduceNode(reduce, "createMapReduce.reduce"), drawn(reduce));
  graph
    .addEdge(START, "plan")
    .addConditionalEdges("plan", new DirectEdge("send_items", sendItems(graph)), ["worker", "reduce"]);
  graph.addEdge("worker", "reduce").addEdge("reduce", END);
  return graph as unknown as PatternGraph<"plan" | "worker" | "reduce", Fields>;
}
