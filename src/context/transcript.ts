import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { StageOutput } from "../state/orchestration-state.js";
import { readable } from "../text/readable.js";
import { tagged } from "../text/tagged.js";
import type { ContextTurn } from "./context.js";

/** Appends each stage's output as a user message, because Gemini and Anthropic require the user to speak last. */
export function transcript({ messages, outputs }: Pick<ContextTurn, "messages" | "outputs">): readonly BaseMessage[] {
  return outputs.length === 0 ? messages : [...messages, ...outputs.map(outputMessage)];
}

function outputMessage({ stage, message }: StageOutput): HumanMessage {
  return addedMessage(tagged("output", readable(message) || "(nothing)", { stage }));
}

/** Makes a user message, marked as added so that it is not mistaken for the user's question. */
export function addedMessage(content: HumanMessage["content"]): HumanMessage {
  return new HumanMessage({ content, response_metadata: { orchestration: { added: true } } });
}

function isAdded({ response_metadata }: BaseMessage): boolean {
  const { orchestration } = (response_metadata ?? {}) as { readonly orchestration?: { readonly added?: boolean } };
  return orchestration?.added === true;
}

/** Returns the user's last message, or the last added one if all were added. */
export function latestQuestion(messages: readonly BaseMessage[]): BaseMessage | undefined {
  const human = messages.filter(({ type }) => type === "human");
  return human.findLast((message) => !isAdded(message)) ?? human.at(-1);
}
