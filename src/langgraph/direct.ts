import { Runnable } from "@langchain/core/runnables";
import { END, type LangGraphRunnableConfig, type Send } from "@langchain/langgraph";
import type { GraphSettings } from "../state/graph-settings.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import { withAmbientConfig } from "./ambient-config.js";
import { shareSignal } from "./own-signal.js";

/** Function of a node: reads the state and returns an update. */
export type OrchestrationNode = (
  state: OrchestrationState,
  config: LangGraphRunnableConfig,
  settings?: GraphSettings,
) => Promise<OrchestrationUpdate>;

/**
 * Node as a runnable. LangGraph adds a traced run to a node that is a function, which takes about as long as the rest of the node;
 * the node itself is traced either way.
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
    shareSignal(config.signal);
    return withAmbientConfig(config, () => this.run(state, config));
  }

  /** Runs the node in an environment that has its configuration already. */
  run(state: OrchestrationState, config: LangGraphRunnableConfig): Promise<OrchestrationUpdate> {
    return this.node(state, config, this.settings);
  }
}

/** Edge as a runnable, for the same reason. */
export class DirectEdge extends Runnable<OrchestrationState, string | Send[]> {
  readonly lc_namespace = ["langgraph_multimodel"];

  constructor(
    override readonly name: string,
    private readonly end: (state: OrchestrationState) => string | Send[] | undefined,
  ) {
    super();
  }

  override async invoke(state: OrchestrationState): Promise<string | Send[]> {
    return this.choose(state);
  }

  /** Returns the next node, or what is sent to nodes. */
  choose(state: OrchestrationState): string | Send[] {
    return this.end(state) ?? END;
  }
}

/** Edge to the node in `next`, or to `END` if it is unset. */
export const next = new DirectEdge("next", (state) => state.next);

/** Edge to the node in `route`, which a caller may have edited, else to that in `next`. */
export const routed = new DirectEdge("routed", (state) => state.route ?? state.next);
