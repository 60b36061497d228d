import { CallbackManager } from "@langchain/core/callbacks/manager";
import { type BaseStore, interrupt, isCommand, type LangGraphRunnableConfig, RunControl } from "@langchain/langgraph";
import { ambientConfig } from "./ambient-config.js";
import { isWithinRun } from "./private-keys.js";
import { readOnlyStore } from "./read-only-store.js";

/** Private parts of a compiled graph. */
interface Graph {
  readonly config?: LangGraphRunnableConfig;
  readonly checkpointer?: unknown;
  readonly store?: unknown;
  readonly cache?: unknown;
  readonly retryPolicy?: unknown;
  readonly stepTimeout?: unknown;
  readonly debug?: boolean;
  readonly interruptBefore?: readonly unknown[] | string;
  readonly interruptAfter?: readonly unknown[] | string;
  readonly streamTransformers?: readonly unknown[];
  readonly userInterrupt?: unknown;
}

/** Options of a run without observers; with any other one, LangGraph's loop runs. */
const plainOptions: ReadonlySet<string> = new Set([
  ...["configurable", "context", "control", "durability", "executionInfo", "interrupt", "metadata", "recursionLimit"],
  ...["runId", "runName", "serverInfo", "signal", "tags", "writer", "callbacks", "heartbeat"],
]);
/** Keys of `configurable` by which a run around, a server or a resume takes part in the run. */
const takesPart = [
  ...["__pregel_stream", "__pregel_checkpointer", "__pregel_resuming", "__pregel_resume_map", "__pregel_replay_state"],
  ...["__pregel_node_finished", "langgraph_auth_user", "assistant_id", "graph_id"],
];
/** Keys of `configurable` that LangGraph copies into the metadata of a run. */
const inMetadata = ["thread_id", "checkpoint_id", "checkpoint_ns", "task_id", "run_id", "assistant_id", "graph_id"];

/**
 * Returns the configuration of a run that nothing observes, so that its steps may be made without LangGraph's loop.
 *
 * @param within true for a run that is a part of a step around: callbacks hear of its calls, and it has no steps for them to hear of
 * @returns `undefined` with a checkpointer, store, cache, callback (given, of a run around, or of the environment), stream, interrupt or
 * option that only the loop understands
 */
export function unobservedConfig(
  graph: object,
  input: unknown,
  options: LangGraphRunnableConfig | undefined,
  within = false,
): LangGraphRunnableConfig | undefined {
  if (isOff() || typeof input !== "object" || input === null || isCommand(input) || !isPlain(graph)) return undefined;
  const own = [(graph as Graph).config ?? {}, options ?? {}];
  const around = ambientOf(options);
  const configs = [within ? { ...around, metadata: {} } : around, ...own]; // marks of the agent around are not those of a call
  const isKnown = own.every((config) => Object.entries(config).every(isPlainOption));
  const merged = mergedConfig(configs);
  const { configurable } = merged;
  const isAlone = takesPart.every((key) => configurable[key] === undefined || configurable[key] === false);
  if (!isKnown || !isAlone || (!within && isObserved(merged.callbacks))) return undefined;
  return { ...merged, configurable: numbered(configurable) };
}

/** Returns the configuration of a rehearsal, which no callback, stream or checkpointer takes part in, and in which a store is only read. */
export function rehearsalConfig(graph: object, options: LangGraphRunnableConfig): LangGraphRunnableConfig {
  const merged = mergedConfig([(graph as Graph).config ?? {}, options]);
  const store = readOnlyStore(merged.store ?? (graph as { readonly store?: BaseStore }).store);
  const silent = { callbacks: undefined, store, writer: () => {} };
  return { ...merged, ...silent, configurable: numbered(merged.configurable) } as object as LangGraphRunnableConfig;
}

/**
 * Returns the configuration of the run around. A run with a thread of its own takes no `configurable` of what is around but no graph, and
 * tags and metadata that are given take the place of those around.
 */
function ambientOf(options: LangGraphRunnableConfig | undefined): LangGraphRunnableConfig {
  const { configurable, ...ambient } = ambientConfig() ?? {};
  const around = { ...ambient, ...(options?.metadata && { metadata: {} }), ...(options?.tags && { tags: [] }) };
  const isNested = isWithinRun(configurable) || isWithinRun(options?.configurable);
  const isRoot = options?.configurable?.thread_id !== undefined && !isNested;
  return isRoot || configurable === undefined ? around : { ...around, configurable };
}

/** True if the fast path is switched off by the environment. */
function isOff(): boolean {
  return globalThis.process?.env?.LANGGRAPH_MULTIMODEL_FAST === "0";
}

function isPlain(graph: Graph): boolean {
  const { checkpointer = false, store, cache, retryPolicy, stepTimeout, userInterrupt, debug = false } = graph;
  const { interruptBefore = [], interruptAfter = [], streamTransformers = [] } = graph;
  const isBare = [store, cache, retryPolicy, stepTimeout, userInterrupt].every((each) => each === undefined);
  const isUnwatched = interruptBefore.length + interruptAfter.length + streamTransformers.length === 0;
  return checkpointer === false && isBare && !debug && isUnwatched;
}

function isPlainOption([key, value]: readonly [string, unknown]): boolean {
  const isUsual = (key === "streamMode" && value === "values") || (key === "maxConcurrency" && value === Infinity);
  return value === undefined || plainOptions.has(key) || isUsual;
}

/** True if LangChain would call a handler for the run: one that is given, or one of the environment. */
function isObserved(callbacks: LangGraphRunnableConfig["callbacks"]): boolean {
  return CallbackManager._configureSync(callbacks) !== undefined;
}

/** Merges configurations as LangGraph does at the start of a run. */
function mergedConfig(configs: readonly LangGraphRunnableConfig[]) {
  const tags = [...new Set(configs.flatMap((config) => config.tags ?? []))];
  const configurable: Record<string, unknown> = Object.assign({}, ...configs.map((config) => config.configurable));
  const metadata: Record<string, unknown> = Object.assign({}, ...configs.map((config) => config.metadata));
  for (const key of inMetadata)
    if (!(key in metadata) && configurable[key] !== undefined) metadata[key] = configurable[key];
  const set = configs.map((config) =>
    Object.fromEntries(Object.entries(config).filter(([, value]) => value !== undefined)),
  );
  const {
    runId: _run,
    streamMode: _mode,
    outputKeys: _keys,
    ...merged
  } = Object.assign({}, ...set) as Record<string, unknown>;
  return {
    ...merged,
    tags,
    metadata: { ls_integration: "langgraph", ...metadata },
    configurable,
    interrupt: merged.interrupt ?? interrupt,
    writer: merged.writer ?? (() => {}),
    control: merged.control ?? new RunControl(),
  } as object as LangGraphRunnableConfig & { readonly configurable: Record<string, unknown> };
}

/** Gives a graph that runs beside others below one node a namespace of its own, and the outermost graph none. */
function numbered(configurable: Record<string, unknown>): Record<string, unknown> {
  if (!isWithinRun(configurable)) return { ...configurable, checkpoint_ns: "", checkpoint_id: undefined };
  const notes = configurable.__pregel_scratchpad as { subgraphCounter: number } | undefined;
  if (notes === undefined) return configurable;
  const number = notes.subgraphCounter++;
  return number === 0 ? configurable : { ...configurable, checkpoint_ns: `${configurable.checkpoint_ns}|${number}` };
}
