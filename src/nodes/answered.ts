import type { AIMessage } from "@langchain/core/messages";
import { copyMessage } from "../calls/answer.js";
import type { Scope } from "../calls/scope.js";
import { Ledger } from "../ledger/ledger.js";
import { isForAnswer } from "../ledger/model-call.js";
import { isEstimated, totalCost } from "../ledger/totals.js";
import { usageMetadataOf } from "../ledger/usage.js";
import type { OrchestrationState, OrchestrationUpdate } from "../state/orchestration-state.js";
import { variantsOf } from "./assignment.js";
import { noteToolCalls } from "./tool-loop.js";

export interface Accepted {
  readonly message: AIMessage;
  readonly modelUsed: string;
  readonly confidence: number | null;
}

/** Ends a run with one message, which carries the usage of the whole run and the path of the model. */
export function answered(
  state: OrchestrationState,
  scope: Scope,
  { message, modelUsed, confidence }: Accepted,
): OrchestrationUpdate {
  const { calls: all, decisions } = Ledger.of(state, scope.ledger);
  const calls = all.filter(isForAnswer);
  const variants = variantsOf(decisions);
  const assigned = Object.keys(variants).length > 0 ? { variants } : {};
  const orchestration = {
    ...{ modelUsed, route: state.route, confidence, costUsd: totalCost(calls), ...assigned, answeredAt: Date.now() },
    ...(isEstimated(calls) && { estimated: true }),
  };
  noteToolCalls(message, modelUsed);
  const taken = state.messages.some(({ id }) => id !== undefined && id === message.id); // some models repeat their message ids
  const final = copyMessage(message, {
    ...(taken ? { id: crypto.randomUUID() } : {}),
    usage_metadata: usageMetadataOf(calls),
    response_metadata: { ...message.response_metadata, orchestration },
  });
  return { messages: [final], modelUsed, confidence, next: undefined };
}
