import { ContextOverflowError, ModelRefusalError, stampRetryable } from "@langchain/core/errors";
import { GraphInterrupt } from "@langchain/langgraph";
import { CallTimeoutError, type ErrorClass } from "../../src/errors/index.js";

/** An error as a client throws it: the constructor's name tells more than `error.name`. */
export function thrown(constructorName: string, message: string, fields: object = {}): Error {
  const Named = { [constructorName]: class extends Error {} }[constructorName]!;
  return Object.assign(new Named(message), fields);
}
export const google = (status: number, message: string, errorDetails: unknown[] = []) =>
  thrown("GoogleGenerativeAIFetchError", `[GoogleGenerativeAI Error]: Error fetching from http://x: ${message}`, {
    status,
    statusText: "",
    errorDetails,
  });
const aws = (name: string, httpStatusCode: number, message: string) =>
  thrown(name, message, { name, $fault: "client", $metadata: { httpStatusCode, attempts: 1 } });
const rpc = (code: number, details: string) => Object.assign(new Error(details), { code, details, metadata: {} });
const parse = (text: string) => {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
};
const read = (value: unknown, key: string) => {
  try {
    return (value as Record<string, unknown>)[key];
  } catch (error) {
    return error;
  }
};

/** What is thrown, its class, whether the same model is asked again, whether the next one is. */
export type ErrorRow = readonly [title: string, error: unknown, kind: ErrorClass, retried: boolean, movesOn: boolean];

