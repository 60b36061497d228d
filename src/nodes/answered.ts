import type { AIMessage } from "@langchain/core/messages";
import { usageMetadataOf } from "../cost/usage.js";
import { copyMessage } from "../models/answer.js";
import type { Site } from "../models/site.js";
import { totalCost } from "../state/ledger.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";

/** What is returned, and how sure it is. */
export interface Accepted {
  readonly message: AIMessage;
  readonly modelUsed: string;
  readonly confidence: number | null;
}

/** Ends a run: the one message it appends carries the usage of the whole run and says who answered. */
export function answered(
  state: OrchestrationState,
  site: Site,
  { message, modelUsed, confidence }: Accepted,
): OrchestrationUpdate {
  const calls = [...state.calls, ...site.calls];
  const orchestration = { modelUsed, route: state.route, confidence, costUsd: totalCost(calls) };
  const final = copyMessage(message, {
    usage_metadata: usageMetadataOf(calls),
    response_metadata: { ...message.response_metadata, orchestration },
  });
  return { messages: [final], modelUsed, confidence, next: undefined };
}

/** What a node writes beside its result: the calls it made and what it decided. */
export function written(site: Site, update: OrchestrationUpdate): OrchestrationUpdate {
  return {
    ...(site.calls.length > 0 ? { calls: site.calls } : {}),
    ...(site.decisions.length > 0 ? { decisions: site.decisions } : {}),
    ...update,
  };
}
