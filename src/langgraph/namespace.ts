import type { LangGraphRunnableConfig } from "@langchain/langgraph";

type Run = Pick<LangGraphRunnableConfig, "metadata">;

/** Metadata of the node a run stands in: `outer:id|1|inner:id`, with the id of each task on the way. */
const key = "langgraph_checkpoint_ns";

/** Reads LangGraph's namespace of a node; `configurable` has that of its graph only. */
export function namespaceOf({ metadata }: Run): unknown {
  return metadata?.[key];
}

/** Makes the metadata of a call whose tokens belong to a node further out: LangGraph streams by it, and hides those of nested graphs. */
export function inNamespace(namespace: unknown): Record<string, unknown> {
  return namespace === undefined ? {} : { [key]: namespace };
}

/** Names the place of a node's graph in the run: the namespace without its last part, the node's own. */
export function placeOfGraph(run: Run): string {
  return String(namespaceOf(run)).replace(/\|?[^|]*$/, "");
}

/** Lists the ids of the tasks around a node and its own, outermost first: `executionInfo` has its own only. */
export function tasksOf(run: Run): string[] {
  const namespace = namespaceOf(run);
  if (typeof namespace !== "string") return [];
  return namespace.split("|").flatMap((part) => part.split(":")[1] ?? []);
}

/** Reads the outermost task an error has left; LangGraph writes it there. */
export function taskLeft(error: unknown): unknown {
  return (error as { readonly pregelTaskId?: unknown } | null | undefined)?.pregelTaskId;
}
