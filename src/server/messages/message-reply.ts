import type { AIMessage, AIMessageChunk, UsageMetadata } from "@langchain/core/messages";
import { endingOf, finishReason } from "../../calls/finish-reason.js";
import type { Ending } from "../answer/endings.js";
import type { Thought } from "../answer/thoughts.js";
import { wholeAnswer } from "../answer/whole-answer.js";
import { orchestrationOf } from "../orchestration.js";
import type { ReplyContext, ReplyHead } from "../protocol.js";

/**
 * Converts an answer to a message of Anthropic's API.
 *
 * @throws {RequestError} when the answer is not in the requested form
 */
export function messageReply({ id, model }: ReplyHead, message: AIMessage, context: ReplyContext) {
  const { thoughts, text, refusal, calls, ending } = wholeAnswer(message, context.form);
  const said = refusal ?? text;
  return {
    ...{ id, type: "message", role: "assistant", model },
    content: [
      ...thoughts.map(thinkingBlock),
      ...(said ? [{ type: "text", text: said }] : []),
      ...calls.map(({ id, name, args }) => ({ type: "tool_use", id, name, input: inputOf(args) })),
    ],
    ...stopOf(message, ending, refusal),
    usage: messageUsage(message.usage_metadata),
    orchestration: orchestrationOf(message, context),
  };
}

/** Writes a thought; one without a signature has an empty one, as clients expect the field. */
export function thinkingBlock({ text, signature = "", redacted }: Thought): object {
  return redacted === undefined
    ? { type: "thinking", thinking: text, signature }
    : { type: "redacted_thinking", data: redacted };
}

/** Parses the arguments of a call; those that are no object are kept as text. */
function inputOf(args: string): object {
  try {
    const value: unknown = JSON.parse(args || "{}");
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  } catch {}
  return { invalid_json: args };
}

/** Returns Anthropic's stop reason. */
export function stopOf(message: AIMessage | AIMessageChunk | undefined, ending: Ending, refusal: string | null) {
  const { stop_sequence = null } = (message?.response_metadata ?? {}) as { readonly stop_sequence?: string | null };
  const reason = message && finishReason(message);
  const full = message && endingOf(message) === "window_limit" ? "model_context_window_exceeded" : "max_tokens";
  const usual = {
    content_filter: "refusal",
    length: full,
    tool_calls: "tool_use",
    stop: refusal === null ? (reason === "stop_sequence" ? reason : "end_turn") : "refusal",
  };
  const stop_reason = usual[ending];
  return { stop_reason, stop_sequence: stop_reason === "stop_sequence" ? stop_sequence : null };
}

/** Returns the usage of the run; `input_tokens` excludes those of the prompt cache, as Anthropic counts. */
export function messageUsage(usage: UsageMetadata | undefined) {
  const { input_tokens = 0, output_tokens = 0, input_token_details: details } = usage ?? {};
  const { cache_read = 0, cache_creation = 0 } = details ?? {};
  return {
    input_tokens: Math.max(0, input_tokens - cache_read - cache_creation),
    cache_creation_input_tokens: cache_creation,
    cache_read_input_tokens: cache_read,
    output_tokens,
  };
}
