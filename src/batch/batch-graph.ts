import type { Runnable } from "@langchain/core/runnables";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { InvalidModelError, InvalidOptionError } from "../errors/index.js";
import { isCompiledGraph } from "../langgraph/private-keys.js";
import type { MessagesGraph, MessagesGraphBuilder } from "../models/model.js";
import { isPatternGraph } from "../models/resolve.js";
import { fingerprintOf } from "../models/shared-profile.js";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { toHex } from "../text/bytes.js";
import { digest } from "../text/digest.js";

/** A compiled graph, as far as a batch calls it. */
interface CompiledGraph {
  readonly name?: string;
  readonly channels?: object;
  readonly checkpointer?: unknown;
  getName(): string;
  invoke(input: unknown, config: LangGraphRunnableConfig): Promise<Partial<OrchestrationState>>;
  getState(config: LangGraphRunnableConfig): Promise<SavedRun>;
}

interface SavedRun {
  readonly values: Partial<OrchestrationState>;
  /** Tasks of its next step: empty once it has ended. `next` is empty too when they are done and their step was not saved. */
  readonly tasks: readonly unknown[];
  /** Unset for a thread without a checkpoint. */
  readonly createdAt?: string;
}

/** The graph of a batch. */
export interface BatchGraph {
  readonly runnable: CompiledGraph;
  readonly name: string;
  /** True for a pattern, which records its own calls. */
  readonly isPattern: boolean;
  /** Whether it has a checkpointer. */
  readonly isSaved: boolean;
  /** Tells it from graphs of other nodes, models or prompts, in every process: their answers and half-done runs are not its own. */
  readonly fingerprint: string;
}

/**
 * Compiles a graph for a batch, unless it is compiled.
 *
 * @param owner function whose option it is
 * @throws {InvalidModelError} when it is not a graph over messages
 * @throws {InvalidOptionError} when a compiled graph is given a checkpointer
 */
export function batchGraph(
  graph: MessagesGraph | MessagesGraphBuilder,
  checkpointer: object | undefined,
  owner: string,
): BatchGraph {
  const builder = Object(graph) as { readonly compile?: (options?: object) => CompiledGraph };
  const isBuilder = typeof builder.compile === "function";
  const runnable = isBuilder
    ? builder.compile!(checkpointer === undefined ? {} : { checkpointer })
    : (graph as object as CompiledGraph);
  if (!isCompiledGraph(runnable) || !("messages" in (runnable.channels ?? {}))) {
    throw new InvalidModelError(
      `${owner}.graph is not a graph over messages; give a pattern, an agent or a compiled graph`,
    );
  }
  if (!isBuilder && checkpointer !== undefined && runnable.checkpointer !== checkpointer) {
    const hint = "give it to compile({ checkpointer }), or give the graph uncompiled";
    throw new InvalidOptionError(`${owner}.checkpointer`, checkpointer, `the graph is compiled already: ${hint}`);
  }
  const isSaved = typeof runnable.checkpointer === "object" && runnable.checkpointer !== null;
  const fingerprint = toHex(digest(fingerprintOf(runnable as object as Runnable)).subarray(0, 8));
  return { runnable, name: runnable.getName(), isPattern: isPatternGraph(runnable), isSaved, fingerprint };
}
