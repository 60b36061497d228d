import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { StageOutput } from "../state/orchestration-state.js";
import { readable } from "../text/readable.js";
import { tagged } from "../text/tagged.js";
import type { ContextTurn } from "./context.js";

/**
 * The conversation, then what each earlier stage gave, as a message that names the stage.
 *
 * A user's message, not an assistant's: Gemini and Anthropic want the user to speak last.
 */
export function transcript({ messages, outputs }: Pick<ContextTurn, "messages" | "outputs">): readonly BaseMessage[] {
  return outputs.length === 0 ? messages : [...messages, ...outputs.map(outputMessage)];
}

function outputMessage({ stage, message }: StageOutput): HumanMessage {
  return added(tagged("output", readable(message) || "(nothing)", { stage }));
}

/** A message that speaks in the user's place, and is told apart from what the user said. */
export function added(content: HumanMessage["content"]): HumanMessage {
  return new HumanMessage({ content, response_metadata: { orchestration: { added: true } } });
}

function isAdded({ response_metadata }: BaseMessage): boolean {
  const { orchestration } = (response_metadata ?? {}) as { readonly orchestration?: { readonly added?: boolean } };
  return orchestration?.added === true;
}

/** The last message the user wrote; the last one of that type where all were added. */
export function latestQuestion(messages: readonly BaseMessage[]): BaseMessage | undefined {
  const human = messages.filter(({ type }) => type === "human");
  return human.findLast((message) => !isAdded(message)) ?? human.at(-1);
}
