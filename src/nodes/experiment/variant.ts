import { stepsLeft } from "../../langgraph/step-limit.js";
import type { Adapt } from "../../routing/adapting/adapt.js";
import type { OrchestrationNode } from "../node.js";
import { notingRuns } from "./noting-runs.js";
import { scoreName } from "./score.js";
import type { Shadows } from "./shadows.js";

interface VariantOptions {
  readonly adapt: Adapt | undefined;
  readonly shadows: Shadows | undefined;
  /** True if the node has an edge to one that scores its answer. */
  readonly isScored: boolean;
}

/** Makes the node of a variant of the node that calls its model. */
export function variantNode(
  node: OrchestrationNode,
  name: string,
  { adapt, shadows, isScored }: VariantOptions,
): OrchestrationNode {
  const noted = adapt === undefined ? node : notingRuns(node, name, adapt);
  const leading = isScored ? thenScore(noted) : noted;
  return shadows === undefined ? leading : shadows.beside(leading);
}

/** Sends a run with an answer on to the node that scores it; without a step for it, the run ends with its answer. */
function thenScore(node: OrchestrationNode): OrchestrationNode {
  return async (state, config, settings) => {
    const update = await node(state, config, settings);
    if (update.messages === undefined || stepsLeft(config) < 1) return update;
    return { ...update, next: scoreName };
  };
}
