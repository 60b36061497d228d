import type { Adapt } from "../../routing/adapting/adapt.js";
import type { OrchestrationNode } from "../node.js";
import { notingRuns } from "./noting-runs.js";
import type { Shadows } from "./shadows.js";

interface VariantOptions {
  readonly adapt: Adapt | undefined;
  readonly shadows: Shadows | undefined;
}

/** Makes the node of a variant of the node that calls its model. */
export function variantNode(
  node: OrchestrationNode,
  name: string,
  { adapt, shadows }: VariantOptions,
): OrchestrationNode {
  const noted = adapt === undefined ? node : notingRuns(node, name, adapt);
  return shadows === undefined ? noted : shadows.beside(noted);
}
