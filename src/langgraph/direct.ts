import { Runnable } from "@langchain/core/runnables";
import { END, type LangGraphRunnableConfig, type Send } from "@langchain/langgraph";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import { withAmbientConfig } from "./ambient-config.js";
import type { GraphSettings } from "./graph-settings.js";

/** What a graph runs: reads state, returns what it adds. */
export type OrchestrationNode = (
  state: OrchestrationState,
  config: LangGraphRunnableConfig,
  settings?: GraphSettings,
) => Promise<OrchestrationUpdate>;

/**
 * A node as a runnable. Of a plain function LangGraph makes a traced run within the node's own run, which costs about as much as
 * the rest of the node; the node itself is traced either way. User functions below find the run's configuration as usual.
 */
export class DirectNode extends Runnable<OrchestrationState, OrchestrationUpdate> {
  readonly lc_namespace = ["langgraph_multimodel"];

  constructor(
    override readonly name: string,
    private readonly node: OrchestrationNode,
    private readonly settings?: GraphSettings,
  ) {
    super();
  }

  override invoke(state: OrchestrationState, config: LangGraphRunnableConfig = {}): Promise<OrchestrationUpdate> {
    return withAmbientConfig(config, () => this.node(state, config, this.settings));
  }
}

/** An edge as a runnable, for the same reason. */
export class DirectEdge extends Runnable<OrchestrationState, string | Send[]> {
  readonly lc_namespace = ["langgraph_multimodel"];

  constructor(
    override readonly name: string,
    private readonly end: (state: OrchestrationState) => string | Send[] | undefined,
  ) {
    super();
  }

  override async invoke(state: OrchestrationState): Promise<string | Send[]> {
    return this.end(state) ?? END;
  }
}

/** Where a deciding node sent the run, `END` once it is answered. */
export const next = new DirectEdge("next", (state) => state.next);

/** Where a router sent the run: its own choice, which may be edited, else wherever it goes without one. */
export const routed = new DirectEdge("routed", (state) => state.route ?? state.next);
