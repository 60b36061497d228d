import type { AIMessage, UsageMetadata } from "@langchain/core/messages";
import { thoughtText } from "../answer/thoughts.js";
import { wholeAnswer } from "../answer/whole-answer.js";
import { orchestrationOf } from "../orchestration.js";
import type { ReplyContext, ReplyHead } from "../protocol.js";

/**
 * Converts an answer to a chat completion, with the run's decisions and cost in `orchestration`.
 *
 * @throws {RequestError} when the answer is not in the requested form
 */
export function completion(head: ReplyHead, message: AIMessage, context: ReplyContext) {
  const { text: content, refusal, thoughts, calls, ending } = wholeAnswer(message, context.form);
  const thought = thoughtText(thoughts);
  const orchestration = orchestrationOf(message, context);
  const tool_calls = calls.map(({ id, name, args }) => ({ id, type: "function", function: { name, arguments: args } }));
  return {
    ...head,
    object: "chat.completion",
    choices: [
      {
        index: 0,
        message: {
          ...{ role: "assistant", content, refusal },
          ...(thought === "" ? {} : { reasoning_content: thought }),
          ...(calls.length > 0 ? { tool_calls } : {}),
        },
        logprobs: null,
        finish_reason: ending,
      },
    ],
    usage: usageOf(message.usage_metadata, orchestration),
    orchestration,
  };
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
