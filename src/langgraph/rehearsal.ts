import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { CompiledPattern } from "./compiled-pattern.js";
import { rehearsalKey } from "./rehearsal-key.js";

/** True for a compiled pattern with no node, edge or policy of the user, so that its nodes can be rehearsed. */
export function canRehearse(graph: unknown): graph is CompiledPattern {
  return graph instanceof CompiledPattern && graph.isPlain;
}

/** Runs the nodes of a pattern with a rehearsal, which stands in for its models. */
export async function runRehearsal(
  graph: CompiledPattern,
  input: object,
  { rehearsal, ...config }: Pick<LangGraphRunnableConfig, "context" | "signal"> & { readonly rehearsal: object },
): Promise<unknown> {
  return graph.runWithin(input as never, { ...config, configurable: { [rehearsalKey]: rehearsal } });
}
