import { ContextOverflowError, getRetryable, ModelRefusalError } from "@langchain/core/errors";
import {
  AllModelsFailedError,
  CallTimeoutError,
  type ErrorClass,
  errorClasses,
  InvalidInputError,
  InvalidOptionError,
  isReplyTooLarge,
  ModelCallError,
  QuorumNotReachedError,
  UnavailableModelError,
  UnknownRouteError,
} from "../errors/index.js";
import { belongsToGraph } from "../langgraph/graph-errors.js";
import { errorsIn, type Facts, factsOf } from "./error-facts.js";
import { providerWords } from "./provider-words.js";
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

/** How an attempt is observed. */
export interface Observing {
  /** Signals that end it from outside. */
  readonly stops?: readonly (AbortSignal | undefined)[];
  /** Classifies its error, where the caller does so itself. */
  readonly classify?: (error: unknown) => Classified;
}

/**
 * Decides what kind of error a model call ended with.
 *
 * The stamp and classes of `@langchain/core/errors` come first, then the words of providers and servers, then the HTTP status and
 * general codes. Causes and members of an `AggregateError` are followed and the most telling one wins: a 429 wrapped in a connection
 * error is a rate limit.
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
  const errors = errorsIn(error);
  for (const each of errors) {
    const known = classifyOwn(each, again);
    if (known !== undefined) return errors.some(isReplyTooLarge) ? { ...known, retryable: false } : known;
  }
  if (errors.some(isReplyTooLarge)) return { ...ruled("server"), retryable: false, status: 502 }; // it would be paid again
  const chain = errors.map(factsOf);
  let found: ErrorClass = "unknown";
  let told: Facts | undefined;
  for (const facts of chain) {
    const kind = classOf(facts);
    if (kind !== undefined && (told === undefined || tells(kind) > tells(found))) {
      found = kind;
      told = facts;
    }
  }
  const status = told?.status ?? chain.find((facts) => facts.status !== undefined)?.status;
  const retryAfterMs = errors.map((each) => parseRetryAfter(each)).find((wait) => wait !== undefined);
  const stamp = errors.map(getRetryable).find((mark) => mark !== undefined);
  const { retryable, movesOn } = errorClasses[found];
  const byWords = told !== undefined && worded(told) !== undefined; // the client stamped the status
  return {
    class: found,
    retryable: retryable && (byWords || stampless.has(found) || (stamp ?? true)),
    movesOn,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(status === undefined ? {} : { status }),
  };
}

/** What an error of a nested pattern was found to be. */
function classifyOwn(error: object, again: boolean): Classified | undefined {
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
  if (UnavailableModelError.isInstance(error)) return ruled("model_unavailable"); // a model of a file without its key or package
  if (AllModelsFailedError.isInstance(error) || QuorumNotReachedError.isInstance(error)) {
    const { class: kind = "unknown", status, failures } = error;
    const movesOn = failures.length === 0 || failures.some((failure) => errorClasses[failure.class].movesOn);
    return { class: kind, retryable: again && errorClasses[kind].retryable, movesOn, status };
  }
  return undefined;
}

/** Classes whose stamp says something else: clients stamp a short wait, a time-out and an empty answer as final. */
const stampless: ReadonlySet<ErrorClass> = new Set(["rate_limit", "timeout", "empty"]);

/** How much a class says: where a call broke less than that it was refused, and that less than why. */
function tells(kind: ErrorClass): number {
  if (kind === "unknown" || kind === "network" || kind === "server") return 0;
  return kind === "invalid_request" ? 1 : 2;
}

