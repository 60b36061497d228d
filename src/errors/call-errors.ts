import type { BaseMessage } from "@langchain/core/messages";
import type { ErrorClass } from "./error-classes.js";
import { namespace, OrchestrationError } from "./orchestration-error.js";

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
export class ModelCallError extends namespace.brand(OrchestrationError, "model-call") {
  override readonly name = "ModelCallError";
  readonly class: ErrorClass;
  readonly path: string;
  readonly status?: number;
  /** Milliseconds the provider asks to wait. */
  readonly retryAfterMs?: number;
  /** What the provider said, redacted. */
  readonly reason: string;
  /** True when another model may do what this one could not (everything but the caller's own bug). */
  readonly movesOn: boolean;
  override readonly cause: unknown;
  /** Tool calls an agent completed before it failed: they are handed on, so that no side effect runs twice. */
  readonly steps: readonly BaseMessage[];
  constructor(fields: {
    path: string;
    class: ErrorClass;
    cause: unknown;
    reason: string;
    movesOn: boolean;
    status?: number;
    retryAfterMs?: number;
    hint?: string;
    steps?: readonly BaseMessage[];
  }) {
    super(`${fields.path}: ${fields.class}: ${fields.reason}${fields.hint === undefined ? "" : ` - ${fields.hint}`}`);
    this.path = fields.path;
    this.reason = fields.hint === undefined ? fields.reason : `${fields.reason} - ${fields.hint}`;
    this.class = fields.class;
    this.cause = fields.cause;
    this.steps = fields.steps ?? [];
    this.movesOn = fields.movesOn;
    this.status = fields.status;
    this.retryAfterMs = fields.retryAfterMs;
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

/** No model answered; `failures` says why for each of them, in the order they were asked. */
export class AllModelsFailedError extends namespace.brand(OrchestrationError, "all-models-failed") {
  override readonly name = "AllModelsFailedError";
  constructor(readonly failures: readonly Failure[]) {
    super(`No model answered.\n${listFailures(failures)}`);
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
export class QuorumNotReachedError extends namespace.brand(OrchestrationError, "quorum-not-reached") {
  override readonly name = "QuorumNotReachedError";
  constructor(
    readonly needed: number,
    readonly received: number,
    readonly failures: readonly Failure[] = [],
  ) {
    super(
      `${received} of the ${needed} answers needed came. Give \`fallback\` or \`defaultResponse\` to survive this.\n${listFailures(failures)}`,
    );
  }
}

function listFailures(failures: readonly Failure[]): string {
  return failures
    .map(({ name, item, class: kind, message }) => {
      const who = item === undefined ? name : `${name} (${item})`;
      return `  ${who}: ${kind}: ${message}`.replaceAll("\n", "\n  ");
    })
    .join("\n");
}
