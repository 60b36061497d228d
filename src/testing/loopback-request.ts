/** Wire format of a request; Azure OpenAI is `openai`. */
export type LoopbackProvider = "openai" | "google" | "anthropic" | "ollama";

/** Message of a request, normalized across providers. */
export interface LoopbackMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly text: string;
}

export interface BilledTokens {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** One received request; `aborted`, `billed` and `endedAt` change until it has ended. */
export interface LoopbackRequest {
  readonly provider: LoopbackProvider;
  /** Model id; for Azure the deployment. */
  readonly model: string;
  readonly messages: readonly LoopbackMessage[];
  readonly tools: readonly string[];
  /** Requested JSON schema, from `response_format` or `responseSchema`. */
  readonly responseSchema?: unknown;
  readonly body: Readonly<Record<string, unknown>>;
  /** Lower-case names; keys and tokens are `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Path and query; a `key` in it is `[redacted]`. */
  readonly path: string;
  /** Whether the client requested a stream. */
  readonly stream: boolean;
  /** Whether the client disconnected before the reply was complete. */
  readonly aborted: boolean;
  /**
   * Tokens a provider would bill: the whole of an answer, even of one nobody can use, and of a stream that broke the prompt and what
   * was sent of it. Absent for errors, and while nothing was sent.
   */
  readonly billed?: BilledTokens;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970; absent while the request is open. */
  readonly endedAt?: number;
}
