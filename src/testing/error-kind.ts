import type { ReplyError, ReplyErrorKind } from "./reply.js";

/** Derives the kind of an error from its status. */
export function errorKind({ kind, status = 500 }: ReplyError): ReplyErrorKind {
  if (kind) return kind;
  if (status === 401) return "authentication";
  if (status === 402) return "quota";
  if (status === 403) return "permission";
  if (status === 404) return "unknown_model";
  if (status === 429) return "rate_limit";
  return status >= 500 || status === 408 ? "server" : "bad_request";
}
