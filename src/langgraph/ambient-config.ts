import { AsyncLocalStorageProviderSingleton } from "@langchain/core/singletons";
import { getConfig, type LangGraphRunnableConfig } from "@langchain/langgraph";

/** Reads the configuration of the run around; outside of one there is none, which the type of LangGraph's function leaves out. */
export function ambientConfig(): LangGraphRunnableConfig | undefined {
  return getConfig();
}

/**
 * Runs a function below a configuration, as LangGraph does for a node that is a plain function, and not for one that is a runnable:
 * `interrupt` and `getConfig` look for it there.
 */
export function withAmbientConfig<Result>(config: LangGraphRunnableConfig, run: () => Result): Result {
  return AsyncLocalStorageProviderSingleton.runWithConfig(config, run);
}
