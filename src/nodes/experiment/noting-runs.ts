import { rehearsalOf } from "../../calls/rehearsal.js";
import { AllModelsFailedError, isLimit, ModelCallError } from "../../errors/index.js";
import type { Adapt } from "../../routing/adapting/adapt.js";
import type { OrchestrationUpdate } from "../../state/orchestration-state.js";
import type { OrchestrationNode } from "../node.js";

/**
 * Has the node of a variant note the runs that it answers, and those that it fails. A request that no model would answer, a spent budget,
 * a deadline and an abort are not failures of the variant.
 */
export function notingRuns(node: OrchestrationNode, variant: string, adapt: Adapt): OrchestrationNode {
  return async (state, config, settings) => {
    if (rehearsalOf(config) !== undefined) return node(state, config, settings);
    const runId = state.turnId!;
    adapt.assign(runId, variant);
    try {
      const update = await node(state, config, settings);
      if (hasFailed(update, variant)) adapt.fail(runId, variant);
      return update;
    } catch (error) {
      if (isFailure(error)) adapt.fail(runId, variant);
      throw error;
    }
  };
}

/** True if the variant failed and another model, if any, answered in its place. */
function hasFailed({ failures, messages, modelUsed }: OrchestrationUpdate, variant: string): boolean {
  if (messages !== undefined && String(modelUsed).split("/").includes(variant)) return false; // it was called again
  return Array.isArray(failures) && failures.some((failure) => failure.name === variant && !isLimit(failure.class));
}

function isFailure(error: unknown): boolean {
  if (ModelCallError.isInstance(error)) return error.movesOn && !isLimit(error.class);
  return AllModelsFailedError.isInstance(error);
}
