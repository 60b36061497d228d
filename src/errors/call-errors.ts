import type { BaseMessage } from "@langchain/core/messages";
import { maskKeys } from "../secrets/redact.js";
import { type ErrorClass, errorClasses } from "./error-classes.js";
import { FinalError, type Finality } from "./final-error.js";
import { ForeignError } from "./foreign-error.js";
import { namespace, OrchestrationError } from "./orchestration-error.js";
import { safeCause } from "./safe-cause.js";

/** What a client threw, by the name and code it is known by: `RateLimitError`, `insufficient_quota`. */
export interface Thrown {
  readonly name: string;
  readonly code?: string;
}

/** A call that ended without an answer, as data: what state, decisions and `AllModelsFailedError` carry. */
export interface Failure {
  /** Key of the model in its pattern (the node's name). */
  readonly name: string;
  readonly class: ErrorClass;
  /** Redacted: no key, no header, no credentials. */
  readonly message: string;
  /** HTTP status, where there was one. */
  readonly status?: number;
  /** Milliseconds the provider asks to wait. */
  readonly retryAfterMs?: number;
  readonly thrown?: Thrown;
  /** True when asking again may help and has not been tried here. */
  readonly retryable?: true;
  /** Tool calls it completed all the same. */
  readonly steps?: readonly BaseMessage[];
  /** What a worker of a map-reduce was given. */
  readonly item?: string;
}

/** One attempt took longer than `timeout` or `firstTokenTimeout` of its entry. */
export class CallTimeoutError extends namespace.brand(OrchestrationError, "call-timeout") {
  override readonly name = "CallTimeoutError";
  constructor(
    readonly kind: "timeout" | "firstTokenTimeout",
    /** Milliseconds. */
    readonly limit: number,
  ) {
    super(
      kind === "timeout" ? `No answer within ${limit} ms (timeout)` : `No token within ${limit} ms (firstTokenTimeout)`,
    );
  }
}

/** A call failed and there was nowhere else to go. */
export class ModelCallError extends namespace.brand(FinalError, "model-call") {
  override readonly name = "ModelCallError";
  declare readonly class: ErrorClass;
  readonly path: string;
  /** What the provider said, redacted. */
  readonly reason: string;
  readonly thrown?: Thrown;
  /** True when another model may do what this one could not (everything but the caller's own bug). */
  readonly movesOn: boolean;
  /** What the client threw, as a `ForeignError`: name, status, code, request id, message and stack without keys. */
  override readonly cause: Error;
  /** Tool calls an agent completed before it failed: they are handed on, so that no side effect runs twice. */
  readonly steps: readonly BaseMessage[];
  constructor(fields: {
    path: string;
    class: ErrorClass;
    cause: unknown;
    reason: string;
    movesOn: boolean;
    /** True when asking again may help and has not been tried here. @default false */
    retryable?: boolean;
    status?: number;
    retryAfterMs?: number;
    thrown?: Thrown;
    hint?: string;
    steps?: readonly BaseMessage[];
  }) {
    super(
      `${fields.path}: ${fields.class}: ${fields.reason}${fields.hint === undefined ? "" : ` - ${fields.hint}`}`,
      fields,
    );
    this.path = maskKeys(fields.path);
    this.reason = maskKeys(fields.hint === undefined ? fields.reason : `${fields.reason} - ${fields.hint}`);
    this.cause = safeCause(fields.cause);
    this.steps = fields.steps ?? [];
    this.movesOn = fields.movesOn;
    const thrown = fields.thrown ?? thrownOf(this.cause);
    if (thrown !== undefined) this.thrown = thrown;
  }
}

/** An answer broke off after its first tokens were given to whoever streams a chat model; what was given cannot be taken back. */
export class AnswerDiscardedError extends namespace.brand(OrchestrationError, "answer-discarded") {
  override readonly name = "AnswerDiscardedError";
  constructor(
    readonly path: string,
    /** Error class of the call, or what else became of it. */
    readonly reason: string,
  ) {
    super(
      `The answer of ${path} was given up after its first tokens had been streamed (${reason}). Ask again, or use invoke where another model should take over unseen.`,
    );
  }
}

