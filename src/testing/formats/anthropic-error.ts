import { errorKind } from "../error-kind.js";
import type { JsonRecord } from "../json.js";
import type { LoopbackRequest } from "../loopback-request.js";
import type { ReplyError, ReplyErrorKind } from "../reply.js";
import type { HttpResponse } from "../wire-format.js";

interface Wording {
  readonly status: number;
  readonly type: string;
  readonly message: string;
}

export function anthropicError(error: ReplyError, request: LoopbackRequest): HttpResponse {
  return {
    status: error.status ?? wording(error, request).status,
    headers: { ...(error.retryAfter === undefined ? {} : { "retry-after": error.retryAfter }), ...error.headers },
    body: JSON.stringify({ type: "error", ...anthropicErrorBody(error, request), request_id: "req_loopback" }),
  };
}

export function anthropicErrorBody(error: ReplyError, request: LoopbackRequest): JsonRecord {
  const { type, message } = wording(error, request);
  return { error: { details: null, type: error.type ?? type, message: error.message ?? message } };
}

function wording(error: ReplyError, { model }: LoopbackRequest): Wording {
  return WORDING[errorKind(error)](error, model);
}

const invalid = (message: string): Wording => ({ status: 400, type: "invalid_request_error", message });

/** Types: platform.claude.com/docs/en/api/errors. */
const WORDING: Readonly<Record<ReplyErrorKind, (error: ReplyError, model: string) => Wording>> = {
  rate_limit: () => ({
    status: 429,
    type: "rate_limit_error",
    message:
      "This request would exceed your organization's rate limit of 50 requests per minute. Please reduce the prompt length or the maximum tokens requested, or try again later.",
  }),
  quota: () =>
    invalid(
      "Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.",
    ),
  authentication: () => ({ status: 401, type: "authentication_error", message: "invalid x-api-key" }),
  permission: () => ({
    status: 403,
    type: "permission_error",
    message: "Your API key does not have permission to use the specified resource.",
  }),
  model_permission: (_, model) => ({ status: 404, type: "not_found_error", message: `model: ${model}` }),
  context_overflow: () => invalid("prompt is too long: 219898 tokens > 200000 maximum"),
  content_filter: () => invalid("Output blocked by content filtering policy"),
  unknown_model: (_, model) => ({ status: 404, type: "not_found_error", message: `model: ${model}` }),
  bad_request: () => invalid("temperature: Input should be less than or equal to 1"),
  server: ({ status = 500 }) =>
    status === 529 || status === 503
      ? { status, type: "overloaded_error", message: "Overloaded" }
      : { status: 500, type: "api_error", message: "Internal server error" },
};
