import type { AIMessage, BaseMessage, UsageMetadata } from "@langchain/core/messages";
import { type ModelCall, type Price, totalTokens, type Usage } from "../state/ledger.js";

/**
 * Reads the tokens of an answer as the provider reported them; `undefined` where it reported none.
 *
 * Cached tokens are counted once: OpenAI reports them inside the input tokens, Anthropic and Bedrock beside them. Thinking tokens that
 * Gemini reports only in the total are output.
 */
export function usageOf(message: AIMessage): Usage | undefined {
  const reported = message.usage_metadata;
  if (!reported?.input_tokens && !reported?.output_tokens) return undefined;
  const { input_tokens: input = 0, output_tokens: output = 0, total_tokens: total = 0 } = reported; // clients leave out a 0
  const cacheReadTokens = reported.input_token_details?.cache_read ?? 0;
  const cacheWriteTokens = reported.input_token_details?.cache_creation ?? 0;
  const cached = cacheReadTokens + cacheWriteTokens;
  const rest = Math.max(0, total - input - output);
  const beside = cached > input || (cached > 0 && rest === cached);
  const inputTokens = beside ? input + cached : input;
  const hidden = beside ? 0 : rest;
  const reasoningTokens = reported.output_token_details?.reasoning ?? hidden;
  const audioInputTokens = reported.input_token_details?.audio ?? 0;
  const audioOutputTokens = reported.output_token_details?.audio ?? 0;
  return {
    inputTokens,
    outputTokens: output + hidden,
    ...(cacheReadTokens > 0 ? { cacheReadTokens } : {}),
    ...(cacheWriteTokens > 0 ? { cacheWriteTokens } : {}),
    ...(reasoningTokens > 0 ? { reasoningTokens } : {}),
    ...(audioInputTokens > 0 ? { audioInputTokens } : {}),
    ...(audioOutputTokens > 0 ? { audioOutputTokens } : {}),
  };
}

/**
 * Tokens of a text: UTF-8 bytes / 4. For English that is OpenAI's rule of thumb of four characters each (help.openai.com, "What
 * are tokens"); for other scripts, where a character is more than one byte, it is closer to what byte-pair encodings make of them.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}

/** Tokens between two messages: a role and separators (OpenAI cookbook, "How to count tokens with tiktoken"). */
const perMessage = 4;

/** Tokens of one message among others, its tool calls included; what is not text (images, audio) counts nothing. */
export function estimateMessage(message: BaseMessage): number {
  return perMessage + estimateTokens(message.text) + callTokens(message as AIMessage);
}

/** Tokens of messages by the same rule, the one estimate of this library: a single message is its text and tool calls. */
export function estimateMessages(messages: readonly BaseMessage[]): number {
  const sum = messages.reduce((sum, message) => sum + estimateMessage(message), 0);
  return Math.max(0, sum - perMessage);
}

function callTokens({ tool_calls: read = [], invalid_tool_calls: unread = [] }: Partial<AIMessage>): number {
  if (read.length + unread.length === 0) return 0;
  return estimateTokens([...read, ...unread].map(({ name, args }) => `${name}${JSON.stringify(args)}`).join(""));
}

/** What `usage` costs at `price`, in USD; `null` where the price is unknown. Audio that came from a cache costs what the cache does. */
export function costOf(usage: Usage, price: Price | null): number | null {
  if (price === null) return null;
  const tiers = price.longInput?.toSorted((a, b) => a.above - b.above);
  const rates = tiers?.findLast(({ above }) => usage.inputTokens > above) ?? price;
  const cacheRead = usage.cacheReadTokens ?? 0;
  const cacheWrite = usage.cacheWriteTokens ?? 0;
  const fresh = usage.inputTokens - cacheRead - cacheWrite;
  const heard = Math.min(usage.audioInputTokens ?? 0, fresh);
  const spoken = Math.min(usage.audioOutputTokens ?? 0, usage.outputTokens);
  const micro =
    (fresh - heard) * rates.input +
    heard * (rates.audioInput ?? rates.input) +
    cacheRead * (rates.cacheRead ?? rates.input) +
    cacheWrite * (rates.cacheWrite ?? rates.input) +
    (usage.outputTokens - spoken) * rates.output +
    spoken * (rates.audioOutput ?? rates.output);
  return Number((micro / 1_000_000).toPrecision(12)); // 0.00000255, not 0.0000025499999999999997
}

/** The tokens of a whole run in the shape LangChain gives a message's usage. */
export function usageMetadataOf(calls: readonly ModelCall[]): UsageMetadata {
  const sum = totalTokens(calls);
  const input = {
    ...(sum.cacheReadTokens && { cache_read: sum.cacheReadTokens }),
    ...(sum.cacheWriteTokens && { cache_creation: sum.cacheWriteTokens }),
    ...(sum.audioInputTokens && { audio: sum.audioInputTokens }),
  };
  const output = {
    ...(sum.reasoningTokens && { reasoning: sum.reasoningTokens }),
    ...(sum.audioOutputTokens && { audio: sum.audioOutputTokens }),
  };
  return {
    input_tokens: sum.inputTokens,
    output_tokens: sum.outputTokens,
    total_tokens: sum.totalTokens,
    ...(Object.keys(input).length > 0 && { input_token_details: input }),
    ...(Object.keys(output).length > 0 && { output_token_details: output }),
  };
}
