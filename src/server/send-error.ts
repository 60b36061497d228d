import type { Context } from "hono";
import { messagesError } from "./messages/error-body.js";
import { type ErrorReply, isServerFailure } from "./request-error.js";

/** Statuses of requests whose body was not read completely. */
const unread: ReadonlySet<number> = new Set([408, 413, 415]);

/** Sends an error in the shape of the protocol that the path belongs to. */
export function send(context: Context, reply: ErrorReply): Response {
  const { status, retryAfterMs } = reply;
  if (status === 401) context.header("www-authenticate", "Bearer");
  if (unread.has(status)) context.header("connection", "close");
  if (isServerFailure(reply)) context.header("x-should-retry", "false"); // the models behind this server were already retried
  if (retryAfterMs !== undefined) context.header("retry-after", String(Math.ceil(retryAfterMs / 1_000)));
  return context.json(shapedError(context.req.path, reply, context.get("requestId")), status);
}

/** Returns the body of an error as the clients of a path read it. */
export function shapedError(path: string, reply: ErrorReply, requestId?: string): object {
  return /\/messages(\/|$)/.test(path) ? messagesError(reply, requestId) : reply.body;
}
