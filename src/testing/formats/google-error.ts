import { errorKind } from "../error-kind.js";
import type { JsonRecord } from "../json.js";
import type { LoopbackRequest } from "../loopback-request.js";
import type { ReplyError, ReplyErrorKind } from "../reply.js";
import { type HttpResponse, sse } from "../wire-format.js";

interface Wording {
  readonly status: number;
  readonly message: string;
  readonly details?: readonly JsonRecord[];
}

/** Gemini's status names: https://cloud.google.com/apis/design/errors */
const STATUS: Readonly<Record<number, string>> = {
  400: "INVALID_ARGUMENT",
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  409: "ABORTED",
  429: "RESOURCE_EXHAUSTED",
  499: "CANCELLED",
  500: "INTERNAL",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

const RPC = "type.googleapis.com/google.rpc.";
const EXHAUSTED = "You exceeded your current quota, please check your plan and billing details.";

export function googleError(error: ReplyError, request: LoopbackRequest): HttpResponse {
  if (errorKind(error) === "content_filter" && error.status === undefined) return blockedPrompt(error, request);
  return {
    status: error.status ?? WORDING[errorKind(error)](error, request.model).status,
    headers: { ...error.headers },
    body: JSON.stringify(googleErrorBody(error, request), null, 2),
  };
}

export function googleErrorBody(error: ReplyError, request: LoopbackRequest): JsonRecord {
  const words = WORDING[errorKind(error)](error, request.model);
  const code = error.status ?? words.status;
  return {
    error: {
      code,
      message: error.message ?? words.message,
      status: error.code ?? STATUS[code] ?? "UNKNOWN",
      ...(words.details ? { details: words.details } : {}),
    },
  };
}

/** Makes Gemini's reply for a blocked prompt: status 200 with a reason and no candidates. */
function blockedPrompt(error: ReplyError, request: LoopbackRequest): HttpResponse {
  const body = { promptFeedback: { blockReason: error.code ?? "PROHIBITED_CONTENT" }, modelVersion: request.model };
  return {
    status: 200,
    headers: { "content-type": request.stream ? "text/event-stream" : "application/json", ...error.headers },
    body: request.stream ? sse(body) : JSON.stringify(body),
  };
}

const WORDING: Readonly<Record<ReplyErrorKind, (error: ReplyError, model: string) => Wording>> = {
  rate_limit: ({ retryAfter }, model) =>
    retryAfter === undefined
      ? { status: 429, message: "Resource has been exhausted (e.g. check quota)." }
      : {
          status: 429,
          message: EXHAUSTED,
          details: [violation("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", model), retryInfo(retryAfter)],
        },
  quota: (_, model) => ({
    status: 429,
    message: EXHAUSTED,
    details: [violation("GenerateRequestsPerDayPerProjectPerModel-FreeTier", model)],
  }),
  authentication: () => ({
    status: 400,
    message: "API key not valid. Please pass a valid API key.",
    details: [
      {
        "@type": `${RPC}ErrorInfo`,
        reason: "API_KEY_INVALID",
        domain: "googleapis.com",
        metadata: { service: "generativelanguage.googleapis.com" },
      },
    ],
  }),
  permission: () => ({ status: 403, message: "Your API key was reported as leaked. Please use another API key." }),
  // a model that the free tier does not have
  model_permission: (_, model) => ({
    status: 429,
    message: `${EXHAUSTED}\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: ${model}`,
    details: [violation("GenerateRequestsPerDayPerProjectPerModel-FreeTier", model)],
  }),
  context_overflow: () => ({
    status: 400,
    message: "The input token count (1200293) exceeds the maximum number of tokens allowed (1048576).",
  }),
  content_filter: () => ({ status: 400, message: "The prompt was blocked." }),
  unknown_model: (_, model) => ({
    status: 404,
    message: `models/${model} is not found for API version v1beta, or is not supported for generateContent.`,
  }),
  bad_request: () => ({
    status: 400,
    message: 'Invalid value at "generation_config.temperature": supported values are in the range [0, 2].',
  }),
  server: ({ status = 500, retryAfter }) => ({
    status: 500,
    message:
      status === 503
        ? "The model is overloaded. Please try again later."
        : "An internal error has occurred. Please retry.",
    ...(retryAfter === undefined ? {} : { details: [retryInfo(retryAfter)] }),
  }),
};

function violation(quotaId: string, model: string): JsonRecord {
  return {
    "@type": `${RPC}QuotaFailure`,
    violations: [
      {
        quotaMetric: "generativelanguage.googleapis.com/generate_content_free_tier_requests",
        quotaId,
        quotaDimensions: { location: "global", model },
      },
    ],
  };
}

function retryInfo(retryAfter: string): JsonRecord {
  return { "@type": `${RPC}RetryInfo`, retryDelay: duration(retryAfter) };
}

/** Converts `Retry-After` to a protobuf duration; invalid values stay unchanged. */
function duration(retryAfter: string): string {
  const wait = Math.ceil((Date.parse(retryAfter) - Date.now()) / 1000);
  return `${Number.isNaN(Number(retryAfter)) && !Number.isNaN(wait) ? Math.max(0, wait) : retryAfter}s`;
}