/** No model answered; `failures` says why for each of them, in the order they were asked, and the fields beside it for the last. */
export class AllModelsFailedError extends namespace.brand(FinalError, "all-models-failed") {
  override readonly name = "AllModelsFailedError";
  /** The last failure. */
  override readonly cause: ModelCallError | undefined;
  constructor(
    readonly failures: readonly Failure[],
    /** The last of them, as it was thrown. @default made from `failures` */
    last?: ModelCallError,
    /** Models that were not called, and why. */
    readonly skipped: readonly { readonly name: string; readonly reason: string }[] = [],
  ) {
    const notCalled = skipped.map(({ name, reason }) => `\n  ${name}: skipped: ${reason}`).join("");
    super(`No model answered.\n${listFailures(failures)}${notCalled}`, facts(failures));
    this.cause = last ?? lastOf(failures);
  }
}

/** A run came to the `recursionLimit` its caller set before any model answered; `failures` says what became of those it asked. */
export class StepLimitError extends namespace.brand(OrchestrationError, "step-limit") {
  override readonly name = "StepLimitError";
  constructor(
    /** The `recursionLimit`. */
    readonly limit: number,
    readonly failures: readonly Failure[],
  ) {
    super(
      `No model answered before the recursionLimit of ${limit} was reached. Give a higher one, or none: a pattern knows how many steps it takes.\n${listFailures(failures)}`,
    );
  }
}

/** Fewer lanes of an ensemble answered than `minimum` asks for. */
export class QuorumNotReachedError extends namespace.brand(FinalError, "quorum-not-reached") {
  override readonly name = "QuorumNotReachedError";
  /** The last failure. */
  override readonly cause: ModelCallError | undefined;
  constructor(
    readonly needed: number,
    readonly received: number,
    readonly failures: readonly Failure[] = [],
  ) {
    super(
      `${received} of the ${needed} answers needed came. Give \`fallback\` or \`defaultResponse\` to survive this.\n${listFailures(failures)}`,
      facts(failures),
    );
    this.cause = lastOf(failures);
  }
}

/** What several failures come to: the last one's kind, the shortest wait, and whether a retry was left to code around. */
function facts(failures: readonly Failure[]): Finality {
  const { class: kind, status } = failures.at(-1) ?? {};
  const waits = failures.flatMap(({ retryAfterMs }) => retryAfterMs ?? []);
  const retriedHere = failures.some((failure) => errorClasses[failure.class].retryable && failure.retryable !== true);
  return {
    retryable: !retriedHere && failures.some(({ retryable }) => retryable === true),
    ...(kind === undefined ? {} : { class: kind }),
    ...(status === undefined ? {} : { status }),
    ...(waits.length === 0 ? {} : { retryAfterMs: Math.min(...waits) }),
  };
}

function lastOf(failures: readonly Failure[]): ModelCallError | undefined {
  const last = failures.at(-1);
  if (last === undefined) return undefined;
  const { name: path, message: reason, thrown, ...fields } = last;
  const { movesOn } = errorClasses[last.class];
  const cause = Object.assign(new Error(reason), thrown, last.status === undefined ? {} : { status: last.status });
  return new ModelCallError({ ...fields, ...(thrown && { thrown }), path, reason, movesOn, cause });
}

/** Names what a client threw; undefined for errors of this library. */
function thrownOf(cause: Error): Thrown | undefined {
  if (!ForeignError.isInstance(cause)) return undefined;
  const name = [cause.name, cause.class].find((each) => each !== "Error" && each !== "Object") ?? "Error";
  return { name, ...(cause.code === undefined ? {} : { code: String(cause.code) }) };
}
/** True for an error of a call, or of a run whose calls failed: no answer came. Any other error is a fault of a program. */
export function isCallFailure(error: unknown): error is Error {
  return callErrors.some((kind) => kind.isInstance(error));
}

const callErrors = [
  ModelCallError,
  CallTimeoutError,
  AnswerDiscardedError,
  AllModelsFailedError,
  QuorumNotReachedError,
];

function listFailures(failures: readonly Failure[]): string {
  return failures
    .map(({ name, item, class: kind, message }) => {
      const who = item === undefined ? name : `${name} (${item})`;
      return `  ${who}: ${kind}: ${message}`.replaceAll("\n", "\n  ");
    })
    .join("\n");
}
