import {
  AIMessage,
  type AIMessageFields,
  type BaseMessage,
  coerceMessageLikeToMessage,
  isBaseMessage,
} from "@langchain/core/messages";
import { InvalidInputError } from "../errors/index.js";

/** Validates a list, which may have been written through Studio or the HTTP API. */
export function checkList(value: unknown, key: string): void {
  if (!Array.isArray(value)) throw new InvalidInputError(`${key} must be a list; ${typeName(value)} was written there`);
  for (const [index, entry] of value.entries()) {
    if (typeof entry === "object" && entry !== null) continue;
    throw new InvalidInputError(`${key}[${index}] must be an object, as those beside it; it is ${typeName(entry)}`);
  }
}

function typeName(value: unknown): string {
  return value === null ? "null" : typeof value;
}

/** Ensures that `value.message` is an AIMessage; it converts JSON written from outside. */
export function withMessage<Value extends { message: AIMessage }>(value: Value, at: string): Value {
  return isAnswer(value.message) ? value : { ...value, message: parseAnswer(value.message, `${at}.message`) };
}

/** True for an AIMessage or AIMessageChunk, of any copy of LangChain. */
export function isAnswer(message: unknown): message is AIMessage {
  return isBaseMessage(message) && message.type === "ai";
}

/** Converts a text, `{ content }` or a message as JSON to an AIMessage. */
function parseAnswer(written: unknown, at: string): AIMessage {
  try {
    const bare = typeof written === "object" && written !== null && !("type" in written || "role" in written);
    const message = bare
      ? new AIMessage(written as AIMessageFields)
      : coerceMessageLikeToMessage(written as BaseMessage);
    return isAnswer(message) ? message : new AIMessage(message.text);
  } catch {
    throw new InvalidInputError(`${at} is no answer; write { type: "ai", content: "…" }, or the text alone`);
  }
}
