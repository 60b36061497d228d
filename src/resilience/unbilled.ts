import { type ErrorClass, isReplyTooLarge } from "../errors/index.js";

/** Codes of connections that never came to be: Node's, and those of its fetch and TLS. */
const unconnected =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|ERR_TLS_CERT\w+|\w*SELF_SIGNED_CERT\w*)$/;

/**
 * Returns true for a failure that no provider bills: the request never reached one, or was rejected with an HTTP status. After anything
 * else, such as a broken connection or a reply that cannot be read, the answer may have been generated.
 *
 * @param errors the error and its causes
 */
export function isUnbilled(errors: readonly object[], kind: ErrorClass): boolean {
  if (errors.some(isReplyTooLarge)) return false;
  if (errors.some(isUnconnected)) return true;
  if (kind === "timeout") return false; // a gateway gave up on a provider that may still work
  return kind === "authentication" || errors.some(isRejected);
}

function isUnconnected(error: object): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === "string" && unconnected.test(code);
}

/** Returns true for the error of an HTTP reply; error events within a stream have statuses only in their bodies. */
function isRejected(error: object): boolean {
  const { status, statusCode, status_code, response, $metadata } = error as Record<string, unknown>;
  const replies = [Object(response).status, Object($metadata).httpStatusCode];
  const isStatus = (value: unknown) => typeof value === "number" && value >= 400 && value < 600;
  return [status, statusCode, status_code, ...replies].some(isStatus);
}
