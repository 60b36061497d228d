import type { AnswerReply, ErrorReply, FaultReply, ReplyError, ReplyErrorKind } from "./reply.js";

/** Overrides of an error: status, code, words, headers, `retryAfter`, and `delayMs` before it is sent. */
export type FailureOptions = Omit<ReplyError, "kind"> & { readonly delayMs?: number };

const failure =
  (kind: ReplyErrorKind) =>
  ({ delayMs, ...error }: FailureOptions = {}): ErrorReply => ({
    error: { kind, ...error },
    ...(delayMs === undefined ? {} : { delayMs }),
  });

/**
 * Replies for everything that goes wrong, each written in the wire format of the provider that is asked.
 *
 * **When to use**: as a reply of `startLoopbackServer`, to see what your graph does when a provider fails.
 *
 * **Gotchas**: providers disagree. A bad key is 401 at OpenAI and 400 at Gemini; a blocked prompt is 400 at OpenAI and
 * a 200 without candidates at Gemini; a rate limit of Gemini talks of "quota" and puts the wait into the body.
 * Set `maxRetries: 0` on the client, or its own retries eat the replies that follow.
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
  /** 429, with `retryAfter` a wait that is worth it. */
  rateLimit: failure("rate_limit"),
  /** 429 that no wait cures: the account is used up. */
  quota: failure("quota"),
  /** A key that is not valid: 401, Gemini 400 `API_KEY_INVALID`. */
  authentication: failure("authentication"),
  /** 403: the key is valid and may not do this. */
  permission: failure("permission"),
  /** 400: the prompt is longer than the model's window. */
  contextOverflow: failure("context_overflow"),
  /** The prompt is blocked: 400 `content_filter`, Gemini 200 with `promptFeedback.blockReason`. */
  contentFilter: failure("content_filter"),
  /** 404: no such model. */
  unknownModel: failure("unknown_model"),
  /** 400: a parameter is wrong. */
  badRequest: failure("bad_request"),
  /** 500, or another 5xx with `status`. */
  server: failure("server"),

  /** The answer itself is blocked: finish reason `content_filter`, Gemini `SAFETY` without content. */
  filteredAnswer: (options: Omit<AnswerReply, "finishReason"> = {}): AnswerReply => ({
    ...options,
    finishReason: "content_filter",
  }),
  /** The model declines, politely and with 200. */
  refusal: (text = "I cannot help with that."): AnswerReply => ({ refusal: text }),
  /** 200 with neither text nor tool call. */
  empty: (): AnswerReply => ({ text: "" }),

  /** The connection is reset before a byte came. */
  reset: (): FaultReply => ({ fault: "reset" }),
  /** Nothing ever comes, or with `afterChunks` the stream stalls there. */
  hang: (options: Omit<FaultReply, "fault" | "clean" | "event"> = {}): FaultReply => ({ ...options, fault: "hang" }),
  /** The connection is lost in the middle of the answer. */
  cut: (options: Omit<FaultReply, "fault" | "event"> = {}): FaultReply => ({ ...options, fault: "cut" }),
  /** A stream that began with 200 ends with an error; a plain call gets the error as body of a 200. */
  errorEvent: (options: Omit<FaultReply, "fault" | "clean"> = {}): FaultReply => ({ ...options, fault: "errorEvent" }),
  /** 200 with something that is not JSON. */
  invalidJson: (options: Omit<FaultReply, "fault" | "clean" | "event"> = {}): FaultReply => ({
    ...options,
    fault: "invalidJson",
  }),
};
