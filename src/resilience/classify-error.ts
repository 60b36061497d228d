import { ContextOverflowError, getRetryable, ModelRefusalError } from "@langchain/core/errors";
import {
  AllModelsFailedError,
  CallTimeoutError,
  type ErrorClass,
  errorClasses,
  InvalidInputError,
  InvalidOptionError,
  isReplyTooLarge,
  LimitReachedError,
  ModelCallError,
  QuorumNotReachedError,
  RecordingMissError,
  UnavailableModelError,
  UnknownRouteError,
} from "../errors/index.js";
import { belongsToGraph } from "../langgraph/graph-errors.js";
import { waitInWords } from "./duration.js";
import { errorsIn, type Facts, factsOf } from "./error-facts.js";
import { providerWords } from "./provider-words.js";
import { parseRetryAfter } from "./retry-after.js";
import { isUnbilled } from "./unbilled.js";

/** Class of an error, and the reactions that it allows. */
export interface Classified {
  readonly class: ErrorClass;
  /** True if the same model may be retried. */
  readonly retryable: boolean;
  /** True if another model may be called; false for bugs of the caller and for control flow. */
  readonly movesOn: boolean;
  /** Wait requested by the provider, in ms. */
  readonly retryAfterMs?: number;
  readonly status?: number;
  /** True if no provider bills the request: it was not sent, or was rejected. */
  readonly unbilled?: true;
}

export interface ObserveOptions {
  /** Signals that abort the attempt from outside. */
  readonly stops?: readonly (AbortSignal | undefined)[];
  /** Classifies the error of the attempt. @default `classifyError` */
  readonly classify?: (error: unknown) => Classified;
}

/**
 * Classifies the error of a model call.
 *
 * Classes of `@langchain/core/errors` come first, then wordings of providers and servers, then HTTP status and general codes. Causes and
 * members of an `AggregateError` are included and the most specific one wins: a 429 wrapped in a connection error is a rate limit.
 *
 * @param again true if a whole run may be retried, although its models were retried already
 * @example
 * ```ts
 * classifyError(Object.assign(new Error("slow down"), { status: 429 })).class; // "rate_limit"
 * ```
 */
export function classifyError(error: unknown, again = false): Classified {
  try {
    return classify(error, again);
  } catch {
    return classifiedAs("unknown"); // a getter of the error throws
  }
}

function classifiedAs(kind: ErrorClass): Classified {
  const { retryable, movesOn } = errorClasses[kind];
  return { class: kind, retryable, movesOn };
}

function classify(error: unknown, again: boolean): Classified {
  if (belongsToGraph(error)) return classifiedAs("interrupt");
  const errors = errorsIn(error);
  for (const each of errors) {
    const known = classifyOwn(each, again);
    if (known !== undefined) return errors.some(isReplyTooLarge) ? { ...known, retryable: false } : known;
  }
  if (errors.some(isReplyTooLarge)) return { ...classifiedAs("server"), retryable: false, status: 502 }; // a retry would be billed again
  const chain = errors.map(factsOf);
  let found: ErrorClass = "unknown";
  let decisive: Facts | undefined;
  for (const facts of chain) {
    const kind = classOf(facts);
    if (kind !== undefined && (decisive === undefined || specificity(kind) > specificity(found))) {
      found = kind;
      decisive = facts;
    }
  }
  const status = decisive?.status ?? chain.find((facts) => facts.status !== undefined)?.status;
  const retryAfterMs =
    errors.map((each) => parseRetryAfter(each)).find((wait) => wait !== undefined) ??
    (found === "rate_limit"
      ? chain.map(({ unquotedText }) => waitInWords(unquotedText)).find(Number.isFinite)
      : undefined);
  const stamp = errors.map(getRetryable).find((mark) => mark !== undefined);
  const { retryable, movesOn } = errorClasses[found];
  const byWords = decisive !== undefined && classByWords(decisive) !== undefined; // the client stamped the status
  return {
    class: found,
    retryable: retryable && (byWords || stampIgnored.has(found) || (stamp ?? true)),
    movesOn,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined ? {} : { status }),
    ...(isUnbilled(errors, found) && { unbilled: true }),
  };
}

/** Returns the class stored in an error of a nested pattern. */
function classifyOwn(error: object, again: boolean): Classified | undefined {
  if (ModelCallError.isInstance(error)) {
    const { class: kind, movesOn, status } = error;
    return { class: kind, retryable: again && errorClasses[kind].retryable, movesOn, status };
  }
  if (
    InvalidInputError.isInstance(error) ||
    InvalidOptionError.isInstance(error) ||
    RecordingMissError.isInstance(error) ||
    UnknownRouteError.isInstance(error)
  ) {
    return classifiedAs("invalid_request"); // bug of the caller, in a nested pattern
  }
  if (LimitReachedError.isInstance(error)) {
    const { waitMs } = error;
    return { ...classifiedAs("rate_limit"), ...(waitMs !== undefined && { retryAfterMs: waitMs }) };
  }
  if (UnavailableModelError.isInstance(error)) return { ...classifiedAs("model_unavailable"), unbilled: true }; // its key or package is missing
  if (AllModelsFailedError.isInstance(error) || QuorumNotReachedError.isInstance(error)) {
    const { class: kind = "unknown", status, failures } = error;
    const movesOn = failures.length === 0 || failures.some((failure) => errorClasses[failure.class].movesOn);
    return { class: kind, retryable: again && errorClasses[kind].retryable, movesOn, status };
  }
  return undefined;
}

