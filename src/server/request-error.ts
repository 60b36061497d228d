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
