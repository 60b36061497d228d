import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import type { LangGraphRunnableConfig, Send } from "@langchain/langgraph";
import { type Channels, valuesOf, withWrites } from "./fast-channels.js";

/** Configuration of a run, with the signal that ends it. */
export type FastConfig = LangGraphRunnableConfig & { readonly signal: AbortSignal };

/** What the tasks of one run have in common. */
export interface FastRun {
  readonly config: FastConfig;
  readonly channels: Channels;
  readonly checkpointId: string;
}

/** One node in one step. */
export interface FastTask {
  readonly name: string;
  readonly id: string;
  readonly input: unknown;
  /** Place among the tasks that were sent, for one that was. */
  readonly sent?: number;
  readonly writes: (readonly [key: string, value: unknown])[];
  /** Names of the nodes after it, and tasks that it sends. */
  readonly followers: (string | Send)[];
}

const childConfig = Symbol.for("lc:child_config");
const contextVariables = Symbol.for("lc:context_variables");

/**
 * Runs a function with a configuration that `interrupt` and `getConfig` can find, without a trace of LangSmith, which makes up a sixth of
 * a node's time where no tracer is set.
 */
export function withUntracedConfig<Result>(config: LangGraphRunnableConfig, run: () => Result): Result {
  const storage = AsyncLocalStorageProviderSingleton.getInstance();
  const variables = (storage.getStore() as { readonly [contextVariables]?: unknown } | undefined)?.[contextVariables];
  const kept = variables === undefined ? {} : { [contextVariables]: variables };
  return storage.run({ ...kept, tracingEnabled: false, extra: { [childConfig]: config } } as never, run);
}

/** Returns the namespace of a task. */
export function placeOf({ config }: FastRun, { name, id }: FastTask): string {
  const outer = namespaceIn(config);
  return `${outer === "" ? "" : `${outer}|`}${name}:${id}`;
}

function namespaceIn({ configurable }: FastConfig): string {
  return String(configurable?.checkpoint_ns ?? "");
}

/** Makes the configuration of a task, with the keys that LangGraph's loop gives one. */
export function taskConfig(run: FastRun, task: FastTask, step: number, signal: AbortSignal): LangGraphRunnableConfig {
  const { config, channels, checkpointId } = run;
  const { name, id } = task;
  const ns = placeOf(run, task);
  const isSent = task.sent !== undefined;
  const metadata = {
    ...config.metadata,
    langgraph_step: step,
    langgraph_node: name,
    langgraph_triggers: isSent ? ["__pregel_push"] : [`branch:to:${name}`],
    langgraph_path: isSent ? ["__pregel_push", task.sent, false] : ["__pregel_pull", name],
    langgraph_checkpoint_ns: ns,
    checkpoint_ns: ns,
  };
  const configurable = {
    ...config.configurable,
    __pregel_abort_signals: {
      externalAbortSignal: config.signal,
      timeoutAbortSignal: undefined,
      composedAbortSignal: signal,
    },
    __pregel_task_id: id,
    __pregel_send: (writes: FastTask["writes"]) => void task.writes.push(...writes),
    __pregel_read: (keys: string | readonly string[], fresh = false) => {
      const seen = fresh ? withWrites(channels, task.writes) : channels;
      return typeof keys === "string" ? seen.get(keys)?.get() : valuesOf(seen, keys);
    },
    __pregel_checkpointer: undefined,
    __pregel_scratchpad: scratchpad(task.input),
    __pregel_previous: undefined,
    __pregel_call: async (work: (...input: unknown[]) => unknown, _name: string, input: unknown[]) => work(...input),
    checkpoint_map: { ...config.configurable?.checkpoint_map, [namespaceIn(config)]: checkpointId },
    checkpoint_id: undefined,
    checkpoint_ns: ns,
  };
  const executionInfo = {
    ...{ checkpointId, checkpointNs: ns, taskId: id, threadId: config.configurable?.thread_id, runId: undefined },
    ...{ nodeAttempt: 1, nodeFirstAttemptTime: Date.now() },
  };
  return { ...config, runName: name, signal, metadata, configurable, executionInfo } as LangGraphRunnableConfig;
}

/** Makes the notes of a task, in which nested graphs count themselves. Without a checkpointer nothing is resumed. */
function scratchpad(currentTaskInput: unknown) {
  return {
    ...{ callCounter: 0, interruptCounter: -1, resume: [], nullResume: undefined, subgraphCounter: 0 },
    ...{ currentTaskInput, consumeNullResume: () => undefined },
  };
}
