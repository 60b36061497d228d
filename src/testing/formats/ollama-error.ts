import { errorKind } from "../error-kind.js";
import type { JsonRecord } from "../json.js";
import type { LoopbackRequest } from "../loopback-request.js";
import type { ReplyError, ReplyErrorKind } from "../reply.js";
import type { HttpResponse } from "../wire-format.js";

type Wording = readonly [status: number, message: string];

export function ollamaError(error: ReplyError, request: LoopbackRequest): HttpResponse {
  const [status] = WORDING[errorKind(error)](error, request.model);
  return {
    status: error.status ?? status,
    headers: { ...(error.retryAfter === undefined ? {} : { "retry-after": error.retryAfter }), ...error.headers },
    body: JSON.stringify(ollamaErrorBody(error, request)),
  };
}

export function ollamaErrorBody(error: ReplyError, request: LoopbackRequest): JsonRecord {
  const [, message] = WORDING[errorKind(error)](error, request.model);
  return { error: error.message ?? message };
}

/** Words of Ollama's server, and of ollama.com for keys, plans and limits. */
const WORDING: Readonly<Record<ReplyErrorKind, (error: ReplyError, model: string) => Wording>> = {
  rate_limit: () => [429, "too many concurrent requests"],
  quota: () => [429, "you've reached your weekly usage limit, please wait or upgrade to continue"], // ollama/ollama#16448
  authentication: () => [401, "unauthorized"],
  permission: () => [403, "forbidden"],
  model_permission: () => [403, "this model requires a subscription, upgrade for access: https://ollama.com/upgrade"], // ollama/ollama#15741
  context_overflow: () => [400, "the input length exceeds the context length"],
  content_filter: () => [400, "the prompt was blocked"],
  unknown_model: (_, model) => [404, `model '${model}' not found`],
  bad_request: () => [400, 'option "temperature" must be of type float32'],
  server: ({ status = 500 }) =>
    status === 503
      ? [503, "server busy, please try again.  maximum pending requests exceeded"]
      : [
          500,
          "model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details",
        ],
};
