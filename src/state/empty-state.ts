import type { OrchestrationState, OrchestrationUpdate } from "./orchestration-state.js";

/** Lists that belong to one run. */
export const runLists = ["candidates", "outputs", "calls", "decisions", "failures"] as const;

/** Other keys that belong to one run, as they are before it. */
export const unsetKeys = {
  modelUsed: undefined,
  route: undefined,
  confidence: null,
  verdict: undefined,
  items: undefined,
  aggregate: undefined,
  next: undefined,
} satisfies OrchestrationUpdate;

export const emptyLists = () => ({ candidates: [], outputs: [], calls: [], decisions: [], failures: [] });

/** State of a run without messages and without an id. */
export const emptyState: Omit<OrchestrationState, "turnId"> = { messages: [], ...unsetKeys, ...emptyLists() };
