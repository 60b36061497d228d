import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

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
  /** Milliseconds after which it is worth asking again. */
  readonly retryAfterMs?: number;
}

export interface ErrorFields {
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

/** True for a failure behind the endpoint, not one of the request; a rate limit is the caller's to wait for. */
export function isOurs({ status, body }: Pick<ErrorReply, "status" | "body">): boolean {
  return status >= 500 || ["upstream_error", "server_error", "insufficient_quota"].includes(body.error.type);
}

/** Replies to a request whose body is not read to its end. */
const unread: ReadonlySet<number> = new Set([408, 413, 415]);

/** Sends an error reply. */
export function send(context: Context, { status, body, retryAfterMs }: ErrorReply): Response {
  if (status === 401) context.header("www-authenticate", "Bearer");
  if (unread.has(status)) context.header("connection", "close");
  if (isOurs({ status, body })) context.header("x-should-retry", "false"); // retries have one owner: the models of this server had theirs
  if (retryAfterMs !== undefined) context.header("retry-after", String(Math.ceil(retryAfterMs / 1_000)));
  return context.json(body, status);
}
