import type { BaseMessage } from "@langchain/core/messages";

/**
 * Reads the text of a message. Content that is one text is that text: `message.text` of LangChain (core 1.4.0) would cut it into blocks by
 * the rules of three providers and join them again, which costs more than all else that is read of a long conversation.
 */
export function textOf(message: BaseMessage): string {
  const { content, response_metadata } = message;
  const { model_provider: provider } = Object(response_metadata) as { readonly model_provider?: unknown }; // Groq's and Google's texts are not always their content
  return typeof content === "string" && (provider === undefined || provider === "openai") ? content : message.text;
}
