/** The provider whose wire format a request spoke; Azure OpenAI is `openai`. */
export type LoopbackProvider = "openai" | "google";

/** A message of a request, the same for every provider. */
export interface LoopbackMessage {
  readonly role: "system" | "user" | "assistant" | "tool";
  readonly text: string;
}

/** One request the server got; it changes until it has ended. */
export interface LoopbackRequest {
  readonly provider: LoopbackProvider;
  /** The model id; for Azure the deployment. */
  readonly model: string;
  readonly messages: readonly LoopbackMessage[];
  /** Names of the tools offered. */
  readonly tools: readonly string[];
  /** The JSON schema asked for, from `response_format` or `responseSchema`. */
  readonly responseSchema?: unknown;
  /** The JSON body as it came. */
  readonly body: Readonly<Record<string, unknown>>;
  /** Lower-case names; keys and tokens are `[redacted]`. */
  readonly headers: Readonly<Record<string, string>>;
  /** Path and query; a `key` in it is `[redacted]`. */
  readonly path: string;
  /** Whether a stream was asked for. */
  readonly stream: boolean;
  /** Whether the client went away before the reply was complete. */
  readonly aborted: boolean;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** Milliseconds since 1970; absent while the request is open. */
  readonly endedAt?: number;
}
