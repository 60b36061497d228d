import { namespace, OrchestrationError } from "./orchestration-error.js";

/** A provider's reply exceeded the size limit. */
export class ReplyTooLargeError extends namespace.brand(OrchestrationError, "reply-too-large") {
  override readonly name = "ReplyTooLargeError";
  readonly status = 502;
  constructor(limit: number) {
    super(`The provider sent more than ${limit} bytes (limit.replyBytes)`);
  }
}

/** Recognizes the error, also by its message: clients replace it when the body of an error reply is cut. */
export function isReplyTooLarge(error: object): boolean {
  if (ReplyTooLargeError.isInstance(error)) return true;
  const { message } = error as { readonly message?: unknown };
  return typeof message === "string" && /sent more than \d+ bytes \(limit\.replyBytes\)/.test(message.slice(0, 1_000));
}
