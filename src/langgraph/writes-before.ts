import type { BaseCheckpointSaver, LangGraphRunnableConfig } from "@langchain/langgraph";

interface Configurable {
  readonly thread_id?: string;
  readonly checkpoint_map?: Readonly<Record<string, string>>;
  readonly __pregel_resuming?: boolean;
  readonly __pregel_checkpointer?: Pick<BaseCheckpointSaver, "getTuple">;
}

/**
 * Reads what nodes beside this one, and beside those around it, wrote before a pause: LangGraph applies it only when the step is whole.
 * `undefined` unless the run goes on after a pause.
 *
 * @param channel state key
 * @returns one function for each graph around, by its namespace
 */
export function writesBefore(
  { configurable }: LangGraphRunnableConfig,
  channel: string,
): ReadonlyMap<string, () => Promise<readonly unknown[]>> | undefined {
  const { thread_id, checkpoint_map, __pregel_resuming, __pregel_checkpointer } = (configurable ?? {}) as Configurable;
  if (__pregel_resuming !== true || __pregel_checkpointer === undefined) return undefined;

  const read = async (checkpoint_ns: string, checkpoint_id: string) => {
    const tuple = await __pregel_checkpointer.getTuple({ configurable: { thread_id, checkpoint_ns, checkpoint_id } });
    return (tuple?.pendingWrites ?? []).flatMap(([, key, value]) => (key === channel ? [value] : []));
  };
  return new Map(Object.entries(checkpoint_map ?? {}).map(([place, id]) => [place, () => read(place, id)]));
}
