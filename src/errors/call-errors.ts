import type { BaseMessage } from "@langchain/core/messages";
import { maskKeys } from "../secrets/redact.js";
import { type ErrorClass, errorClasses } from "./error-classes.js";
import { FinalError, type Finality } from "./final-error.js";
import { ForeignError } from "./foreign-error.js";
import { namespace, OrchestrationError } from "./orchestration-error.js";
import { safeCause } from "./safe-cause.js";

/** Name and code of an error a client threw: `RateLimitError`, `insufficient_quota`. */
export interface Thrown {
  readonly name: string;
  readonly code?: string;
}

/** A failed call as plain data, for state, decisions and `AllModelsFailedError`. */
export interface Failure {
  /** Key of the model in its pattern, which is its node name. */
  readonly name: string;
  readonly class: ErrorClass;
  /** Message without keys, headers and credentials. */
  readonly message: string;
  /** HTTP status, if any. */
  readonly status?: number;
  /** Milliseconds to wait, from the provider. */
  readonly retryAfterMs?: number;
  readonly thrown?: Thrown;
  /** The budget without room for the call, for class `budget`. */
  readonly budget?: { readonly limitUsd: number; readonly spentUsd: number };
  /** True when a retry may help and has not been tried yet. */
  readonly retryable?: true;
  /** Messages of tool calls that completed before the failure. */
  readonly steps?: readonly BaseMessage[];
  /** Input of a map-reduce worker. */
  readonly item?: string;
}

/** An attempt exceeded `timeout` or `firstTokenTimeout` of its entry. */
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

/** A call failed and no other model was left. */
export class ModelCallError extends namespace.brand(FinalError, "model-call") {
  override readonly name: string = "ModelCallError";
  declare readonly class: ErrorClass;
  readonly path: string;
  /** The provider's message, redacted. */
  readonly reason: string;
  readonly thrown?: Thrown;
  /** True when another model may succeed; false for the caller's own mistake. */
  readonly movesOn: boolean;
  /** The client's error as a `ForeignError`: name, status, code, request id, and message and stack without keys. */
  override readonly cause: Error;
  /** Messages of tool calls an agent completed before it failed, kept so that no side effect runs twice. */
  readonly steps: readonly BaseMessage[];
  constructor(fields: {
    path: string;
    class: ErrorClass;
    cause: unknown;
    reason: string;
    movesOn: boolean;
    /** True when a retry may help and has not been tried yet. @default false */
    retryable?: boolean;
    status?: number;
    retryAfterMs?: number;
    thrown?: Thrown;
    hint?: string;
    steps?: readonly BaseMessage[];
  }) {
    const { hint, reason: given } = fields;
    const reason = hint === undefined || given.endsWith(hint) ? given : `${given} - ${hint}`; // that of an error within has the hint
    super(`${fields.path === "" ? "" : `${fields.path}: `}${fields.class}: ${reason}`, fields);
    this.path = maskKeys(fields.path);
    this.reason = maskKeys(reason);
    this.cause = safeCause(fields.cause);
    this.steps = fields.steps ?? [];
    this.movesOn = fields.movesOn;
    const thrown = fields.thrown ?? thrownOf(this.cause);
    if (thrown !== undefined) this.thrown = thrown;
  }
}

/** A model that stands alone was not called, because its breaker is open; `class` is that of the failure that opened it. */
export class CircuitOpenError extends namespace.brand(ModelCallError, "circuit-open") {
  override readonly name = "CircuitOpenError";
  /** Id of the model; the key of the model if the client has no id. */
  readonly model: string;
  /** Unix time in ms from which the model may be called again. */
  readonly retryAt: number;
  constructor(fields: {
    path: string;
    model: string;
    retryAt: number;
    class: ErrorClass;
    /** The failure that opened the breaker. @default another process met it */
    cause?: unknown;
    /** Reads after "it": "its breaker is open". */
    reason: string;
  }) {
    const left = Math.max(0, fields.retryAt - Date.now());
    const { cause = new Error("another process opened the breaker") } = fields;
    super({ ...fields, cause, movesOn: true, ...(left > 0 && { retryAfterMs: left }) });
    this.model = maskKeys(fields.model);
    this.retryAt = fields.retryAt;
  }
}

/** An answer broke off after its first tokens had been streamed, which cannot be retracted. */
export class AnswerDiscardedError extends namespace.brand(OrchestrationError, "answer-discarded") {
  override readonly name = "AnswerDiscardedError";
  constructor(
    readonly path: string,
    /** Error class of the call, or another reason. */
    readonly reason: string,
  ) {
    super(
      `The answer of ${path} was discarded after its first tokens had been streamed (${reason}). Repeat the call, or use invoke so that another model can take over unseen.`,
    );
  }
}

/** All models failed; `failures` lists why in call order, and the other fields describe the last failure. */
export class AllModelsFailedError extends namespace.brand(FinalError, "all-models-failed") {
  override readonly name = "AllModelsFailedError";
  /** The last failure. */
  override readonly cause: ModelCallError | undefined;
  constructor(
    readonly failures: readonly Failure[],
    /** The last failure as it was thrown. @default made from `failures` */
    last?: ModelCallError,
    /** Skipped models with the reason. */
    readonly skipped: readonly { readonly name: string; readonly reason: string }[] = [],
  ) {
    const notCalled = skipped.map(({ name, reason }) => `\n  ${name}: skipped: ${reason}`).join("");
    super(`No model answered.\n${listFailures(failures)}${notCalled}`, facts(failures));
    this.cause = last ?? lastOf(failures);
  }
}

/** A run reached the caller's `recursionLimit` before any model answered; `failures` lists the failed calls. */
export class StepLimitError extends namespace.brand(OrchestrationError, "step-limit") {
  override readonly name = "StepLimitError";
  constructor(
    /** The `recursionLimit`. */
    readonly limit: number,
    readonly failures: readonly Failure[],
  ) {
    super(
      `No model answered before the recursionLimit of ${limit} was reached. Raise it, or leave it out: a pattern sets the limit it needs.\n${listFailures(failures)}`,
    );
  }
}

/** Fewer lanes of an ensemble answered than `minimum` requires. */
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
      `${received} of the ${needed} answers needed came. Give \`fallback\` or \`defaultResponse\` to return an answer anyway.\n${listFailures(failures)}`,
      facts(failures),
    );
    this.cause = lastOf(failures);
  }
}

/** Summarizes failures: class of the last, the shortest wait, and whether a retry is left to the caller. */
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

/** Returns name and code of a client's error; undefined for errors of this library. */
function thrownOf(cause: Error): Thrown | undefined {
  if (!ForeignError.isInstance(cause)) return undefined;
  const name = [cause.name, cause.class].find((each) => each !== "Error" && each !== "Object") ?? "Error";
  return { name, ...(cause.code === undefined ? {} : { code: String(cause.code) }) };
}

/** Returns true when a call, or all calls of a run, failed; any other error is a bug. */
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
