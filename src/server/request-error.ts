import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";
import {
  AllModelsFailedError,
  AnswerDiscardedError,
  type ErrorClass,
  InvalidInputError,
  ModelCallError,
  NoRouteError,
  QuorumNotReachedError,
} from "../errors.js";
import { redactError } from "../tracing/redact.js";

/** An error in the shape OpenAI's API gives it. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

/** An error with the HTTP status it is answered with. */
export interface ErrorReply {
  readonly status: ContentfulStatusCode;
  readonly body: ErrorBody;
}

interface ErrorFields {
  readonly type?: string;
  readonly param?: string;
  readonly code?: string;
}

/** An error reply; its type follows from the status unless said otherwise. */
export function errorReply(status: ContentfulStatusCode, message: string, fields: ErrorFields = {}): ErrorReply {
  const { type = status < 500 ? "invalid_request_error" : "server_error", param = null, code = null } = fields;
  return { status, body: { error: { message, type, param, code } } };
}

/** Ends a request with a reply; libraries that look at an error's name take it for the abort it may be. */
export class RequestError extends Error {
  override readonly name = "AbortError";
  constructor(readonly reply: ErrorReply) {
    super(reply.body.error.message);
  }
}

/** What a class of upstream errors is to our own client: its own mistake, or a failure behind this server. */
const replies: Readonly<Partial<Record<ErrorClass, readonly [ContentfulStatusCode, ErrorFields]>>> = {
  rate_limit: [429, { type: "rate_limit_error", code: "rate_limit_exceeded" }],
  quota: [429, { type: "insufficient_quota", code: "insufficient_quota" }],
  context_overflow: [400, { code: "context_length_exceeded", param: "messages" }],
  refusal: [400, { code: "content_filter" }],
  invalid_request: [400, {}],
  timeout: [504, { type: "timeout", code: "timeout" }],
};

/** What a run that threw is answered with; nothing of a key, a header or a stack. */
export function replyTo(error: unknown): ErrorReply {
  if (error instanceof RequestError) return error.reply;
  if (InvalidInputError.isInstance(error)) return errorReply(400, error.message, { param: "messages" });
  if (NoRouteError.isInstance(error)) return errorReply(503, error.message, { code: "no_route" });
  if (AnswerDiscardedError.isInstance(error)) {
    return errorReply(502, error.message, { type: "upstream_error", code: "answer_discarded" });
  }
  const failure = failureOf(error);
  if (failure === undefined) return errorReply(500, "The server failed to answer; its log says why.");
  const unknownUpstream = failure.class === "invalid_request" && failure.status === 404; // a model id of ours, not of the caller's
  const [status, fields] = (!unknownUpstream && replies[failure.class]) || [
    502,
    { type: "upstream_error", code: failure.class },
  ];
  return errorReply(status, redactError(error), fields);
}

function failureOf(error: unknown): { readonly class: ErrorClass; readonly status?: number } | undefined {
  if (ModelCallError.isInstance(error)) return error;
  if (!AllModelsFailedError.isInstance(error) && !QuorumNotReachedError.isInstance(error)) return undefined;
  return error.failures.at(-1) ?? { class: "unknown" };
}

/** Sends an error reply. */
export function send(context: Context, { status, body }: ErrorReply): Response {
  if (status === 401) context.header("www-authenticate", "Bearer");
  if (status === 413 || status === 415) context.header("connection", "close"); // the body is not read to its end
  if (status > 500) context.header("x-should-retry", "false"); // retries have one owner: the models of this server had theirs
  return context.json(body, status);
}
