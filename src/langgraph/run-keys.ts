import type { RunnableConfig } from "@langchain/core/runnables";

/** Keys of a run's configuration. An agent passes that of its node on as call options, in which LangChain leaves most of it. */
const runKeys: ReadonlySet<string> = new Set([
  ...[
    "callbacks",
    "tags",
    "metadata",
    "runName",
    "runId",
    "runType",
    "configurable",
    "recursionLimit",
    "maxConcurrency",
  ],
  ...["timeout", "signal", "context", "store", "writer", "cache", "interrupt", "interruptBefore", "interruptAfter"],
  ...["streamMode", "subgraphs", "inputKeys", "outputKeys", "debug", "encoding", "version", "checkpointDuring"],
  ...["durability", "heartbeat", "executionInfo", "serverInfo", "control", "previous", "state", "promptIndex"],
  "outputVersion", // the form of the message the caller gets, not of those it is made from
]);

/** Keeps the options of a chat model among what it was called with. */
export function withoutRunKeys(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) => value !== undefined && !key.startsWith("__") && !runKeys.has(key)),
  );
}

/**
 * Adds the configuration of a call to the options a chat model is given, where LangChain drops it: a graph behind the model needs it.
 * The limit is the caller's own, since LangChain's default would take the place of the graph's.
 */
export function withRunConfig<Options extends { readonly context?: unknown }>(
  [config, options]: readonly [RunnableConfig, Options],
  given: RunnableConfig | undefined,
): [RunnableConfig, Options] {
  const { configurable, tags, metadata, context } = config as RunnableConfig & Pick<Options, "context">;
  const { recursionLimit } = given ?? {};
  return [config, { ...options, context: options.context ?? context, configurable, tags, metadata, recursionLimit }];
}
