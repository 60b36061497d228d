import { namespace, OrchestrationError } from "./orchestration-error.js";

/** A provider sent more than is read of one reply. */
export class ReplyTooLargeError extends namespace.brand(OrchestrationError, "reply-too-large") {
  override readonly name = "ReplyTooLargeError";
  readonly status = 502;
  constructor(limit: number) {
    super(`The provider sent more than ${limit} bytes (limit.replyBytes)`);
  }
}

/** Whether an error is that one, or was made of its words: clients throw another in its place where the body of an error is cut short. */
export function isReplyTooLarge(error: object): boolean {
  if (ReplyTooLargeError.isInstance(error)) return true;
  const { message } = error as { readonly message?: unknown };
  return typeof message === "string" && /sent more than \d+ bytes \(limit\.replyBytes\)/.test(message.slice(0, 1_000));
}
