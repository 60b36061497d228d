import type { LoopbackRequest } from "./loopback-request.js";

/**
 * What the server says to one request: a string is a text answer, `error` an HTTP error in the provider's own shape,
 * `fault` a connection that breaks.
 */
export type Reply = string | AnswerReply | ErrorReply | FaultReply;

/** A reply, or a function that makes one from the request it answers. */
export type ReplySource = Reply | ((request: LoopbackRequest) => Reply | Promise<Reply>);

/** When the bytes of a reply leave; all times in milliseconds. */
export interface ReplyPace {
  /**
   * Wait before the first byte.
   * @default 0
   */
  readonly delayMs?: number;
  /**
   * Wait between the headers and the first content of a stream; a plain call waits as long before its body.
   * @default 0
   */
  readonly firstTokenDelayMs?: number;
  /**
   * Wait between two pieces of a stream.
   * @default 0
   */
  readonly chunkDelayMs?: number;
  /**
   * Number of pieces a streamed text is cut into, at most one a character.
   * @default 4
   */
  readonly chunks?: number;
  /** Extra response headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** A call of a tool, as the model asks for it. */
export interface ReplyToolCall {
  readonly name: string;
  /** A text is sent as it is, whatever it is (OpenAI; Gemini sends objects only). */
  readonly args: Readonly<Record<string, unknown>> | string;
  /**
   * The call's id.
   * @default a numbered one for OpenAI, none for Gemini (its client then makes one up)
   */
  readonly id?: string;
}

/** Tokens as the bill counts them: `inputTokens` holds the cached ones, `outputTokens` the reasoning ones. */
export interface ReplyUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** @default 0 */
  readonly cachedTokens?: number;
  /** @default 0 */
  readonly reasoningTokens?: number;
  /** Of the input, those of audio; OpenAI reports them. @default 0 */
  readonly audioInputTokens?: number;
  /** Of the output, those of audio; OpenAI reports them. @default 0 */
  readonly audioOutputTokens?: number;
}

/** A token with its natural-log probability and, if wanted, its rivals. */
export interface ReplyLogprob {
  readonly token: string;
  readonly logprob: number;
  readonly top?: readonly { readonly token: string; readonly logprob: number }[];
}

/** Why an answer ended, in OpenAI's words; Gemini gets its own (`STOP`, `MAX_TOKENS`, `SAFETY`). */
export type ReplyFinishReason = "stop" | "length" | "tool_calls" | "content_filter";

/** What servers that speak OpenAI's format stream otherwise than OpenAI: fields left out, `null` or `""`. */
export interface ReplyDeltas {
  /**
   * Role of the first delta, and of those that follow.
   * @default ["assistant", "absent"]
   */
  readonly role?: readonly ["assistant" | "absent" | null | "", "assistant" | "absent" | null | ""];
  /**
   * Id and name in the parts of a tool call after its first one.
   * @default "absent"
   */
  readonly id?: "absent" | null | "";
}

/** An answer with text, tool calls or a refusal. */
export interface AnswerReply extends ReplyPace {
  /** @default "" */
  readonly text?: string;
  readonly toolCalls?: readonly ReplyToolCall[];
  /** OpenAI's own field for it; Gemini has none and says it as text. */
  readonly refusal?: string;
  /** @default "tool_calls" with tool calls, else "stop" */
  readonly finishReason?: ReplyFinishReason;
  /**
   * Numbers to report instead of the estimate; `null` reports no usage at all.
   * @default characters / 4
   */
  readonly usage?: Partial<ReplyUsage> | null;
  /**
   * Sent only when the request asks for them (OpenAI).
   * @default one token a piece, each with -0.1
   */
  readonly logprobs?: readonly ReplyLogprob[];
  /** Streams of OpenAI only. @default as OpenAI */
  readonly deltas?: ReplyDeltas;
  /** @default the model that was asked */
  readonly servedModel?: string;
  readonly error?: never;
  readonly fault?: never;
}

/** What went wrong, apart from how a provider writes it. */
export type ReplyErrorKind =
  | "rate_limit"
  | "quota"
  | "authentication"
  | "permission"
  | "context_overflow"
  | "content_filter"
  | "unknown_model"
  | "bad_request"
  | "server";

/** An error; `kind` fills in what is left out, in the words of the provider that is asked. */
export interface ReplyError {
  /** @default what the status stands for, else "server" */
  readonly kind?: ReplyErrorKind;
  /** HTTP status. */
  readonly status?: number;
  /** OpenAI's `code`, Gemini's `status` (`RESOURCE_EXHAUSTED`). */
  readonly code?: string;
  /** OpenAI's `type`; Gemini has none. */
  readonly type?: string;
  readonly message?: string;
  /** Seconds or an HTTP date: OpenAI's `Retry-After` header, `RetryInfo` in the body of Gemini's. */
  readonly retryAfter?: string;
  /** Extra response headers. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** An HTTP error instead of an answer. */
export interface ErrorReply {
  readonly error: ReplyError;
  /** @default 0 */
  readonly delayMs?: number;
  readonly fault?: never;
}

/** How a connection breaks. */
export type ReplyFault = "hang" | "reset" | "cut" | "errorEvent" | "invalidJson";

/** A connection that breaks, before the answer or after some pieces of it. */
export interface FaultReply extends ReplyPace {
  readonly fault: ReplyFault;
  /**
   * Pieces a stream delivers first. A `hang` without it sends nothing, not even headers.
   * @default 1 for "cut" and "errorEvent", 0 for "invalidJson"
   */
  readonly afterChunks?: number;
  /** The answer that is broken off; for "invalidJson" of a plain call, the body itself. */
  readonly text?: string;
  /**
   * "cut" only: end the body politely, without finish reason, as a proxy does that lost its upstream.
   * @default false
   */
  readonly clean?: boolean;
  /** "errorEvent" only: the error inside the 200. */
  readonly event?: ReplyError;
  readonly error?: never;
}
