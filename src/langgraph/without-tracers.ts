import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { CallbackManager } from "@langchain/core/callbacks/manager";
import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { ambientConfig } from "./ambient-config.js";

/** Names of the handlers that send what a run reads and writes to a service. */
const tracers: ReadonlySet<string> = new Set(["langchain_tracer", "LangfuseCallbackHandler"]);

/** Metadata of runs whose contents no trace may hold. */
const mark = "multimodel_private";

/** Returns true for a run whose contents no trace may hold, by its metadata. */
export function isPrivateRun(metadata: Readonly<Record<string, unknown>> = {}): boolean {
  return metadata[mark] === true;
}

/** Stands where LangChain looks for LangSmith's tracer before it adds one. */
class NoTracer extends BaseCallbackHandler {
  override readonly name = "langchain_tracer";
  /** Called by LangChain for a run within a traced function. */
  updateFromRunTree(): void {}
  /** Implements the method that LangChain calls for the trace around a run; this handler sends no trace. */
  getRunTreeWithTracingConfig(): undefined {
    return undefined;
  }
}

/**
 * Keeps what a run reads and writes from traces: tracers of services, given or of the environment, do not hear of it, and spans have no
 * contents. A run that none of them would hear of keeps its callbacks as they are.
 *
 * @param own configuration that the graph was compiled or bound with
 */
export function withoutTracers(
  given: LangGraphRunnableConfig | undefined,
  own: LangGraphRunnableConfig | undefined,
): LangGraphRunnableConfig {
  const config = { ...given, metadata: { ...given?.metadata, [mark]: true } };
  const callbacks = [given, ambientConfig(), own].find((each) => each?.callbacks !== undefined)?.callbacks;
  const manager = CallbackManager._configureSync(callbacks);
  const heard = manager?.handlers.filter(({ name }) => tracers.has(name)) ?? [];
  if (manager === undefined || heard.every((handler) => handler instanceof NoTracer)) return config;
  const kept = manager.copy();
  for (const handler of heard) kept.removeHandler(handler);
  kept.addHandler(new NoTracer(), true);
  return { ...config, callbacks: kept };
}
