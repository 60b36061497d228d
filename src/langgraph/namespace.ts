import type { LangGraphRunnableConfig } from "@langchain/langgraph";

type Run = Pick<LangGraphRunnableConfig, "metadata">;

/** Metadata key of a node's namespace: `outer:id|1|inner:id`, with the id of each task. */
const key = "langgraph_checkpoint_ns";

/** Returns the namespace of a node; `configurable` only has that of its graph. */
export function namespaceOf({ metadata }: Run): unknown {
  return metadata?.[key];
}

/** Makes call metadata that assigns tokens to an outer node, because LangGraph hides the tokens of nested graphs by namespace. */
export function inNamespace(namespace: unknown): Record<string, unknown> {
  return namespace === undefined ? {} : { [key]: namespace };
}

/** Returns the namespace of the graph that contains a node. */
export function placeOfGraph(run: Run): string {
  return String(namespaceOf(run)).replace(/\|?[^|]*$/, "");
}

/** Lists the ids of a node's task and the tasks around it, outermost first; `executionInfo` only has its own. */
export function tasksOf(run: Run): string[] {
  const namespace = namespaceOf(run);
  if (typeof namespace !== "string") return [];
  return namespace.split("|").flatMap((part) => part.split(":")[1] ?? []);
}

/** Returns the id of the outermost task that an error has ended, which LangGraph sets on the error. */
export function taskLeft(error: unknown): unknown {
  return (error as { readonly pregelTaskId?: unknown } | null | undefined)?.pregelTaskId;
}
