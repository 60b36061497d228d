import { AIMessage, type BaseMessage } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";

/** An answer of the conversation so far. */
export interface PastAnswer {
  readonly text: string;
  readonly calls: readonly ToolCall[];
  /** Reasoning without a signature, which servers of OpenAI's format read. */
  readonly thought: string;
  /** Claude's own blocks, signed or encrypted. */
  readonly signed: readonly object[];
}

/** Converts an answer to LangChain's message, as its provider can read it; one that says nothing is dropped. */
export function pastAnswer({ text, calls, thought, signed }: PastAnswer): BaseMessage[] {
  if (text === "" && calls.length === 0) return [];
  const content = signed.length === 0 ? text : [...signed, ...(text === "" ? [] : [{ type: "text" as const, text }])];
  return [
    new AIMessage({
      content: content as string,
      tool_calls: [...calls],
      additional_kwargs: thought === "" ? {} : { reasoning_content: thought },
      response_metadata: signed.length === 0 ? {} : { model_provider: "anthropic" },
    }),
  ];
}
