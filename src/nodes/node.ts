import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";

/** What a graph runs: reads state, returns what it adds. */
export type OrchestrationNode = (
  state: OrchestrationState,
  config: LangGraphRunnableConfig,
) => Promise<OrchestrationUpdate>;
