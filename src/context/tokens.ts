import type { BaseMessage } from "@langchain/core/messages";
import type { Exchange } from "./exchanges.js";
import { toolCallsOf } from "./transcript.js";

/** Tokens a message takes beside its text: its role and separators (OpenAI cookbook, "How to count tokens with tiktoken"). */
const perMessage = 4;

/**
 * Tokens of a text: UTF-8 bytes / 4. For English that is the usual characters / 4; for other scripts, where a character is more
 * than one byte, it is closer to what byte-pair encodings make of them, and never less.
 */
export function textTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** Tokens of messages, tool calls included; what is not text (images, audio) counts nothing. */
export function tokensOf(messages: readonly BaseMessage[]): number {
  return messages.reduce((sum, message) => {
    const calls = toolCallsOf(message).map(({ name, args }) => `${name}${JSON.stringify(args)}`);
    return sum + perMessage + textTokens(message.text) + textTokens(calls.join(""));
  }, 0);
}

/** The first exchanges of a list that take no more than so many tokens together, at least one. */
export function oldestWithin(list: readonly Exchange[], tokens: number): readonly Exchange[] {
  return list.slice(0, Math.max(1, countWithin(list, tokens)));
}

/** The last exchanges of a list that take no more than so many tokens together. */
export function newestWithin(list: readonly Exchange[], tokens: number): readonly Exchange[] {
  return list.slice(list.length - countWithin(list.toReversed(), tokens));
}

function countWithin(list: readonly Exchange[], tokens: number): number {
  let size = 0;
  const tooMuch = list.findIndex((exchange) => {
    size += tokensOf(exchange);
    return size > tokens;
  });
  return tooMuch < 0 ? list.length : tooMuch;
}