function classOf(facts: Facts): ErrorClass | undefined {
  const { names, text, status, error } = facts;
  const has = saysIn(facts);
  const named = (pattern: RegExp) => names.some((name) => pattern.test(name));
  if (CallTimeoutError.isInstance(error)) return "timeout";
  if (ContextOverflowError.isInstance(error)) return "context_overflow";
  if (ModelRefusalError.isInstance(error)) return "refusal";
  const kind = worded(facts);
  if (kind !== undefined) return kind;
  if (named(/^(Spent)?Empty(Content|Answer)Error$/)) return "empty";
  if (status === 402 || named(/InsufficientQuota/)) return "quota";
  if (named(/QuotaExhausted/) && parseRetryAfter(error) === undefined) return "quota"; // Gemini words a short wait like this too
  if (status === 401 || status === 403 || status === 451 || has(unauthorized)) return "authentication";
  if (status === undefined && missingKey.test(text)) return "authentication";
  if (status === 429 || has(/rate_limit|RESOURCE_EXHAUSTED|MODEL_RATE_LIMIT|Throttling|TooManyRequests/i))
    return "rate_limit";
  if (status === undefined && /rate limit (reached|exceeded)|too many requests/i.test(text)) return "rate_limit";
  if (status === 408 || named(/TimeoutError|TimeoutException|ConnectionTimeout/) || has(timedOut)) return "timeout";
  if (status === 404 || status === 410 || has(/^NOT_FOUND$|not_found_error|ResourceNotFound/))
    return "model_unavailable";
  if (status === 413) return "context_overflow";
  if (status === 409 || (status !== undefined && status >= 500) || has(failing)) return "server";
  if (status !== undefined && /status code \(no body\)$/.test(text)) return undefined; // nothing says whose mistake it is
  if (
    status !== undefined ||
    has(/invalid_request|^(INVALID_ARGUMENT|FAILED_PRECONDITION|OUT_OF_RANGE)$|ValidationException/)
  ) {
    return "invalid_request";
  }
  if (named(/AbortError/)) return "timeout"; // the run's own abort never gets here: the caller rethrows it
  if (has(/^(ECONN|ENOTFOUND|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|UND_ERR)/) || named(/APIConnectionError/))
    return "network";
  if (lost.test(text)) return "network";
  if (named(/SyntaxError/) && /JSON|Unexpected (token|end)/.test(text)) return "server";
  if (named(/TypeError/) && /'(choices|0|message|role|content|parts|candidates|finish_reason)'/.test(text))
    return "server";
  if (named(/\bAPIError\b/) || /Error parsing|Failed to parse stream/i.test(text)) return "server";
  return undefined;
}

/** The class the words of a provider stand for. */
function worded(facts: Facts): ErrorClass | undefined {
  const { text, spoken, status } = facts;
  const has = saysIn(facts);
  return providerWords.find(({ in: place, on, quotes, patterns }) => {
    if (status !== undefined && on?.includes(status) === false) return false;
    return patterns.some((pattern) => (place === "code" ? has(pattern) : pattern.test(quotes ? text : spoken)));
  })?.class;
}

function saysIn({ codes }: Facts): (pattern: RegExp) => boolean {
  return (pattern) => codes.some((code) => pattern.test(code));
}

const unauthorized =
  /MODEL_AUTHENTICATION|invalid_api_key|API_KEY_INVALID|authentication_error|permission|UNAUTHENTICATED|AccessDenied|ExpiredToken|UnrecognizedClient|CredentialsProvider/i;

const missingKey =
  /missing credentials|api key (is )?(missing|not found)|set an? api key|(OPENAI|AZURE_OPENAI|GOOGLE)_API_KEY/i;

const timedOut = /ETIMEDOUT|UND_ERR_(HEADERS|BODY|CONNECT)_TIMEOUT|DEADLINE_EXCEEDED/;

const failing =
  /server_error|overloaded|^(INTERNAL|ABORTED|DATA_LOSS|UNIMPLEMENTED|UNKNOWN)$|UNAVAILABLE|InternalServer|ServiceUnavailable|Model(Error|Stream|NotReady)/i;

const lost =
  /^(terminated|network error)|fetch failed|reading from the stream|connection error|socket hang up|other side closed|premature close|\bECONN|unexpected EOF/i;
