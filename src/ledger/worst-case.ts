import type { BaseMessage } from "@langchain/core/messages";
import { utf8Length } from "../text/bytes.js";
import type { Price } from "./model-call.js";

/** Most tokens of one image: 6 tiles of gpt-4o-mini with 5,667 tokens each and 2,833 for the image, rounded up (OpenAI, "Images and vision"). */
const perImage = 40_000;
/** Tokens for role and separators of a message, and of the request around them; 4 and 3 for OpenAI, with room for other formats. */
const perMessage = 16;
/** Tokens a provider adds when a request has tools; 346 at most for Claude (Anthropic, "Tool use"), doubled. */
const forTools = 700;

/**
 * Returns an upper bound of the input tokens of a request: every token of a text has at least one byte. About four times the real count
 * for English.
 *
 * @param extras what is sent beside the messages, such as tool definitions and schemas
 */
export function mostInputTokens(messages: readonly BaseMessage[], extras: readonly unknown[] = []): number {
  const said = messages.reduce((sum, message) => sum + perMessage + mostTokens(message), perMessage);
  const given = extras.reduce<number>((sum, extra) => sum + bytesOf(extra), 0);
  return said + given + (extras.length > 0 ? forTools : 0);
}

function mostTokens(message: BaseMessage): number {
  const { content, additional_kwargs: more } = message;
  const { tool_calls: calls, invalid_tool_calls: unread } = message as {
    readonly tool_calls?: unknown[];
    readonly invalid_tool_calls?: unknown[];
  };
  const written = [calls, unread].reduce<number>((sum, list) => sum + (list?.length ? bytesOf(list) : 0), 0);
  const kept = Object.keys(more).length > 0 ? bytesOf(more) : 0; // thoughts and raw calls that some providers are sent again
  return written + kept + (typeof content === "string" ? utf8Length(content) : content.reduce(addBlock, 0));
}

function addBlock(sum: number, block: { readonly type?: unknown; readonly text?: unknown }): number {
  const bytes = bytesOf(block);
  return sum + (typeof block.text === "string" ? bytes : Math.max(bytes, perImage));
}

function bytesOf(value: unknown): number {
  try {
    return utf8Length(JSON.stringify(value) ?? "");
  } catch {
    return perImage; // a cycle, which no client can send
  }
}

/** Whole billionths of a dollar, in which budgets count so that sums are exact. */
export type NanoUsd = number;

/** Converts dollars to whole billionths, rounded up. */
export function toNano(usd: number): NanoUsd {
  return Math.ceil(Number((usd * 1e9).toPrecision(15)));
}

/** Converts the dollars of a limit to whole billionths, rounded down. */
export function limitInNano(usd: number): NanoUsd {
  return Math.floor(Number((usd * 1e9).toPrecision(15)));
}

/** Returns the most a request can cost: all input at the dearest rate of input, and all allowed output. */
export function worstCaseOf(price: Price, inputTokens: number, outputTokens: number): NanoUsd {
  const rates = [price, ...(price.longInput ?? []).filter(({ above }) => inputTokens > above)];
  const dearest = (...keys: readonly (keyof Omit<Price, "longInput">)[]) =>
    Math.max(...rates.flatMap((rate) => keys.map((key) => rate[key] ?? 0)));
  const input = dearest("input", "cacheRead", "cacheWrite", "audioInput");
  const output = dearest("output", "audioOutput");
  return Math.ceil(Number(((inputTokens * input + outputTokens * output) * 1_000).toPrecision(15)));
}
