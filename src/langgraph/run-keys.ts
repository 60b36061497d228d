import type { RunnableConfig } from "@langchain/core/runnables";

/** RunnableConfig keys to strip: agents pass their whole node config as call options. */
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
  "outputVersion", // applies to the caller's message, not to inner calls
]);

export function withoutRunKeys(options: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(options).filter(([key, value]) => value !== undefined && !key.startsWith("__") && !runKeys.has(key)),
  );
}

/**
 * Copies configuration that LangChain drops into the call options, because a graph behind the chat model needs it. `recursionLimit` is
 * the caller's, because LangChain's default would replace the graph's.
 */
export function withRunConfig<Options extends { readonly context?: unknown }>(
  [config, options]: readonly [RunnableConfig, Options],
  given: RunnableConfig | undefined,
): [RunnableConfig, Options] {
  const { configurable, tags, metadata, context } = config as RunnableConfig & Pick<Options, "context">;
  const { recursionLimit } = given ?? {};
  return [config, { ...options, context: options.context ?? context, configurable, tags, metadata, recursionLimit }];
}
