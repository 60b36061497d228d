import { randomUUID } from "node:crypto";
import type { AIMessage, AIMessageChunk, UsageMetadata } from "@langchain/core/messages";
import { isCutShort } from "../calls/answer.js";
import { finishReason } from "../calls/finish-reason.js";
import { writtenCalls } from "../calls/written-calls.js";
import { jsonIn } from "./json-text.js";
import { type OrchestrationContext, orchestrationOf } from "./orchestration.js";
import type { AnswerForm } from "./request/answer-form.js";

export interface ReplyHead {
  readonly id: string;
  /** Unix time in seconds. */
  readonly created: number;
  readonly model: string;
}

export interface ReplyContext extends OrchestrationContext {
  readonly form: AnswerForm | undefined;
}

/**
 * Converts an answer to a chat completion, with the run's decisions and cost in `orchestration`.
 *
 * @throws {RequestError} when the answer is not in the requested form
 */
export function completion(head: ReplyHead, message: AIMessage, context: ReplyContext) {
  const { content, calls } = contentOf(message, context.form);
  const refusal = refusalOf(message);
  const thought = thoughtOf(message);
  const orchestration = orchestrationOf(message, context);
  return {
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          ...{ role: "assistant", content, refusal },
          ...(thought === "" ? {} : { reasoning_content: thought }),
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        logprobs: null,
        finish_reason: reasonOf(message, calls.length > 0),
      },
    ],
    usage: usageOf(message.usage_metadata, orchestration),
    orchestration,
  };
}

function contentOf(message: AIMessage, form: AnswerForm | undefined) {
  const all = writtenCalls(message);
  const formed = form?.tool === undefined ? undefined : all.find(({ name }) => name === form.tool);
  const calls = all
    .filter(({ name }) => form?.tool === undefined || name !== form.tool)
    .map(({ id, name = "", args = "" }) => ({
      id: id || newCallId(),
      type: "function",
      function: { name, arguments: args },
    }));
  const { text } = message;
  if (refusalOf(message) !== null) return { content: null, calls };
  if (formed !== undefined) return { content: formed.args ?? "", calls };
  if (text === "" && calls.length > 0) return { content: null, calls };
  return { content: form === undefined ? text : jsonIn(text, form, isWhole(message, calls.length > 0)), calls };
}

/** Returns the refusal, from OpenAI's field for it. */
export function refusalOf({ additional_kwargs: { refusal } }: AIMessage | AIMessageChunk): string | null {
  return typeof refusal === "string" && refusal !== "" ? refusal : null;
}

/** Returns the model's reasoning, from its own field or from content blocks. */
export function thoughtOf({
  content,
  additional_kwargs: { reasoning_content: field },
}: AIMessage | AIMessageChunk): string {
  if (typeof field === "string" && field !== "") return field;
  if (typeof content === "string") return "";
  return content.map((block) => thoughtIn(block as Block)).join("");
}

interface Block {
  readonly type?: unknown;
  readonly thinking?: unknown;
  readonly reasoning?: unknown;
  readonly summary?: unknown;
}

function thoughtIn({ type, thinking, reasoning, summary }: Block): string {
  if (type !== "thinking" && type !== "reasoning") return "";
  const said = Array.isArray(summary)
    ? summary.map((part: { text?: unknown } | null) => part?.text)
    : [thinking, reasoning];
  return said.filter((text) => typeof text === "string").join("");
}

/** Returns true for a final answer, which must have the requested form: no tool calls, not cut off, refused or filtered. */
export function isWhole(message: AIMessage | AIMessageChunk, called: boolean): boolean {
  return !called && !isCutShort(message) && refusalOf(message) === null && finishReason(message) !== "content_filter";
}

export const newCallId = () => `call_${randomUUID()}`;

/** Returns OpenAI's finish reason; a tool call that was cut off counts as `length`. */
export function reasonOf(message: AIMessage | AIMessageChunk, called: boolean): string {
  if (finishReason(message) === "content_filter") return "content_filter";
  if (isCutShort(message)) return "length";
  return called ? "tool_calls" : "stop";
}

/** @param orchestration provides `cost`, OpenRouter's field that several clients read */
export function usageOf(usage: UsageMetadata | undefined, { costUsd }: { readonly costUsd: number | null }) {
  const { input_tokens = 0, output_tokens = 0, input_token_details, output_token_details } = usage ?? {};
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    total_tokens: input_tokens + output_tokens,
    prompt_tokens_details: { cached_tokens: input_token_details?.cache_read ?? 0 },
    completion_tokens_details: { reasoning_tokens: output_token_details?.reasoning ?? 0 },
    ...(costUsd === null ? {} : { cost: costUsd }),
  };
}
