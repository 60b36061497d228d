import { errorKind } from "../error-kind.js";
import type { JsonRecord } from "../json.js";
import type { LoopbackRequest } from "../loopback-request.js";
import type { ReplyError, ReplyErrorKind } from "../reply.js";
import type { HttpResponse } from "../wire-format.js";

interface Wording {
  readonly status: number;
  readonly message: string;
  readonly type?: string | null;
  readonly param?: string | null;
  readonly code?: string | null;
  readonly innererror?: JsonRecord;
}

export function isAzure(request: LoopbackRequest): boolean {
  return request.path.startsWith("/openai/deployments/");
}

export function openaiError(error: ReplyError, request: LoopbackRequest): HttpResponse {
  return {
    status: error.status ?? wording(error, request).status,
    headers: { ...(error.retryAfter === undefined ? {} : { "retry-after": error.retryAfter }), ...error.headers },
    body: JSON.stringify(openaiErrorBody(error, request)),
  };
}

export function openaiErrorBody(error: ReplyError, request: LoopbackRequest): JsonRecord {
  const { status: _, ...words } = wording(error, request);
  const { message = words.message, type = words.type, code = words.code } = error;
  return { error: { ...words, message, type: type ?? null, param: words.param ?? null, code: code ?? null } };
}

function wording(error: ReplyError, request: LoopbackRequest): Wording {
  const kind = errorKind(error);
  const azure = isAzure(request) ? AZURE[kind]?.(error) : undefined;
  return azure ?? OPENAI[kind](error, request.model);
}

const OPENAI: Readonly<Record<ReplyErrorKind, (error: ReplyError, model: string) => Wording>> = {
  rate_limit: ({ retryAfter }, model) => ({
    status: 429,
    message: `Rate limit reached for ${model} on requests per min (RPM): Limit 3, Used 3, Requested 1.${hint(retryAfter, "Please try again in")}`,
    type: "requests",
    code: "rate_limit_exceeded",
  }),
  quota: () => ({
    status: 429,
    message: "You exceeded your current quota, please check your plan and billing details.",
    type: "insufficient_quota",
    code: "insufficient_quota",
  }),
  authentication: () => ({
    status: 401,
    message: "Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.",
    type: "invalid_request_error",
    code: "invalid_api_key",
  }),
  permission: () => ({
    status: 403,
    message: "Country, region, or territory not supported",
    type: "request_forbidden",
    code: "unsupported_country_region_territory",
  }),
  model_permission: (_, model) => ({
    status: 403,
    message: `Project \`proj_loopback\` does not have access to model \`${model}\``,
    type: "invalid_request_error",
    code: "model_not_found",
  }),
  context_overflow: () => ({
    status: 400,
    message:
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens. Please reduce the length of the messages.",
    type: "invalid_request_error",
    param: "messages",
    code: "context_length_exceeded",
  }),
  content_filter: () => ({
    status: 400,
    message: "The response was filtered due to the prompt triggering our content management policy.",
    param: "prompt",
    code: "content_filter",
  }),
  unknown_model: (_, model) => ({
    status: 404,
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    type: "invalid_request_error",
    code: "model_not_found",
  }),
  bad_request: () => ({
    status: 400,
    message: "Invalid 'temperature': decimal above maximum value. Expected a value <= 2, but got 7 instead.",
    type: "invalid_request_error",
    param: "temperature",
    code: "decimal_above_max_value",
  }),
  server: ({ status = 500 }) => ({
    status: 500,
    message:
      status === 503
        ? "The engine is currently overloaded, please try again later."
        : "The server had an error while processing your request. Sorry about that!",
    type: "server_error",
  }),
};

/** Deviations of Azure OpenAI, whose `code` is often the status. */
const AZURE: Readonly<Partial<Record<ReplyErrorKind, (error: ReplyError) => Wording>>> = {
  rate_limit: ({ retryAfter }) => ({
    status: 429,
    message: `Requests to the ChatCompletions_Create Operation have exceeded call rate limit of your current pricing tier.${hint(retryAfter, "Please retry after", " seconds")}`,
    code: "429",
  }),
  authentication: () => ({
    status: 401,
    message: "Access denied due to invalid subscription key or wrong API endpoint.",
    code: "401",
  }),
  content_filter: () => ({
    status: 400,
    message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    param: "prompt",
    code: "content_filter",
    innererror: { code: "ResponsibleAIPolicyViolation", content_filter_result: { violence: { filtered: true } } },
  }),
  unknown_model: () => ({
    status: 404,
    message: "The API deployment for this resource does not exist.",
    code: "DeploymentNotFound",
  }),
};

/** Formats the wait for an error message; dates are skipped. */
function hint(retryAfter: string | undefined, words: string, unit = "s"): string {
  return retryAfter !== undefined && Number.isFinite(Number(retryAfter)) ? ` ${words} ${retryAfter}${unit}.` : "";
}
