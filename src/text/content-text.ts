import type { BaseMessage } from "@langchain/core/messages";

/**
 * Returns the text of a message, thoughts included. String content is returned as it is, because `message.text` (core 1.4.0) parses it by
 * provider first; the content of Groq's and Google's messages may hold more than their text.
 */
export function contentText(message: BaseMessage): string {
  const { content, response_metadata } = message;
  const { model_provider: provider } = Object(response_metadata) as { readonly model_provider?: unknown };
  return typeof content === "string" && (provider === undefined || provider === "openai") ? content : message.text;
}
