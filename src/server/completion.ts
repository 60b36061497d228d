import type { AIMessage, AIMessageChunk, UsageMetadata } from "@langchain/core/messages";
import { finishReason } from "../models/answer.js";

/** What all parts of one answer have in common. */
export interface Head {
  readonly id: string;
  /** Unix time, seconds. */
  readonly created: number;
  /** The name that was asked for. */
  readonly model: string;
}

/** A form the answer must have: what the tool of that name is called with is the answer. */
export type Form = string | undefined;

/** A whole answer as OpenAI's API gives it, with what the run decided and cost beside it. */
export function completion(head: Head, message: AIMessage, form: Form) {
  const { calls, content } = contentOf(message, form);
  return {
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content,
          refusal: null,
          ...(calls.length > 0 ? { tool_calls: calls } : {}),
        },
        logprobs: null,
        finish_reason: reasonOf(message, calls.length > 0),
      },
    ],
    usage: usageOf(message.usage_metadata),
    orchestration: message.response_metadata.orchestration,
  };
}

/** Writes an answer that streams, chunk by chunk. */
export function chunkWriter(head: Head, form: Form, includeUsage: boolean) {
  let whole: AIMessageChunk | undefined;
  const chunk = (delta: object, finish: string | null = null, more: object = {}) => ({
    ...head,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(includeUsage ? { usage: null } : {}),
    ...more,
  });
  return {
    begin: () => [chunk({ role: "assistant", content: "" })],
    next(part: AIMessageChunk): object[] {
      whole = whole === undefined ? part : whole.concat(part);
      const calls = (part.tool_call_chunks ?? []).map(({ index = 0, id, name, args = "" }) => ({
        index,
        ...(id === undefined ? {} : { id, type: "function" }),
        function: { ...(name === undefined ? {} : { name }), arguments: args },
      }));
      const text = form === undefined ? part.text : part.text + calls.map((call) => call.function.arguments).join("");
      return [
        ...(text === "" ? [] : [chunk({ content: text })]),
        ...(form === undefined && calls.length > 0 ? [chunk({ tool_calls: calls })] : []),
      ];
    },
    end(): object[] {
      const called = form === undefined && (whole?.tool_calls?.length ?? 0) > 0;
      const orchestration = whole?.response_metadata.orchestration;
      const last = chunk({}, whole === undefined ? "stop" : reasonOf(whole, called), { orchestration });
      if (!includeUsage) return [last];
      return [last, { ...head, object: "chat.completion.chunk", choices: [], usage: usageOf(whole?.usage_metadata) }];
    },
  };
}

function contentOf({ text, tool_calls = [] }: AIMessage, form: Form) {
  const formed = tool_calls.find(({ name }) => name === form);
  if (formed !== undefined) return { content: JSON.stringify(formed.args), calls: [] };
  const calls = tool_calls.map(({ id = "", name, args }) => {
    return { id, type: "function", function: { name, arguments: JSON.stringify(args) } };
  });
  return { content: text === "" && calls.length > 0 ? null : text, calls };
}

/** OpenAI's words for why an answer ended. */
function reasonOf(message: AIMessage | AIMessageChunk, called: boolean): string {
  if (called) return "tool_calls";
  return /^(length|max_?tokens|max_output_tokens)$/i.test(finishReason(message) ?? "") ? "length" : "stop";
}

function usageOf(usage: UsageMetadata | undefined) {
  const { input_tokens = 0, output_tokens = 0, input_token_details, output_token_details } = usage ?? {};
  return {
    prompt_tokens: input_tokens,
    completion_tokens: output_tokens,
    total_tokens: input_tokens + output_tokens,
    prompt_tokens_details: { cached_tokens: input_token_details?.cache_read ?? 0 },
    completion_tokens_details: { reasoning_tokens: output_token_details?.reasoning ?? 0 },
  };
}
