import { ContextOverflowError, getRetryable, ModelRefusalError } from "@langchain/core/errors";
import {
  AllModelsFailedError,
  CallTimeoutError,
  type ErrorClass,
  errorClasses,
  InvalidInputError,
  InvalidOptionError,
  ModelCallError,
  UnknownRouteError,
} from "../errors/index.js";
import { belongsToGraph } from "./graph-errors.js";
import { parseRetryAfter } from "./retry-after.js";

/** What an error is, and what may follow from it. */
export interface Classified {
  readonly class: ErrorClass;
  /** The same model may be asked again. */
  readonly retryable: boolean;
  /** Another model may be asked; false for the caller's own bug and for control flow. */
  readonly movesOn: boolean;
  /** Milliseconds the provider asks to wait. */
  readonly retryAfterMs?: number;
  readonly status?: number;
}

/** The facts errors of provider clients carry; every one of them may be missing. */
interface Facts {
  readonly name: string;
  readonly text: string;
  readonly status?: number;
  readonly codes: readonly string[];
  readonly error: object;
}

/**
 * Decides what kind of error a model call ended with.
 *
 * The stamp and classes of `@langchain/core/errors` come first, then the HTTP status and the provider's codes, then the
 * text. Chains of `cause` are followed and the most telling error in them wins: a 429 wrapped in a connection error is a
 * rate limit.
 *
 * @param again true where a whole run may be tried again, although the models in it were
 * @example
 * ```ts
 * classifyError(Object.assign(new Error("slow down"), { status: 429 })).class; // "rate_limit"
 * ```
 */
export function classifyError(error: unknown, again = false): Classified {
  try {
    return classify(error, again);
  } catch {
    return ruled("unknown"); // it cannot even be read: a getter that throws
  }
}

function ruled(kind: ErrorClass): Classified {
  const { retryable, movesOn } = errorClasses[kind];
  return { class: kind, retryable, movesOn };
}

function classify(error: unknown, again: boolean): Classified {
  if (belongsToGraph(error)) return ruled("interrupt");
  if (ModelCallError.isInstance(error)) {
    const { class: kind, movesOn, status } = error;
    return { class: kind, retryable: again && errorClasses[kind].retryable, movesOn, status };
  }
  if (
    InvalidInputError.isInstance(error) ||
    InvalidOptionError.isInstance(error) ||
    UnknownRouteError.isInstance(error)
  ) {
    return ruled("invalid_request"); // of a nested pattern: the caller's own bug
  }
  if (AllModelsFailedError.isInstance(error)) {
    const { class: kind = "unknown", status } = error.failures.at(-1) ?? {};
    return { class: kind, retryable: again && errorClasses[kind].retryable, movesOn: true, status };
  }
  const chain = causes(error).map(factsOf);
  let found: ErrorClass = "unknown";
  let told: Facts | undefined;
  for (const facts of chain) {
    const kind = classOf(facts);
    if (kind !== undefined && (told === undefined || (vague.has(found) && !vague.has(kind)))) {
      found = kind;
      told = facts;
    }
  }
  const status = told?.status ?? chain.find((facts) => facts.status !== undefined)?.status;
  const retryAfterMs = chain.map(({ error }) => parseRetryAfter(error)).find((wait) => wait !== undefined);
  const stamp = chain.map(({ error }) => getRetryable(error)).find((mark) => mark !== undefined);
  const unknownModel =
    found === "invalid_request" &&
    (status === 404 || told?.codes.some((code) => /model_not_found/i.test(code)) === true);
  return {
    class: found,
    retryable: errorClasses[found].retryable && (stampless.has(found) || (stamp ?? true)),
    movesOn: unknownModel || errorClasses[found].movesOn,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined ? {} : { status }),
  };
}

/** Classes whose stamp says something else: clients stamp a short wait, a time-out and an empty answer as final. */
const stampless: ReadonlySet<ErrorClass> = new Set(["rate_limit", "timeout", "empty"]);

/** Classes that say where a call broke, not why: a cause that says more wins over them. */
const vague: ReadonlySet<ErrorClass> = new Set(["network", "unknown", "server"]);

function causes(error: unknown): object[] {
  const chain: object[] = [];
  for (let next = error; typeof next === "object" && next !== null && chain.length < 8; ) {
    chain.push(next);
    next = "cause" in next ? next.cause : undefined;
  }
  return chain.length > 0 ? chain : [new Error(String(error))];
}

