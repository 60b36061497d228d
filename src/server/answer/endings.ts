import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { isCutShort } from "../../calls/answer.js";
import { finishReason } from "../../calls/finish-reason.js";

/** Returns the refusal, from OpenAI's field for it. */
export function refusalOf({ additional_kwargs: { refusal } }: AIMessage | AIMessageChunk): string | null {
  return typeof refusal === "string" && refusal !== "" ? refusal : null;
}

/** Returns true for a final answer, which must have the requested form: no tool calls, not cut off, refused or filtered. */
export function isWhole(message: AIMessage | AIMessageChunk, called: boolean): boolean {
  return !called && !isCutShort(message) && refusalOf(message) === null && finishReason(message) !== "content_filter";
}

/** How an answer ended, in the words of chat completions. */
export type Ending = "content_filter" | "length" | "tool_calls" | "stop";

/** Returns OpenAI's finish reason; a tool call that was cut off counts as `length`. */
export function reasonOf(message: AIMessage | AIMessageChunk, called: boolean): Ending {
  if (finishReason(message) === "content_filter") return "content_filter";
  if (isCutShort(message)) return "length";
  return called ? "tool_calls" : "stop";
}
