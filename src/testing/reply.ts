import type { LoopbackRequest } from "./loopback-request.js";

/**
 * Reply to one request: a string is a text answer, `error` an HTTP error in the provider's shape, `fault` a broken connection.
 */
export type Reply = string | AnswerReply | ErrorReply | FaultReply;

/** A reply, or a function that returns it for a request. */
export type ReplySource = Reply | ((request: LoopbackRequest) => Reply | Promise<Reply>);

/** Timing and size of the parts of a reply; all times in milliseconds. */
export interface ReplyPace {
  /** Delay of the first byte. @default 0 */
  readonly delayMs?: number;
  /** Delay between the headers and the first content of a stream, or the body of a plain call. @default 0 */
  readonly firstTokenDelayMs?: number;
  /** Delay between two pieces of a stream. @default 0 */
  readonly chunkDelayMs?: number;
  /** Number of pieces of a streamed text, at most one per character. @default 4 */
  readonly chunks?: number;
  /** Extra response headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ReplyToolCall {
  readonly name: string;
  /** A string is sent verbatim, valid or not (OpenAI, streams of Anthropic; the others send objects only). */
  readonly args: Readonly<Record<string, unknown>> | string;
  /** @default a numbered id for OpenAI; Gemini sends no id, so its client generates one */
  readonly id?: string;
}

/** Billed tokens: `inputTokens` includes cached ones, `outputTokens` includes reasoning. */
export interface ReplyUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** @default 0 */
  readonly cachedTokens?: number;
  /** @default 0 */
  readonly reasoningTokens?: number;
  /** Audio tokens of the input; reported by OpenAI. @default 0 */
  readonly audioInputTokens?: number;
  /** Audio tokens of the output; reported by OpenAI. @default 0 */
  readonly audioOutputTokens?: number;
}

/** A token with its natural-log probability and, optionally, alternatives. */
export interface ReplyLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly top?: readonly { readonly token: string; readonly logprob: number }[];
}

/**
 * Finish reason in OpenAI's words; other providers get their own (`SAFETY`, `end_turn`). `broken_off` is `error`, which gateways and
 * servers of open models send; Gemini's `OTHER`.
 */
export type ReplyFinishReason = "stop" | "length" | "tool_calls" | "content_filter" | "malformed_call" | "broken_off";

/** Deviations of OpenAI-compatible servers in streams: missing fields, `null` or `""`. */
export interface ReplyDeltas {
  /** Role in the first delta and in later ones. @default ["assistant", "absent"] */
  readonly role?: readonly ["assistant" | "absent" | null | "", "assistant" | "absent" | null | ""];
  /** Id and name in later parts of a tool call. @default "absent" */
  readonly id?: "absent" | null | "";
}

/** An answer with text, thoughts, tool calls or a refusal. */
export interface AnswerReply extends ReplyPace {
  /** @default "" */
  readonly text?: string;
  /** What the model thought before: `reasoning_content` (DeepSeek), parts with `thought`, thinking blocks, `thinking` (Ollama). */
  readonly thoughts?: string;
  readonly toolCalls?: readonly ReplyToolCall[];
  /** Refusal, in OpenAI's field for it and with Anthropic's stop reason; text for the others. */
  readonly refusal?: string;
  /** @default "tool_calls" with tool calls, else "stop" */
  readonly finishReason?: ReplyFinishReason;
  /** Usage to report; `null` reports no usage. @default characters / 4 */
  readonly usage?: Partial<ReplyUsage> | null;
  /**
   * Sent only when the request enables log-probabilities (OpenAI).
   * @default one token per piece, each with -0.1
   */
  readonly logprobs?: readonly ReplyLogprob[];
  /** For OpenAI streams. @default as OpenAI's own API */
  readonly deltas?: ReplyDeltas;
  /** @default the requested model */
  readonly servedModel?: string;
  readonly error?: never;
  readonly fault?: never;
}

export type ReplyErrorKind =
  | "rate_limit"
  | "quota"
  | "authentication"
  | "permission"
  | "model_permission"
  | "context_overflow"
  | "content_filter"
  | "unknown_model"
  | "bad_request"
  | "server";

/** An error; `kind` provides defaults in the provider's wording. */
export interface ReplyError {
  /** @default derived from `status`, else "server" */
  readonly kind?: ReplyErrorKind;
  /** HTTP status. */
  readonly status?: number;
  /** OpenAI's `code`, Gemini's `status` (`RESOURCE_EXHAUSTED`); the others have none. */
  readonly code?: string;
  /** `type` of OpenAI and Anthropic; the others have none. */
  readonly type?: string;
  readonly message?: string;
  /** Seconds or an HTTP date; sent as `Retry-After` header, by Gemini as `RetryInfo` in the body. */
  readonly retryAfter?: string;
  /** Extra response headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

export interface ErrorReply {
  readonly error: ReplyError;
  /** @default 0 */
  readonly delayMs?: number;
  readonly fault?: never;
}

export type ReplyFault = "hang" | "reset" | "cut" | "errorEvent" | "invalidJson" | "endless";

/** A connection that breaks before or during the answer. */
export interface FaultReply extends ReplyPace {
  readonly fault: ReplyFault;
  /**
   * Pieces a stream delivers first. Without it, `hang` sends nothing, not even headers.
   * @default 1 for "cut" and "errorEvent", 0 for "invalidJson"
   */
  readonly afterChunks?: number;
  /** The interrupted answer; for "invalidJson" of a plain call, the body itself. */
  readonly text?: string;
  /**
   * "cut" only: ends the body cleanly but without finish reason, like a proxy that lost its upstream.
   * @default false
   */
  readonly clean?: boolean;
  /** "errorEvent" only: the error to send after status 200. */
  readonly event?: ReplyError;
  readonly error?: never;
}