/** Classes that ignore the stamp, since clients mark short waits, timeouts and empty answers as not retryable. */
const stampIgnored: ReadonlySet<ErrorClass> = new Set(["rate_limit", "timeout", "empty"]);

/** Ranks classes: a broken connection below an invalid request, and that below any specific cause. */
function specificity(kind: ErrorClass): number {
  if (kind === "unknown" || kind === "network" || kind === "server") return 0;
  return kind === "invalid_request" ? 1 : 2;
}

function classOf(facts: Facts): ErrorClass | undefined {
  const { names, text, status, error } = facts;
  const has = codeMatcher(facts);
  const named = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (CallTimeoutError.isInstance(error)) return "timeout";
  if (ContextOverflowError.isInstance(error)) return "context_overflow";
  if (ModelRefusalError.isInstance(error)) return "refusal";
  const kind = classByWords(facts);
  if (kind !== undefined) return kind;
  if (named(/^(Spent)?Empty(Content|Answer)Error$/)) return "empty";
  if (status === 446) return "refusal"; // a guardrail of Portkey's gateway
  if (status === 402 || named(/InsufficientQuota/)) return "quota";
  if (named(/QuotaExhausted/) && parseRetryAfter(error) === undefined) return "quota"; // Gemini uses it for short waits, too
  if (status === 401 || status === 403 || status === 451 || has(unauthorized)) return "authentication";
  if (status === undefined && missingKey.test(text)) return "authentication";
  if (status === 429 || has(/rate_limit|RESOURCE_EXHAUSTED|MODEL_RATE_LIMIT|Throttling|TooManyRequests/i))
    return "rate_limit";
  if (status === undefined && /rate limit (reached|exceeded)|too many requests/i.test(text)) return "rate_limit";
  if (status === 408 || named(/TimeoutError|TimeoutException|ConnectionTimeout/) || has(timedOut)) return "timeout";
  if (status === 404 || status === 410 || has(/^NOT_FOUND$|not_found_error|ResourceNotFound/))
    return "model_unavailable";
  if (status === 413) return "context_overflow";
  if (status === 407) return "network"; // a proxy on the way
  if (passing.has(status) || (status !== undefined && status >= 500) || has(failing)) return "server";
  if (status !== undefined && /status code \(no body\)$/.test(text)) return undefined; // the cause is unknown
  if (
    status !== undefined ||
    has(/invalid_request|^(INVALID_ARGUMENT|FAILED_PRECONDITION|OUT_OF_RANGE)$|ValidationException/)
  ) {
    return "invalid_request";
  }
  if (named(/AbortError/)) return "timeout"; // the caller rethrows aborts of the run itself
  if (has(unreachable) || named(/APIConnectionError|^NetworkError$/)) return "network";
  if (lost.test(text)) return "network";
  if (named(/SyntaxError/) && /JSON|Unexpected (token|end)/.test(text)) return "server";
  if (named(/TypeError/) && /'(choices|0|message|role|content|length|parts|candidates|finish_reason)'/.test(text))
    return "server";
  if (named(/\bAPIError\b/) || /Error parsing|Failed to parse stream/i.test(text)) return "server";
  return undefined;
}

/** Returns the class of the first matching provider wording. */
function classByWords(facts: Facts): ErrorClass | undefined {
  const { text, unquotedText, status } = facts;
  const has = codeMatcher(facts);
  return providerWords.find(({ in: place, on, quotes, patterns }) => {
    if (status !== undefined && on?.includes(status) === false) return false;
    return patterns.some((pattern) => (place === "code" ? has(pattern) : pattern.test(quotes ? text : unquotedText)));
  })?.class;
}

function codeMatcher({ codes }: Facts): (pattern: RegExp) => boolean {
  return (pattern) => codes.some((code) => pattern.test(code));
}

const unauthorized =
  /MODEL_AUTHENTICATION|invalid_api_key|API_KEY_INVALID|authentication_error|permission|UNAUTHENTICATED|AccessDenied|ExpiredToken|UnrecognizedClient|CredentialsProvider/i;

const missingKey =
  /missing credentials|missing [\w ]{0,20}\bapi key|api key (is )?(missing|not found)|set an? api key|\b[A-Z]+(_[A-Z]+)?_API_KEY\b|could not (load|resolve|find) (the )?(default )?(credentials|authentication)/i;

/** Statuses below 500 of a failure that a retry may mend: TGI's "generation failed" (424), a gateway that gave up (499). */
const passing: ReadonlySet<number | undefined> = new Set([409, 421, 424, 425, 499]);

const timedOut = /ETIMEDOUT|UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|DEADLINE_EXCEEDED/;

const failing =
  /server_error|overloaded|^(INTERNAL|ABORTED|DATA_LOSS|UNIMPLEMENTED|UNKNOWN)$|UNAVAILABLE|InternalServer|ServiceUnavailable|Model(Error|Stream|NotReady)/i;

/** Codes of a broken connection: Node's, of TLS, HTTP parsers and compression, Bun's. */
const unreachable =
  /^(ECONN|ENOTFOUND|EPIPE|EPROTO|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR|HPE_|Z_[A-Z]+_ERROR|ERR_(TLS|SSL|HTTP2|NETWORK|STREAM_PREMATURE)|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|Connection(Refused|Closed|Reset)|FailedToOpenSocket)/;

const lost =
  /^(terminated|network error)|fetch failed|reading from the stream|connection error|socket hang up|other side closed|premature close|\bECONN|unexpected EOF|did not receive done|^load failed|failed to fetch|NetworkError when|^unable to connect\b|error sending request for url|\bconnection (was |has been )?(closed|lost|refused|reset)\b/i;