export const errorTable: readonly ErrorRow[] = [
  ["a 429", thrown("RateLimitError", "slow", { status: 429 }), "rate_limit", true, true],
  ["a 429 with another library's fields", { response: { status: 429 } }, "rate_limit", true, true],
  ["a 429 that core stamped as final", stampRetryable(google(429, "quota"), false), "rate_limit", true, true],
  [
    "an error event named rate_limit",
    thrown("APIError", "", { code: "rate_limit_exceeded" }),
    "rate_limit",
    true,
    true,
  ],
  ["an Azure error event with code 429", thrown("APIError", "exceeded", { code: "429" }), "rate_limit", true, true],
  ["RESOURCE_EXHAUSTED", { error: { code: 429, status: "RESOURCE_EXHAUSTED" } }, "rate_limit", true, true],

  [
    "insufficient_quota",
    thrown("RateLimitError", "", { status: 429, code: "insufficient_quota" }),
    "quota",
    false,
    true,
  ],
  ["402", thrown("APIError", "pay", { status: 402 }), "quota", false, true],
  ["core's InsufficientQuotaError", thrown("InsufficientQuotaError", "", { status: 429 }), "quota", false, true],
  ["a daily quota of Gemini", google(429, "", [{ violations: [{ quotaId: "RequestsPerDay" }] }]), "quota", false, true],

  ["408", thrown("APIError", "late", { status: 408 }), "timeout", true, true],
  ["a time limit of the entry", new CallTimeoutError("timeout", 50), "timeout", true, true],
  ["the client's own TimeoutError", stampRetryable(thrown("TimeoutError", ""), false), "timeout", true, true],
  ["AbortSignal.timeout()", new DOMException("too late", "TimeoutError"), "timeout", true, true],
  ["an AbortError the caller did not cause", new DOMException("aborted", "AbortError"), "timeout", true, true],
  ["ETIMEDOUT", { code: "ETIMEDOUT" }, "timeout", true, true],

  ["ECONNRESET", thrown("Error", "read ECONNRESET", { code: "ECONNRESET" }), "network", true, true],
  ["ECONNREFUSED in words only", new Error("connect ECONNREFUSED 127.0.0.1:1"), "network", true, true],
  ["ENOTFOUND", { code: "ENOTFOUND" }, "network", true, true],
  ["a socket that hung up", new Error("socket hang up"), "network", true, true],
  ["a cut stream", new TypeError("terminated"), "network", true, true],
  ["fetch failed", new TypeError("fetch failed"), "network", true, true],
  ["OpenAI's connection error", thrown("APIConnectionError", "Connection error."), "network", true, true],
  [
    "fetch failed in Gemini's words",
    thrown("GoogleGenerativeAIError", "[GoogleGenerativeAI Error]: Error fetching from http://x: fetch failed"),
    "network",
    true,
    true,
  ],
  [
    "a cut stream of Gemini",
    thrown("GoogleGenerativeAIError", "[GoogleGenerativeAI Error]: Error reading from the stream"),
    "network",
    true,
    true,
  ],

  ["500", thrown("InternalServerError", "", { status: 500 }), "server", true, true],
  ["503", google(503, "The model is overloaded."), "server", true, true],
  ["529", { status: 529, error: { type: "overloaded_error" } }, "server", true, true],
  ["409", { status: 409 }, "server", true, true],
  ["an error event in a stream", thrown("APIError", "The server had an error"), "server", true, true],
  ["a body that is not JSON", parse("<html>"), "server", true, true],
  ["a body that is cut off", parse('{"choices":'), "server", true, true],
  ["a body without choices", read(undefined, "choices"), "server", true, true],
  ["an event of Gemini that is not JSON", new Error("Failed to parse stream"), "server", true, true],

  ["ContextOverflowError", new ContextOverflowError("too long"), "context_overflow", false, true],
  ["context_length_exceeded", { status: 400, code: "context_length_exceeded" }, "context_overflow", false, true],
  [
    "Gemini's overflow, a plain 400",
    google(400, "The input token count (9) exceeds the maximum number of tokens allowed (8)."),
    "context_overflow",
    false,
    true,
  ],
  [
    "Anthropic's overflow",
    { status: 400, message: "prompt is too long: 9 tokens > 8" },
    "context_overflow",
    false,
    true,
  ],
  ["413", { status: 413 }, "context_overflow", false, true],

  ["ModelRefusalError", new ModelRefusalError("no"), "refusal", false, true],
  ["content_filter", thrown("BadRequestError", "", { status: 400, code: "content_filter" }), "refusal", false, true],
  ["an answer blocked for SAFETY", thrown("EmptyContentError", "", { finishReason: "SAFETY" }), "refusal", false, true],
  ["a blocked prompt", thrown("EmptyContentError", "", { blockReason: "OTHER" }), "refusal", false, true],

  ["EmptyContentError", stampRetryable(thrown("EmptyContentError", ""), false), "empty", true, true],
  ["MAX_TOKENS before a word", thrown("EmptyContentError", "", { finishReason: "MAX_TOKENS" }), "empty", true, true],

  ["401", thrown("AuthenticationError", "Incorrect API key", { status: 401 }), "authentication", false, true],
  ["403", thrown("PermissionDeniedError", "no", { status: 403 }), "authentication", false, true],
  ["Gemini's bad key, a 400", google(400, "", [{ reason: "API_KEY_INVALID" }]), "authentication", false, true],
  ["no key at all", new Error("Missing credentials. Please pass an `apiKey`"), "authentication", false, true],

  ["400", thrown("BadRequestError", "Invalid 'temperature'", { status: 400 }), "invalid_request", false, false],
  ["422", { status: 422 }, "invalid_request", false, false],
  ["404, an unknown model", thrown("NotFoundError", "", { status: 404 }), "model_unavailable", false, true],
  ["410, a retired model", { status: 410 }, "model_unavailable", false, true],
  ["model_not_found without a status", { error: { code: "model_not_found" } }, "model_unavailable", false, true],
  [
    "a 403 for one model of Bedrock",
    aws("AccessDeniedException", 403, "You don't have access to the model with the specified model ID."),
    "model_unavailable",
    false,
    true,
  ],
  [
    "a right that is missing for one model of Bedrock",
    aws(
      "AccessDeniedException",
      403,
      "User: arn:aws:iam::1:user/x is not authorized to perform: bedrock:InvokeModel on resource: arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0",
    ),
    "model_unavailable",
    false,
    true,
  ],
  [
    "a right that is missing for one model of Vertex AI",
    {
      status: 403,
      message:
        "Permission 'aiplatform.endpoints.predict' denied on resource '//aiplatform.googleapis.com/projects/p/locations/us-central1/publishers/google/models/gemini-2.5-pro' (or it may not exist).",
    },
    "model_unavailable",
    false,
    true,
  ],
  [
    "terms of one model",
    { status: 400, error: { message: "The model `x` requires terms acceptance.", code: "model_terms_required" } },
    "model_unavailable",
    false,
    true,
  ],
  [
    "a model the free tier of Gemini has none of",
    google(429, "Quota exceeded for metric: generate_content_free_tier_requests, limit: 0, model: gemini-2.5-pro"),
    "model_unavailable",
    false,
    true,
  ],
  ["a model that cannot chat", { status: 404, message: "This is not a chat model" }, "model_unavailable", false, true],
  [
    "a model of Bedrock that needs a profile",
    aws("ValidationException", 400, "Invocation of model ID x with on-demand throughput isn't supported."),
    "model_unavailable",
    false,
    true,
  ],

  [
    "a request of AWS that is wrong",
    aws("ValidationException", 400, "Malformed input request"),
    "invalid_request",
    false,
    false,
  ],
  [
    "AWS without a status",
    { name: "ThrottlingException", message: "Too many tokens, please wait" },
    "rate_limit",
    true,
    true,
  ],
  [
    "a limit of AWS",
    aws("ThrottlingException", 429, "Too many tokens, please wait before trying again."),
    "rate_limit",
    true,
    true,
  ],
  [
    "a day's limit of AWS",
    aws("ThrottlingException", 429, "Too many tokens per day, please wait"),
    "quota",
    false,
    true,
  ],
  ["an unready model of AWS", aws("ModelNotReadyException", 429, "not ready"), "rate_limit", true, true],
  [
    "a broken call of Bedrock's Nova",
    aws("ModelErrorException", 424, "Model produced invalid sequence as part of ToolUse."),
    "empty",
    true,
    true,
  ],
  [
    "a key of AWS that expired",
    aws("ExpiredTokenException", 403, "The security token is expired"),
    "authentication",
    false,
    true,
  ],
  [
    "a key that is refused with a 400",
    { status: 400, message: "Incorrect API key provided: x" },
    "authentication",
    false,
    true,
  ],
  [
    "a place of Bedrock",
    { status: 400, message: "Access to models is not allowed from unsupported countries" },
    "authentication",
    false,
    true,
  ],
  ["451", { status: 451 }, "authentication", false, true],

  ["gRPC 3", rpc(3, "temperature is out of range"), "invalid_request", false, false],
  [
    "gRPC 3 about the prompt",
    rpc(3, "The input token count (9) exceeds the maximum number of tokens allowed (8)."),
    "context_overflow",
    false,
    true,
  ],
  ["gRPC 4", rpc(4, "Deadline exceeded"), "timeout", true, true],
  ["gRPC 5", rpc(5, "no such thing"), "model_unavailable", false, true],
  ["gRPC 7", rpc(7, "denied"), "authentication", false, true],
  ["gRPC 8", rpc(8, "Quota exceeded"), "rate_limit", true, true],
  ["gRPC 9 about a place", rpc(9, "User location is not supported for the API use."), "authentication", false, true],
  ["gRPC 13", rpc(13, "Internal error"), "server", true, true],
  ["gRPC 14", rpc(14, "unavailable"), "server", true, true],
  ["gRPC 16", rpc(16, "no credentials"), "authentication", false, true],
  ["gRPC by name in the message", new Error("8 RESOURCE_EXHAUSTED: Quota exceeded"), "rate_limit", true, true],
  ["gRPC by name", { code: "UNAVAILABLE" }, "server", true, true],

  ["a status as a text", { statusCode: "503" }, "server", true, true],
  ["a status within a string", "429 Too Many Requests", "rate_limit", true, true],
  ["a status in brackets", new Error("Error fetching: [503 Service Unavailable] overloaded"), "server", true, true],
  ["axios in words only", new Error("Request failed with status code 429"), "rate_limit", true, true],
  [
    "a connection that none of its addresses took",
    new AggregateError([{ code: "ECONNREFUSED" }], ""),
    "network",
    true,
    true,
  ],
  [
    "a 400 whose body is not readable",
    thrown("BadRequestError", "400 status code (no body)", { status: 400 }),
    "unknown",
    false,
    true,
  ],
  [
    "an overloaded server with a 400",
    { status: 400, message: "CUDA out of memory. Tried to allocate 2.00 GiB" },
    "server",
    true,
    true,
  ],
  [
    "a stream's error event about credit",
    thrown("APIError", "You have insufficient credits", {}),
    "quota",
    false,
    true,
  ],

  ["a string", "boom", "unknown", false, true],
  ["undefined", undefined, "unknown", false, true],
  ["a symbol", Symbol("boom"), "unknown", false, true],
  ["a frozen object", Object.freeze({ reason: "boom" }), "unknown", false, true],
  ["a bug of a custom client", read(undefined, "colour"), "unknown", false, true],
  [
    "an error whose getters throw",
    {
      get message() {
        throw new Error("no");
      },
    },
    "unknown",
    false,
    true,
  ],

  ["an interrupt", new GraphInterrupt([]), "interrupt", false, false],
];
