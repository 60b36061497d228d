import type { BaseMessage } from "@langchain/core/messages";
import type { RunnableConfig } from "@langchain/core/runnables";
import type { Budget } from "../../ledger/purse.js";
import type { MessagesGraphBuilder, Model, ModelEntry } from "../../models/model.js";
import { resolve } from "../../models/resolve.js";
import { createFallback } from "../../patterns/create-fallback.js";
import type { OrchestrationState } from "../../state/orchestration-state.js";
import type { RunContext } from "../../state/run-context.js";

/** State that a run ends in. */
export type FinalState = OrchestrationState;

/** What is evaluated: a pattern, or a model in a pattern of its own. */
export interface Target {
  /** Nodes that tell it from another one. */
  readonly nodes: readonly string[];
  run(messages: BaseMessage[], context: RunContext, signal: AbortSignal | undefined): Promise<FinalState>;
}

interface Graph {
  readonly nodes: object;
  readonly checkpointer?: unknown;
  invoke(input: { messages: BaseMessage[] }, config: RunnableConfig): Promise<unknown>;
}

/** Name of the node around what is no pattern, or has a budget. */
const wrapper = "model";

/**
 * Makes a graph ready to run; models, agents and entries too.
 *
 * @throws {InvalidModelError} when it cannot answer messages
 */
export function targetOf(given: Model | ModelEntry, option: string, budget?: Budget): Target {
  const resolved = resolve(given, option);
  const isPattern = resolved.kind === "pattern" && resolved.entry.model === given;
  const nodes = Object.keys((resolved.subgraph as Partial<Graph> | undefined)?.nodes ?? { [wrapper]: given });
  if (isPattern && budget === undefined) return { nodes, run: runnerOf(resolved.subgraph as unknown as Graph) };
  const around = createFallback({ models: { [wrapper]: resolved.entry }, ...(budget && { budget }) }).compile();
  const run = runnerOf(around as unknown as Graph);
  if (!isPattern) return { nodes, run };
  return { nodes, run: async (...turn) => withoutWrapper(await run(...turn)) };
}

/** Compiles a graph and returns what runs it. */
export function graphRunner(builder: MessagesGraphBuilder): Target["run"] {
  return runnerOf(builder.compile() as Graph);
}

/** Runs a graph, on a thread of its own where it has a checkpointer. */
function runnerOf(graph: Graph): Target["run"] {
  return async (messages, context, signal) => {
    const thread = typeof graph.checkpointer === "object" && { configurable: { thread_id: crypto.randomUUID() } };
    const config = { ...thread, context, ...(signal && { signal }) };
    return (await graph.invoke({ messages }, config as RunnableConfig)) as FinalState;
  };
}

/** Writes paths as the pattern itself has them. */
function withoutWrapper(state: FinalState): FinalState {
  const own = (path: string) => path.replace(new RegExp(`^${wrapper}/`), "");
  return {
    ...state,
    modelUsed: own(state.modelUsed ?? ""),
    calls: state.calls.map((call) => ({ ...call, path: own(call.path) })),
    decisions: state.decisions
      .filter(({ node }) => node.includes("/"))
      .map((decision) => ({ ...decision, node: own(decision.node) })),
  };
}
