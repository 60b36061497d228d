import type { AnswerReply, ErrorReply, FaultReply, ReplyError, ReplyErrorKind } from "./reply.js";

/** Overrides of an error: status, code, message, headers, `retryAfter`, and `delayMs` before it is sent. */
export type FailureOptions = Omit<ReplyError, "kind"> & { readonly delayMs?: number };

const failure =
  (kind: ReplyErrorKind) =>
  ({ delayMs, ...error }: FailureOptions = {}): ErrorReply => ({
    error: { kind, ...error },
    ...(delayMs === undefined ? {} : { delayMs }),
  });

/**
 * Makes replies for provider failures, in the wire format of the requested provider.
 *
 * **When to use**: as a reply of `startLoopbackServer`, to test how your graph handles provider failures.
 *
 * **Gotchas**: providers differ. A bad key is 401 at OpenAI and 400 at Gemini; a blocked prompt is 400 at OpenAI and
 * a 200 without candidates at Gemini; Gemini's rate limit says "quota" and puts the wait into the body.
 * Set `maxRetries: 0` on the client, or its own retries consume the queued replies.
 *
 * @example
 * ```ts
 * import { ChatOpenAI } from "@langchain/openai";
 * import { failWith, startLoopbackServer } from "langgraph-multimodel/testing";
 *
 * const server = await startLoopbackServer();
 * server.reply("gpt-x", failWith.rateLimit({ retryAfter: "1" }), "Here I am.");
 *
 * const model = new ChatOpenAI({
 *   model: "gpt-x",
 *   apiKey: "none",
 *   maxRetries: 0,
 *   configuration: { baseURL: server.openaiUrl },
 * });
 * await model.invoke("Hello?").catch((error) => console.log(error.status)); // 429
 * console.log((await model.invoke("Hello?")).content); // Here I am.
 * await server.close();
 * ```
 */
export const failWith = {
  /** 429; `retryAfter` sets the wait. */
  rateLimit: failure("rate_limit"),
  /** 429 for an exhausted account, where waiting does not help. */
  quota: failure("quota"),
  /** Invalid key: 401, Gemini 400 `API_KEY_INVALID`. */
  authentication: failure("authentication"),
  /** 403: the key lacks permission. */
  permission: failure("permission"),
  /** The key may not use this one model: 403, Anthropic 404, Gemini 429 with a limit of 0. */
  modelPermission: failure("model_permission"),
  /** 400: the prompt exceeds the model's window. */
  contextOverflow: failure("context_overflow"),
  /** The prompt is blocked: 400 (`content_filter`), Gemini 200 with `promptFeedback.blockReason`. */
  contentFilter: failure("content_filter"),
  /** 404: unknown model. */
  unknownModel: failure("unknown_model"),
  /** 400: invalid parameter. */
  badRequest: failure("bad_request"),
  /** 500, or another 5xx with `status`. */
  server: failure("server"),

  /** The answer itself is blocked: finish reason `content_filter`, Anthropic `refusal`, Gemini `SAFETY` without content. */
  filteredAnswer: (options: Omit<AnswerReply, "finishReason"> = {}): AnswerReply => ({
    ...options,
    finishReason: "content_filter",
  }),
  /** The model refuses, with status 200. */
  refusal: (text = "I cannot help with that."): AnswerReply => ({ refusal: text }),
  /** 200 with thoughts and no answer. */
  thoughtsOnly: (thoughts = "Let me think about that."): AnswerReply => ({ thoughts }),
  /** The provider broke the answer off and says so in the finish reason, with status 200. */
  brokenOff: (options: Omit<AnswerReply, "finishReason"> = {}): AnswerReply => ({
    ...options,
    finishReason: "broken_off",
  }),
  /** 200 with neither text nor tool call. */
  empty: (): AnswerReply => ({ text: "" }),

  /** The connection is reset before the first byte. */
  reset: (): FaultReply => ({ fault: "reset" }),
  /** The reply never arrives; with `afterChunks`, the stream stalls after them. */
  hang: (options: Omit<FaultReply, "fault" | "clean" | "event"> = {}): FaultReply => ({ ...options, fault: "hang" }),
  /** The connection breaks in the middle of the answer. */
  cut: (options: Omit<FaultReply, "fault" | "event"> = {}): FaultReply => ({ ...options, fault: "cut" }),
  /** A stream that began with 200 ends with an error event; a plain call returns the error with status 200. */
  errorEvent: (options: Omit<FaultReply, "fault" | "clean"> = {}): FaultReply => ({ ...options, fault: "errorEvent" }),
  /** The answer never ends: a stream repeats itself, a plain call gets blank lines, one every `chunkDelayMs` (20). */
  endless: (options: Omit<FaultReply, "fault" | "clean" | "event" | "afterChunks"> = {}): FaultReply => ({
    ...options,
    fault: "endless",
  }),
  /** 200 with invalid JSON. */
  invalidJson: (options: Omit<FaultReply, "fault" | "clean" | "event"> = {}): FaultReply => ({
    ...options,
    fault: "invalidJson",
  }),
};
