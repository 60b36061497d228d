import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { getConfig, type LangGraphRunnableConfig } from "@langchain/langgraph";

/** Returns the configuration of the current run, or `undefined` outside a run, which the type of `getConfig` omits. */
export function ambientConfig(): LangGraphRunnableConfig | undefined {
  return getConfig();
}

/**
 * Runs a function with a configuration that `interrupt` and `getConfig` can find. LangGraph does this for a node that is a function,
 * but not for a node that is a runnable.
 */
export function withAmbientConfig<Result>(config: LangGraphRunnableConfig, run: () => Result): Result {
  return AsyncLocalStorageProviderSingleton.runWithConfig(config, run);
}
