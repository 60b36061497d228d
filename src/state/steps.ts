import type { BaseMessage } from "@langchain/core/messages";
import type { OrchestrationState } from "./orchestration-state.js";

/** Tool calls and their results; every message has its own id. */
export type Steps = readonly BaseMessage[];

/** Lists the tool calls and results of a run so far, those of failed calls first. */
export function stepsOf({
  failures,
  candidates,
  outputs,
}: Pick<OrchestrationState, "failures" | "candidates" | "outputs">): Steps {
  let all: BaseMessage[] = [];
  for (const list of [failures, candidates, outputs]) {
    for (const { steps } of list) if (steps != null) all = all.concat(steps);
  }
  return all;
}

export function joinSteps(one: Steps, other: Steps): Steps {
  const known = new Set(one.map(({ id }) => id));
  return [...one, ...other.filter(({ id }) => !known.has(id))];
}
