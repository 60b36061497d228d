import { AIMessage, type BaseMessage, type UsageMetadata } from "@langchain/core/messages";
import type { ToolCall } from "@langchain/core/messages/tool";
import type { ErrorClass } from "../../errors/index.js";
import { usageOf } from "../../ledger/usage.js";
import { classifyError } from "../../resilience/classify-error.js";
import { redactError } from "../../secrets/redact.js";
import { contentText } from "../../text/content-text.js";
import type { RecordedAnswer } from "../recording.js";

/** A failed call, with what its class is read from. */
export interface RecordedFailure {
  readonly name: string;
  readonly class: ErrorClass;
  readonly status?: number;
  readonly code?: string;
  readonly retryAfterMs?: number;
}

/** An answer with all that a graph may read of it; fields that a plain answer lacks are left out. */
export interface RecordedCall extends RecordedAnswer {
  /** Content that is more than its text. */
  readonly content?: AIMessage["content"];
  readonly toolCalls?: readonly ToolCall[];
  /** Id of the model that answered, as the response names it. */
  readonly model?: string;
  readonly finishReason?: string;
  /** Usage beyond input and output tokens, as the client reported it. */
  readonly usageDetails?: UsageMetadata;
  /** Log-probabilities and other fields of the response that strategies read. */
  readonly logprobs?: unknown;
  /** Set if the answer came as a stream: ms to its first token. */
  readonly firstTokenMs?: number;
  readonly failure?: RecordedFailure;
}

interface Timing {
  readonly latencyMs: number;
  readonly firstTokenMs?: number | undefined;
}

/** Describes an answer for a line of a file. */
export function toRecordedCall(message: AIMessage, { latencyMs, firstTokenMs }: Timing): RecordedCall {
  const { content, tool_calls: calls = [], response_metadata: about = {}, usage_metadata: usage } = message;
  const tokens = usageOf(message);
  const plain = typeof content === "string";
  const {
    model_name: model,
    finish_reason,
    finishReason: reason = finish_reason,
    logprobs,
  } = about as {
    readonly [key: string]: unknown;
  };
  const isDetailed = usage?.input_token_details !== undefined || usage?.output_token_details !== undefined;
  return {
    text: plain ? content : contentText(message),
    ...(!plain && { content }),
    ...(calls.length > 0 && { toolCalls: calls.map(({ name, args, id }) => ({ name, args, ...(id && { id }) })) }),
    ...(typeof model === "string" && { model }),
    ...(typeof reason === "string" && { finishReason: reason }),
    ...(tokens && { usage: { inputTokens: tokens.inputTokens, outputTokens: tokens.outputTokens } }),
    ...(usage && isDetailed && { usageDetails: usage }),
    ...(logprobs != null && { logprobs }),
    latencyMs: Math.round(latencyMs),
    ...(firstTokenMs !== undefined && { firstTokenMs: Math.round(firstTokenMs) }),
  };
}

/** Describes a failed call, with the part of the answer that had come. */
export function toRecordedFailure(error: unknown, timing: Timing, text = ""): RecordedCall {
  const { class: kind, status, retryAfterMs } = classifyError(error);
  const { name, code } = Object(error) as { readonly name?: unknown; readonly code?: unknown };
  return {
    text,
    ...{ latencyMs: Math.round(timing.latencyMs) },
    ...(timing.firstTokenMs !== undefined && { firstTokenMs: Math.round(timing.firstTokenMs) }),
    error: redactError(error),
    failure: {
      name: typeof name === "string" ? name : "Error",
      class: kind,
      ...(status !== undefined && { status }),
      ...(typeof code === "string" && { code }),
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    },
  };
}

/** Makes the answer that was recorded. */
export function toAnswer(call: RecordedCall): AIMessage {
  const { text, content = text, toolCalls = [], model, finishReason, usage, usageDetails, logprobs } = call;
  const counted = usage && {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
  const reported = usageDetails ?? counted;
  return new AIMessage({
    content,
    tool_calls: toolCalls.map((each) => ({ ...each, type: "tool_call" as const })),
    response_metadata: {
      ...(model !== undefined && { model_name: model }),
      finish_reason: finishReason ?? (toolCalls.length > 0 ? "tool_calls" : "stop"),
      ...(logprobs != null && { logprobs }),
    },
    ...(reported && { usage_metadata: reported }),
  });
}

/** Makes the error that was recorded: of the same class, whatever the client's own class was. */
export function toError({ error = "the recorded call failed", failure }: RecordedCall): Error {
  const { name = "Error", class: kind, status, code, retryAfterMs } = failure ?? { class: undefined };
  const headers = retryAfterMs === undefined ? {} : { headers: { "retry-after-ms": String(retryAfterMs) } };
  const made = Object.assign(new Error(error), { name }, status && { status }, code && { code }, headers);
  if (kind === undefined || classifyError(made).class === kind) return made;
  const known = statusOf[kind];
  return known === undefined ? made : Object.assign(new Error(`${kind}: ${error}`), { name, ...known });
}

/** Fields that give an error its class where the recorded text, which is redacted and cut, no longer does. */
const statusOf: Readonly<Partial<Record<ErrorClass, object>>> = {
  rate_limit: { status: 429 },
  quota: { status: 429, code: "insufficient_quota" },
  timeout: { name: "TimeoutError", status: 408 },
  network: { code: "ECONNRESET" },
  server: { status: 500 },
  authentication: { status: 401 },
  invalid_request: { status: 400 },
  context_overflow: { status: 400, code: "context_length_exceeded" },
  refusal: { status: 400, code: "content_filter" },
  model_unavailable: { status: 404, code: "model_not_found" },
};

/** Copies messages as files have them: role, content and what belongs to tools. */
export function plainMessages(messages: readonly BaseMessage[]): object[] {
  return messages.map((message) => {
    const { type, content, name } = message;
    const { tool_calls: calls, tool_call_id, status } = message as BaseMessage & Partial<Record<string, unknown>>;
    const role = roles[type] ?? type;
    return {
      ...{ role, content },
      ...(name !== undefined && { name }),
      ...(Array.isArray(calls) && calls.length > 0 && { tool_calls: calls }),
      ...(tool_call_id !== undefined && { tool_call_id }),
      ...(status === "error" && { status }),
    };
  });
}

const roles: Readonly<Record<string, string>> = { human: "user", ai: "assistant" };
