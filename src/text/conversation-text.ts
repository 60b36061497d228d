import type { BaseMessage } from "@langchain/core/messages";
import { readable } from "./readable.js";

/** Messages as lines a model reads as material: `human: …`. */
export function conversationText(messages: readonly BaseMessage[]): string {
  return messages.map((message) => `${message.type}: ${readable(message)}`).join("\n");
}
