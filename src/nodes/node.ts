import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { noteSteps, type Site, siteOf } from "../models/site.js";
import { keepLedger } from "../state/ledger.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import { stepsOf } from "../state/steps.js";

/** What a graph runs: reads state, returns what it adds. */
export type OrchestrationNode = (
  state: OrchestrationState,
  config: LangGraphRunnableConfig,
) => Promise<OrchestrationUpdate>;

/** A node that works at a site: what it calls and decides there is written beside its result, or kept with what it throws. */
export function nodeAt(
  name: string,
  work: (state: OrchestrationState, site: Site) => OrchestrationUpdate | Promise<OrchestrationUpdate>,
): OrchestrationNode {
  return async (state, config) => {
    const site = siteOf(name, state, config);
    try {
      const update = await work(state, site);
      return {
        ...(site.calls.length > 0 ? { calls: site.calls } : {}),
        ...(site.decisions.length > 0 ? { decisions: site.decisions } : {}),
        ...update,
      };
    } catch (error) {
      keepLedger(error, {
        calls: [...state.calls, ...site.calls],
        decisions: [...state.decisions, ...site.decisions],
      });
      noteSteps(site, stepsOf(state)); // of before an interrupt, too
      throw error;
    }
  };
}
