import type { AIMessage, BaseMessage, UsageMetadata } from "@langchain/core/messages";
import { utf8Length } from "../text/bytes.js";
import { contentText } from "../text/content-text.js";
import type { CallUsage, ModelCall, Price } from "./model-call.js";
import { totalTokens } from "./totals.js";

/**
 * Reads the tokens of an answer as the provider reported them; `undefined` where it reported none, or what is no count.
 *
 * Cached tokens are counted once: OpenAI reports them inside the input tokens, Anthropic and Bedrock beside them. Thinking tokens that
 * Gemini reports only in the total are output.
 */
export function usageOf(message: AIMessage): CallUsage | undefined {
  const reported = message.usage_metadata;
  const total = countOf(reported?.total_tokens) ?? 0;
  const { prompt_tokens, completion_tokens } = Object(message.response_metadata?.usage) as Record<string, unknown>; // OpenAI's client adds texts to 0
  const known = [
    countOf(reported?.input_tokens) ?? countOf(prompt_tokens),
    countOf(reported?.output_tokens) ?? countOf(completion_tokens),
  ];
  const leaveOut = reported?.output_tokens === undefined && estimateMessages([message]) === 0; // clients leave out a 0
  const [input = total - known[1]!, output = leaveOut ? 0 : total - known[0]!] = known;
  if (!(input >= 0 && output >= 0 && input + output > 0)) return undefined;
  const cacheReadTokens = countOf(reported?.input_token_details?.cache_read) ?? 0;
  const cacheWriteTokens = countOf(reported?.input_token_details?.cache_creation) ?? 0;
  const cached = cacheReadTokens + cacheWriteTokens;
  const rest = Math.max(0, total - input - output);
  const beside = cached > input || (cached > 0 && rest === cached);
  const inputTokens = beside ? input + cached : input;
  const hidden = beside ? 0 : rest;
  const reasoningTokens = countOf(reported?.output_token_details?.reasoning) ?? hidden;
  const audioInputTokens = countOf(reported?.input_token_details?.audio) ?? 0;
  const audioOutputTokens = countOf(reported?.output_token_details?.audio) ?? 0;
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

/** A count of tokens, as a number or in digits; `undefined` for anything else, such as digits that were joined ("0" + "10"). */
export function countOf(reported: unknown): number | undefined {
  const written = typeof reported === "string" && /^(?:0|[1-9]\d{0,14})(?:\.0*)?$/.test(reported.trim());
  const count = written ? Number(reported) : reported;
  return typeof count === "number" && Number.isFinite(count) && count >= 0 ? Math.round(count) : undefined;
}

/**
 * The usage of a chunk in numbers, so that sums over a stream are sums: LangChain would join counts that are texts. A part that is
 * not a count becomes NaN, which keeps the sum from passing as a count.
 */
export function summable(usage: UsageMetadata): UsageMetadata {
  const numbers = (parts: object, otherwise: number): [string, unknown][] =>
    Object.entries(parts).flatMap(([key, value]) => (value === undefined ? [] : [[key, countOf(value) ?? otherwise]]));
  const { input_token_details: input, output_token_details: output, ...counts } = usage;
  return Object.fromEntries([
    ...numbers(counts, Number.NaN),
    ...(input ? [["input_token_details", Object.fromEntries(numbers(input, 0))]] : []),
    ...(output ? [["output_token_details", Object.fromEntries(numbers(output, 0))]] : []),
  ]) as UsageMetadata;
}

/**
 * Tokens of a text: UTF-8 bytes / 4. For English that is OpenAI's rule of thumb of four characters each (help.openai.com, "What
 * are tokens"); for other scripts, where a character is more than one byte, it is closer to what byte-pair encodings make of them.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(utf8Length(text) / 4);
}

/** Tokens between two messages: a role and separators (OpenAI cookbook, "How to count tokens with tiktoken"). */
const perMessage = 4;

/** Texts of messages as they were when they were counted, and their tokens: a conversation is counted before every call. */
const counted = new WeakMap<BaseMessage, { readonly text: string; readonly tokens: number }>();

/** Tokens of one message among others, its tool calls included; what is not text (images, audio) counts nothing. */
export function estimateMessage(message: BaseMessage): number {
  return perMessage + textTokens(message) + callTokens(message as AIMessage);
}

function textTokens(message: BaseMessage): number {
  const text = contentText(message);
  const before = counted.get(message);
  if (before?.text === text) return before.tokens;
  const tokens = estimateTokens(text);
  counted.set(message, { text, tokens });
  return tokens;
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
export function costOf(usage: CallUsage, price: Price | null): number | null {
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
