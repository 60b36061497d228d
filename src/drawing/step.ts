import type { ModelCall } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";
import type { OrchestrationState } from "../state/orchestration-state.js";

/** One completed node of a run. */
export interface Step {
  /** Node id as in drawings; nested ones as `outer:inner`. */
  readonly node: string;
  readonly update: Partial<OrchestrationState>;
  /** Nodes of the turn so far in order of completion, for `drawGraph`. */
  readonly visited: readonly string[];
  /** Decisions of the turn so far. */
  readonly decisions: readonly Decision[];
  /** Model calls of the turn so far. */
  readonly calls: readonly ModelCall[];
  /** How many of them a resumed run found in its checkpointer; they are not of this step. */
  readonly earlier?: { readonly calls: number; readonly decisions: number };
  /** True for the node that failed, so that the run ended there; `step` throws instead. */
  readonly failed?: boolean;
  /** Interrupts of a paused run. */
  readonly interrupts?: readonly unknown[];
}
