import {
  AIMessage,
  type AIMessageFields,
  type BaseMessage,
  coerceMessageLikeToMessage,
  isBaseMessage,
} from "@langchain/core/messages";
import { InvalidInputError } from "../errors/index.js";

/** What a node writes is a list of objects; what somebody writes over HTTP may be anything. */
export function checkList(value: unknown, key: string): void {
  if (!Array.isArray(value)) throw new InvalidInputError(`${key} must be a list; ${kindOf(value)} was written there`);
  for (const [index, entry] of value.entries()) {
    if (typeof entry === "object" && entry !== null) continue;
    throw new InvalidInputError(`${key}[${index}] must be an object, as those beside it; it is ${kindOf(entry)}`);
  }
}

function kindOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

/** A candidate or an output whose message is one. */
export function withMessage<Value extends { message: AIMessage }>(value: Value, at: string): Value {
  return isAnswer(value.message) ? value : { ...value, message: toAnswer(value.message, `${at}.message`) };
}

/** True for a message as a model gives it, whole or streamed. */
export function isAnswer(message: unknown): message is AIMessage {
  return isBaseMessage(message) && message.type === "ai";
}

/** An answer that was written from outside: a text, `{ content }`, or a message as JSON. */
function toAnswer(written: unknown, at: string): AIMessage {
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
