import type { AIMessage, BaseMessage, UsageMetadata } from "@langchain/core/messages";
import { utf8Length } from "../text/bytes.js";
import { contentText } from "../text/content-text.js";
import type { CallUsage, ModelCall, Price } from "./model-call.js";
import { positive, totalTokens } from "./totals.js";

/**
 * Returns the reported tokens of an answer; `undefined` if the provider reported no valid counts.
 *
 * Cached tokens are counted once: OpenAI includes them in the input tokens, Anthropic and Bedrock do not. Reasoning tokens that Gemini
 * reports only in the total count as output.
 */
export function usageOf(message: AIMessage): CallUsage | undefined {
  const reported = message.usage_metadata;
  const total = countOf(reported?.total_tokens) ?? 0;
  const { prompt_tokens, completion_tokens } = Object(message.response_metadata?.usage) as Record<string, unknown>; // OpenAI's client turns counts in strings into 0
  const known = [
    countOf(reported?.input_tokens) ?? countOf(prompt_tokens),
    countOf(reported?.output_tokens) ?? countOf(completion_tokens),
  ];
  const leaveOut = reported?.output_tokens === undefined && estimateMessages([message]) === 0; // clients omit a 0
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
    ...positive({ cacheReadTokens, cacheWriteTokens, reasoningTokens, audioInputTokens, audioOutputTokens }),
  };
}

/** Parses a token count, a number or digits; `undefined` for anything else, such as concatenated counts ("0" + "10"). */
export function countOf(reported: unknown): number | undefined {
  const written = typeof reported === "string" && /^(?:0|[1-9]\d{0,14})(?:\.0*)?$/.test(reported.trim());
  const count = written ? Number(reported) : reported;
  return typeof count === "number" && Number.isFinite(count) && count >= 0 ? Math.round(count) : undefined;
}

/**
 * Converts the usage of a chunk to numbers, since LangChain concatenates counts in strings. An invalid count becomes NaN, so that the
 * sum is invalid as well.
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
 * Returns the last usage of a stream that counts from its beginning in every chunk: each has the same input, and no less output. Their
 * sum would count the prompt several times. `undefined` for usage in parts.
 */
export function runningUsage(reported: readonly (UsageMetadata | undefined)[]): UsageMetadata | undefined {
  const usages = reported.filter((usage) => usage !== undefined && usage.input_tokens + usage.output_tokens !== 0);
  const [first, ...later] = usages as readonly UsageMetadata[];
  if (first === undefined || later.length === 0 || !(first.input_tokens > 0)) return undefined;
  let output = first.output_tokens;
  for (const usage of later) {
    if (usage.input_tokens !== first.input_tokens || !(usage.output_tokens >= output)) return undefined;
    output = usage.output_tokens;
  }
  return later.at(-1);
}

/**
 * Estimates the tokens of a text as UTF-8 bytes / 4. For English that is OpenAI's rule of four characters per token (help.openai.com,
 * "What are tokens"); other scripts have more bytes, and more tokens, per character.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(utf8Length(text) / 4);
}

/** Tokens for role and separators of a message (OpenAI cookbook, "How to count tokens with tiktoken"). */
const perMessage = 4;

/** Token counts by message, with the text they are for: a conversation is counted before every call. */
const counted = new WeakMap<BaseMessage, { readonly text: string; readonly tokens: number }>();

/** Estimates the tokens of one message in a conversation, with its tool calls; images and audio count 0. */
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

/** Estimates the tokens of messages; a single message has no separators. */
export function estimateMessages(messages: readonly BaseMessage[]): number {
  const sum = messages.reduce((sum, message) => sum + estimateMessage(message), 0);
  return Math.max(0, sum - perMessage);
}

function callTokens({ tool_calls: read = [], invalid_tool_calls: unread = [] }: Partial<AIMessage>): number {
  if (read.length + unread.length === 0) return 0;
  return estimateTokens([...read, ...unread].map(({ name, args }) => `${name}${JSON.stringify(args)}`).join(""));
}

/** Returns the cost of `usage` in USD; `null` if the price is unknown. Cached audio is billed as cached tokens. */
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

/** Sums the tokens of a run as LangChain's `usage_metadata`. */
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
