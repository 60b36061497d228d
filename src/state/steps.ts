import type { BaseMessage } from "@langchain/core/messages";
import type { OrchestrationState } from "./orchestration-state.js";

/** Tool calls and their results; every message of them has an id of its own. */
export type Steps = readonly BaseMessage[];

/** What the models of a run did so far, whether or not they answered: those of failed calls first. */
export function stepsOf({
  failures,
  candidates,
  outputs,
}: Pick<OrchestrationState, "failures" | "candidates" | "outputs">): Steps {
  return [...failures, ...candidates, ...outputs].flatMap(({ steps }) => steps ?? []);
}

/** Steps of two sources that may overlap, in the order of the first. */
export function joinSteps(one: Steps, other: Steps): Steps {
  const known = new Set(one.map(({ id }) => id));
  return [...one, ...other.filter(({ id }) => !known.has(id))];
}
