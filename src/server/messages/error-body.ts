import type { ErrorReply } from "../request-error.js";

/** Error types of Anthropic's API by status (platform.claude.com/docs, "Errors"). */
const types: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
};

/** Writes an error in Anthropic's shape; OpenAI's `code` and `param` stand beside the message, since they say more. */
export function messagesError({ status, body }: Pick<ErrorReply, "status" | "body">, requestId: string | undefined) {
  const { message, code, param } = body.error;
  const type = types[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
  const facts = { ...(code !== null && { code }), ...(param !== null && { param }) };
  return { type: "error", error: { type, message, ...facts }, request_id: requestId ?? null };
}
