import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { OrchestrationState } from "../state/orchestration-state.js";
import { answerText } from "../text/answer-text.js";
import { conversation } from "./model.js";

export function revisionPrompt(state: OrchestrationState): readonly BaseMessage[] {
  const draft = state.candidates.at(-1);
  if (draft === undefined) return conversation(state);
  const { feedback, reason } = draft.verdict ?? {};
  const request = [
    "A reviewer did not accept this answer.",
    `Feedback: ${feedback ?? reason ?? "it is not good enough"}`,
    "Write the whole answer again with that mended, and nothing about the review.",
  ];
  return [...conversation(state), new AIMessage(answerText(draft.message)), new HumanMessage(request.join("\n"))];
}