function factsOf(error: object): Facts {
  const fields = error as Record<string, unknown>;
  const nested = record(fields.error);
  const status = [
    fields.status,
    fields.statusCode,
    record(fields.response).status,
    fields.code,
    nested.status,
    nested.code,
  ]
    .map((value) => (typeof value === "string" && /^\d{3}$/.test(value) ? Number(value) : value)) // Azure's codes
    .find((value): value is number => typeof value === "number" && value >= 400 && value < 600);
  const details = Array.isArray(fields.errorDetails) ? fields.errorDetails.map(record) : [];
  const codes = [
    fields.code,
    fields.type,
    fields.lc_error_code,
    fields.finishReason,
    typeof fields.blockReason === "string" ? "content_filter" : undefined, // a blocked prompt, whatever the reason
    fields.rateLimitType,
    nested.code,
    nested.type,
    nested.status,
    ...details.flatMap((detail) => [detail.reason, JSON.stringify(detail.violations)]),
  ].filter((code): code is string => typeof code === "string");
  const name = [fields.name, error.constructor?.name].filter((part) => typeof part === "string").join(" ");
  const text = typeof fields.message === "string" ? fields.message : "";
  return { name, text, ...(status === undefined ? {} : { status }), codes, error };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

function classOf(facts: Facts): ErrorClass | undefined {
  const { name, text, status, error } = facts;
  const has = (pattern: RegExp) => facts.codes.some((code) => pattern.test(code));
  if (CallTimeoutError.isInstance(error)) return "timeout";
  if (ContextOverflowError.isInstance(error) || has(/context_length|context_overflow/i)) return "context_overflow";
  if (
    ModelRefusalError.isInstance(error) ||
    has(/content_filter|content_policy|SAFETY|PROHIBITED_CONTENT|BLOCKLIST|RECITATION|SPII/)
  ) {
    return "refusal";
  }
  if (/Empty(Content|Answer)Error/.test(name)) return "empty";
  if (has(/insufficient_quota|billing|credit|PerDay/i) || status === 402 || /InsufficientQuota/.test(name))
    return "quota";
  if (/QuotaExhausted/.test(name) && parseRetryAfter(error) === undefined) return "quota"; // Gemini words a short wait like this too
  if (
    status === 401 ||
    status === 403 ||
    has(/MODEL_AUTHENTICATION|invalid_api_key|API_KEY_INVALID|authentication_error|permission/i)
  ) {
    return "authentication";
  }
  if (
    status === undefined &&
    /missing credentials|api key (is )?(missing|not found)|set an? api key|(OPENAI|AZURE_OPENAI|GOOGLE)_API_KEY/i.test(
      text,
    )
  ) {
    return "authentication";
  }
  if (status === 429 || has(/rate_limit|RESOURCE_EXHAUSTED|MODEL_RATE_LIMIT/i)) return "rate_limit";
  if (
    status === 408 ||
    /TimeoutError|ConnectionTimeout/.test(name) ||
    has(/ETIMEDOUT|UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT/)
  ) {
    return "timeout";
  }
  if ((status === 400 || status === 413 || status === undefined) && overflow.test(text)) return "context_overflow";
  if (status === 413) return "context_overflow";
  if (
    status === 409 ||
    (status !== undefined && status >= 500) ||
    has(/server_error|overloaded|^INTERNAL$|UNAVAILABLE/i)
  )
    return "server";
  if (status !== undefined && status >= 400) return "invalid_request";
  if (has(/invalid_request|MODEL_NOT_FOUND|model_not_found/i)) return "invalid_request";
  if (/AbortError/.test(name)) return "timeout"; // the run's own abort never gets here: the call site rethrows it
  if (has(/^(ECONN|ENOTFOUND|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR)/) || /APIConnectionError/.test(name))
    return "network";
  if (
    /^(terminated|network error)|fetch failed|reading from the stream|connection error|socket hang up|other side closed|premature close|\bECONN/i.test(
      text,
    )
  )
    return "network";
  if (/SyntaxError/.test(name) && /JSON|Unexpected (token|end)/.test(text)) return "server";
  if (/TypeError/.test(name) && /'(choices|0|message|role|content|parts|candidates|finish_reason)'/.test(text))
    return "server";
  if (/\bAPIError\b/.test(name) || /Error parsing|Failed to parse stream/i.test(text)) return "server";
  return undefined;
}

const overflow =
  /context (length|window|size)|maximum (context|prompt)|too many (input )?tokens|token count .{0,40}exceeds|prompt is too long|input is too long/i;
