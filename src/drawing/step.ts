import type { ModelCall } from "../ledger/model-call.js";
import type { Decision } from "../state/decision.js";
import type { OrchestrationState } from "../state/orchestration-state.js";

/** What one node of a run did. */
export interface Step {
  /** Id of the node as drawings have it: of a nested one `outer:inner`. */
  readonly node: string;
  /** What it wrote. */
  readonly update: Partial<OrchestrationState>;
  /** Every node of the turn so far, in the order they ended: what `drawGraph` colours in. */
  readonly visited: readonly string[];
  /** Everything decided in the turn so far. */
  readonly decisions: readonly Decision[];
  /** The ledger of the turn so far. */
  readonly calls: readonly ModelCall[];
  /** What the run waits for, when it was paused. */
  readonly interrupts?: readonly unknown[];
}
