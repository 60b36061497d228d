import type { Context } from "hono";
import type { ContentfulStatusCode } from "hono/utils/http-status";

/** Error body in OpenAI's shape. */
export interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

export interface ErrorReply {
  readonly status: ContentfulStatusCode;
  readonly body: ErrorBody;
  /** Milliseconds until a retry makes sense. */
  readonly retryAfterMs?: number;
}

export interface ErrorFields {
  readonly type?: string;
  readonly param?: string;
  readonly code?: string;
}

/** Makes an error reply; `type` defaults to one for the status. */
export function errorReply(status: ContentfulStatusCode, message: string, fields: ErrorFields = {}): ErrorReply {
  const { type = status < 500 ? "invalid_request_error" : "server_error", param = null, code = null } = fields;
  return { status, body: { error: { message, type, param, code } } };
}

/** Ends a request with a reply. Its name lets libraries treat it as an abort, since it can be an abort reason. */
export class RequestError extends Error {
  override readonly name = "AbortError";
  constructor(readonly reply: ErrorReply) {
    super(reply.body.error.message);
  }
}

/** Returns true for a failure behind the endpoint; the caller's own mistakes and rate limits are excluded. */
export function isServerFailure({ status, body }: Pick<ErrorReply, "status" | "body">): boolean {
  return status >= 500 || ["upstream_error", "server_error", "insufficient_quota"].includes(body.error.type);
}

/** Statuses of requests whose body was not read completely. */
const unread: ReadonlySet<number> = new Set([408, 413, 415]);

export function send(context: Context, { status, body, retryAfterMs }: ErrorReply): Response {
  if (status === 401) context.header("www-authenticate", "Bearer");
  if (unread.has(status)) context.header("connection", "close");
  if (isServerFailure({ status, body })) context.header("x-should-retry", "false"); // the models behind this server were already retried
  if (retryAfterMs !== undefined) context.header("retry-after", String(Math.ceil(retryAfterMs / 1_000)));
  return context.json(body, status);
}
