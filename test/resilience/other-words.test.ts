import { describe, expect, it } from "vitest";
import type { ErrorClass } from "../../src/errors/index.js";
import { classifyError } from "../../src/resilience/classify-error.js";
import { parseRetryAfter } from "../../src/resilience/retry-after.js";
import { thrown } from "./error-table.js";

/** Sentences a provider may use for the same thing, each with a status that alone would stop the run or accuse the key. */
const sentences: Readonly<Partial<Record<ErrorClass, readonly string[]>>> = {
  quota: [
    "Your prepaid credits have been exhausted",
    "Your account balance has been depleted",
    "not enough balance",
    "You've used up your free credits for this month",
    "You have run out of credits. Please top up your balance.",
    "Cloud credits expired - Please contact NVIDIA representatives",
    "Please add a payment method to continue using the API",
    "You have reached the free monthly usage limit for novita",
    "Open api daily request limit reached",
    "FailedOperation.FreeResourcePackExhausted",
    "ResourceUnavailable.InArrears: account in arrears",
  ],
  context_overflow: [
    "Prompt length 5000 is greater than max_seq_len 4096",
    "The engine prompt length 200 exceeds the max_model_len 100. Please reduce prompt.",
    "prompt length 300000 exceeds maximum allowed 262144",
    "The sum of input tokens and max_tokens exceeds the limit of the model",
    "total tokens exceed max message tokens",
    "the max length of prompt is 20000",
    "InvalidParameterValue.PromptExceedsTokenLimit",
    "Prompt 超长",
    "input length too long",
    "Input Tokens Exceeded: Number of input tokens exceeds maximum length.",
    "Input exceeds max sequence length: 9000 > 8192",
    "prompt tokens (9000) exceed limit (8192)",
  ],
  refusal: [
    "the content of message is security risk",
    "Sensitive content detected",
    "Sorry, the model cannot answer this question. Guardrail intervened",
    "Invalid input: input guardrail triggered",
    "content blocked by prompt guard",
  ],
  model_unavailable: [
    "No models loaded. Please load a model in the developer page",
    "model gpt-9 is not allowed for virtual key",
    "Model is not deployed",
  ],
};
const worded = Object.entries(sentences).flatMap(([kind, list]) =>
  list.flatMap((text) => [400, kind === "context_overflow" ? 422 : 403].map((status) => [text, status, kind] as const)),
);

const body = { error: { message: "Model Not Exist" } };
const bytes = new TextEncoder().encode(JSON.stringify(body));
/** Where clients keep the body of a reply, and as what. */
const bodies: Readonly<Record<string, object>> = {
  "bytes of axios": { response: { status: 400, data: Buffer.from(bytes) } },
  bytes: { status: 400, body: bytes },
  "a buffer": { status: 400, responseBody: bytes.buffer },
  "the text of superagent": { response: { statusCode: 400, text: JSON.stringify(body) } },
  "the body of got": { response: { statusCode: 400, body: JSON.stringify(body) } },
  "the last error of a retry": { lastError: thrown("APIError", "400", { status: 400, error: body.error }) },
  "the original error of a retry": { originalError: { status: 400, error: body.error } },
};

/** Broken connections in the words and codes of browsers, Bun, Deno, TLS, parsers and HTTP/2. */
const connections: readonly unknown[] = [
  new TypeError("Load failed"),
  new TypeError("Failed to fetch"),
  new TypeError("NetworkError when attempting to fetch resource."),
  new DOMException("A network error occurred.", "NetworkError"),
  thrown("TypeError", "error sending request for url (http://x): client error (Connect)"),
  thrown("Http", "connection closed before message completed"),
  thrown("Error", "Unable to connect. Is the computer able to access the url?", { code: "ConnectionRefused" }),
  thrown("Error", "The socket connection was closed unexpectedly."), // github.com/oven-sh/bun/issues/5363
  thrown("Error", "Network connection lost."),
  thrown("Error", "certificate has expired", { code: "CERT_HAS_EXPIRED" }),
  thrown("Error", "self-signed certificate", { code: "DEPTH_ZERO_SELF_SIGNED_CERT" }),
  thrown("Error", "names differ", { code: "ERR_TLS_CERT_ALTNAME_INVALID" }),
  thrown("Error", "write EPROTO", { code: "EPROTO" }),
  thrown("Error", "Parse Error: Expected HTTP/", { code: "HPE_INVALID_CONSTANT" }),
  thrown("Error", "unexpected end of file", { code: "Z_BUF_ERROR" }),
  thrown("Error", "Stream closed", { code: "ERR_HTTP2_STREAM_ERROR" }),
  thrown("HTTPError", "Proxy Authentication Required", { status: 407 }),
];

describe("classifyError, in other words", () => {
  it.each(worded)("reads %j with a %i as %s", (text, status, kind) => {
    expect(classifyError(thrown("APIError", text, { status })).class).toBe(kind);
  });

  it.each(Object.entries(bodies))("reads the body of a reply in %s", (_, fields) => {
    expect(classifyError(thrown("HTTPError", "it failed", fields)).class).toBe("model_unavailable");
  });

  it.each(connections)("reads a broken connection: %s", (error) => {
    expect(classifyError(error)).toMatchObject({ class: "network", retryable: true, movesOn: true });
  });

  it.each([
    "Missing Mistral API key",
    "COHERE_API_KEY must be set",
    "Could not load the default credentials.",
    "Could not resolve authentication method. Expected either apiKey or authToken to be set.", // github.com/hrishioa/lumentis/issues/30
  ])("reads a key that is missing: %s", (text) => {
    expect(classifyError(new Error(text)).class).toBe("authentication");
  });

  it("reads a status behind an address in a message", () => {
    const error = thrown("FetchError", '[POST] "https://api.example/v1": 503 Service Unavailable');
    expect(classifyError(error)).toMatchObject({ class: "server", status: 503 });
  });
});

describe("parseRetryAfter", () => {
  it.each([
    ["empty headers of its own", { headers: {}, response: { headers: { "retry-after": "5" } } }],
    ["a list of values", { headers: { "retry-after": ["5", "9"] } }],
    ["the reply of an AWS client", { $response: { headers: { "retry-after": "5" } } }],
    ["the headers of another library", { responseHeaders: { "retry-after": "5" } }],
  ])("finds the wait in %s", (_, error) => expect(parseRetryAfter(error)).toBe(5_000));
});
