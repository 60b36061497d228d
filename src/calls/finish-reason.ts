import type { AIMessage } from "@langchain/core/messages";

/**
 * Abnormal ends of an answer: the token limit or the context window was reached, a filter or the model refused, or the provider broke
 * off, which makes even a partial text no answer.
 */
export type Ending = "token_limit" | "window_limit" | "refused" | "broken_off";

/** Finish reasons of providers and servers, in lower case. Others (`stop`, `end_turn`, `tool_calls`, `eos`) are normal ends. */
const reasons: Readonly<Record<Ending, readonly string[]>> = {
  token_limit: [
    "length", // OpenAI, Ollama, vLLM, TGI, llama.cpp
    ...["max_tokens", "maxtokens"], // Anthropic, Gemini, Bedrock, Cohere
    "max_output_tokens", // OpenAI's Responses
    "token_limit", // watsonx.ai (cloud.ibm.com/apidocs/watsonx-ai, "stop_reason")
  ],
  window_limit: [
    "model_context_window_exceeded", // Anthropic (docs.anthropic.com, "Handling stop reasons"), Bedrock, GLM
    "model_length", // Mistral (docs.mistral.ai, "Chat completion")
    "error_limit", // Cohere (docs.cohere.com, "Chat")
  ],
  refused: [
    "content_filter", // OpenAI, Azure, DeepSeek
    "refusal", // Anthropic
    ...["safety", "prohibited_content", "blocklist", "recitation", "spii", "language", "model_armor", "escalation"], // Gemini (ai.google.dev, "FinishReason")
    ...["image_safety", "image_prohibited_content", "image_recitation"], // Gemini
    ...["guardrail_intervened", "content_filtered"], // Bedrock (docs.aws.amazon.com, "API_runtime_Converse", stopReason)
    "sensitive", // GLM (docs.bigmodel.cn, "finish_reason")
    "error_toxic", // Cohere
  ],
  broken_off: [
    "error", // OpenRouter (openrouter.ai/docs, "Errors"), vLLM, Mistral, Cohere, watsonx.ai
    ...["abort", "aborted"], // SGLang, vLLM (github.com/vllm-project/vllm/issues/57082: the stream ends with [DONE] all the same)
    ...["cancelled", "canceled", "user_cancel"], // OpenAI's Responses, watsonx.ai, Cohere
    ...["failed", "incomplete"], // OpenAI's Responses without details
    "insufficient_system_resource", // DeepSeek (api-docs.deepseek.com, "Create chat completion")
    ...["network_error", "internal_error", "server_error", "engine_error"], // GLM, and servers of OpenAI's format
    ...["timeout", "time_limit"], // Cohere, watsonx.ai
    ...["malformed_function_call", "malformed_response", "unexpected_tool_call", "too_many_tool_calls"], // Gemini
    ...["missing_thought_signature", "other", "image_other", "no_image"], // Gemini
    ...["malformed_model_output", "malformed_tool_use"], // Bedrock
  ],
};

const endings: ReadonlyMap<string, Ending> = new Map(
  Object.entries(reasons).flatMap(([ending, words]) => words.map((word) => [word, ending as Ending] as const)),
);

/** Returns the provider's finish reason. */
export function finishReason(message: Pick<AIMessage, "response_metadata" | "additional_kwargs">): string | undefined {
  const { response_metadata: metadata = {}, additional_kwargs: others = {} } = message;
  const { incomplete_details, messageStop } = metadata as Readonly<Record<string, Record<string, unknown> | undefined>>;
  const said = [
    ...[metadata.finish_reason, metadata.finishReason, metadata.stop_reason, metadata.stopReason],
    ...[messageStop?.stopReason, metadata.done_reason], // Bedrock's streams, Ollama
    ...[incomplete_details?.reason, metadata.status], // OpenAI's Responses
    others.stop_reason, // Anthropic's streams
  ];
  const reason = said.find((value): value is string => typeof value === "string" && value !== "");
  return reason === undefined ? undefined : withoutRepeats(reason);
}

/** Classifies the finish reason; `undefined` for a normal end. */
export function endingOf(message: Pick<AIMessage, "response_metadata" | "additional_kwargs">): Ending | undefined {
  if (message.additional_kwargs?.provider_error !== undefined) return "broken_off";
  const reason = finishReason(message) ?? "";
  const said = reason.split(":").at(-1)!.trim(); // Gemini behind OpenAI's format: "function_call_filter: MALFORMED_FUNCTION_CALL"
  const word = said
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  return endings.get(word) ?? parts.find(([, part]) => part.test(word))?.[0];
}

/** Parts of reasons that no list has: `provider_error`, `cancel`, `content_policy`. */
const parts: readonly (readonly [Ending, RegExp])[] = [
  ["refused", /(^|_)(safety|moderation|policy|guardrails?|content_filter\w*)(_|$)/],
  [
    "broken_off",
    /(^|_)(errors?|abort(ed)?|cancel(l?ed)?|interrupt(ed)?|disconnect(ed)?|fail(ed|ure)?|timeout|timed_out|overload(ed)?|preempt(ed)?|evicted|killed|crash(ed)?|unavailable|malformed|rate_limit(ed)?|out_of_memory|oom)(_|$)/,
  ],
];

/** Removes repetitions of a reason, which arise when several chunks of a stream contain it. */
function withoutRepeats(reason: string): string {
  return /^(.{2,60}?)\1+$/.exec(reason.slice(0, 500))?.[1] ?? reason;
}
