import { randomUUID } from "node:crypto";
import type { AIMessage, AIMessageChunk, UsageMetadata } from "@langchain/core/messages";
import { finishReason } from "../models/answer.js";
import { type AnswerForm, unwrapped } from "./answer-form.js";
import { orchestrationOf } from "./orchestration.js";

/** What all parts of one reply have in common. */
export interface Head {
  readonly id: string;
  /** Unix time, seconds. */
  readonly created: number;
  /** The name that was asked for. */
  readonly model: string;
}

/** What the answer was asked for with. */
export interface Asked {
  readonly form: AnswerForm | undefined;
  /** Fields of the request that had no effect. */
  readonly ignored: readonly string[];
}

/** A whole answer as OpenAI's API gives it, with what the run decided and cost beside it. */
export function completion(head: Head, message: AIMessage, { form, ignored }: Asked) {
  const { content, calls } = contentOf(message, form);
  return {
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: { role: "assistant", content, refusal: null, ...(calls.length > 0 ? { tool_calls: calls } : {}) },
        logprobs: null,
        finish_reason: reasonOf(message, calls.length > 0),
      },
    ],
    usage: usageOf(message.usage_metadata),
    orchestration: orchestrationOf(message, ignored),
  };
}

function contentOf({ text, tool_calls = [], invalid_tool_calls = [] }: AIMessage, form: AnswerForm | undefined) {
  const all = [
    ...tool_calls.map(({ args, ...call }) => ({ ...call, args: JSON.stringify(args) })),
    ...invalid_tool_calls, // as the model wrote them: the caller's own client says what is wrong
  ];
  const formed = form?.tool === undefined ? undefined : all.find(({ name }) => name === form.tool);
  const calls = all
    .filter(({ name }) => form?.tool === undefined || name !== form.tool)
    .map(({ id = newCallId(), name = "", args = "" }) => ({
      id,
      type: "function",
      function: { name, arguments: args },
    }));
  if (formed !== undefined) return { content: formed.args ?? "", calls };
  if (text === "" && calls.length > 0) return { content: null, calls };
  return { content: form === undefined ? text : unwrapped(text), calls };
}

export const newCallId = () => `call_${randomUUID()}`;

/** OpenAI's words for why an answer ended. */
export function reasonOf(message: AIMessage | AIMessageChunk, called: boolean): string {
  if (called) return "tool_calls";
  return /^(length|max_?tokens|max_output_tokens)$/i.test(finishReason(message) ?? "") ? "length" : "stop";
}

export function usageOf(usage: UsageMetadata | undefined) {
  const { input_tokens = 0, output_tokens = 0, input_token_details, output_token_details } = usage ?? {};
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    total_tokens: input_tokens + output_tokens,
    prompt_tokens_details: { cached_tokens: input_token_details?.cache_read ?? 0 },
    completion_tokens_details: { reasoning_tokens: output_token_details?.reasoning ?? 0 },
  };
}
