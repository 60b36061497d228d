import type { BaseMessage } from "@langchain/core/messages";
import { readable } from "./readable.js";

/** Formats messages for a prompt, a line each: `human: …`. */
export function conversationText(messages: readonly BaseMessage[]): string {
  return messages.map((message) => `${message.type}: ${readable(message)}`).join("\n");
}
