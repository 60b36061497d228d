import { LangChainError, ns } from "@langchain/core/errors";
import type { BaseMessage } from "@langchain/core/messages";

const namespace = ns.sub("multimodel");

/** What kind of error a call ended with; decides whether it is retried and which model is asked next. */
export type ErrorClass =
  | "rate_limit"
  | "quota"
  | "timeout"
  | "network"
  | "server"
  | "context_overflow"
  | "refusal"
  | "authentication"
  | "invalid_request"
  | "empty"
  | "unknown"
  | "abort"
  | "interrupt";

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

/** Base of every error this library throws on purpose; `OrchestrationError.isInstance(error)` works across copies of the package. */
export class OrchestrationError extends namespace.brand(LangChainError, "orchestration") {
  override readonly name: string = "OrchestrationError";
}

/** Something given as a model cannot answer messages, or cannot be given the parameters asked for. */
export class InvalidModelError extends namespace.brand(OrchestrationError, "invalid-model") {
  override readonly name = "InvalidModelError";
}

/** A key of `models` (or `stages`) cannot be the name of a graph node. */
export class InvalidModelNameError extends namespace.brand(OrchestrationError, "invalid-model-name") {
  override readonly name = "InvalidModelNameError";
  constructor(
    readonly modelName: string,
    why: string,
  ) {
    super(`"${modelName}" cannot be the name of a model: ${why}`);
  }
}

/** An option is missing, unknown or out of range. */
export class InvalidOptionError extends namespace.brand(OrchestrationError, "invalid-option") {
  override readonly name = "InvalidOptionError";
  constructor(
    /** Which option, with the function that takes it: `createCascade.verify`. */
    readonly option: string,
    readonly value: unknown,
    expected: string,
  ) {
    super(`${option} is ${describe(value)}; ${expected}`);
  }
}

/** A package that is optional is needed and not installed. */
export class MissingPackageError extends namespace.brand(OrchestrationError, "missing-package") {
  override readonly name = "MissingPackageError";
  constructor(
    /** The function that needs it. */
    readonly neededBy: string,
    readonly packages: readonly string[],
    override readonly cause?: unknown,
  ) {
    super(`${neededBy} needs packages that are not installed; run: npm install ${packages.join(" ")}`);
  }
}

/** One thing that is wrong with a configuration file. */
export interface ConfigProblem {
  /** Where in the file's data: `models.fast.provider`. */
  readonly path: string;
  /** Line of the file, from 1. */
  readonly line: number;
  /** What is wrong, and what to write instead. */
  readonly message: string;
}

/** A configuration file cannot be used; `problems` has all that is wrong with it, in the order of the file. */
export class ConfigError extends namespace.brand(OrchestrationError, "config") {
  override readonly name = "ConfigError";
  constructor(
    readonly file: string,
    readonly problems: readonly ConfigProblem[],
  ) {
    const lines = problems.map(
      ({ path, line, message }) => `  ${file}:${line}: ${path === "" ? "" : `${path}: `}${message}`,
    );
    super(
      `${file} cannot be used; ${problems.length === 1 ? "one thing is" : `${problems.length} things are`} wrong:\n${lines.join("\n")}`,
    );
  }
}

/** The messages a run was given cannot be answered (none at all, or text no provider accepts). */
export class InvalidInputError extends namespace.brand(OrchestrationError, "invalid-input") {
  override readonly name = "InvalidInputError";
}

/** The route made no decision and there is no `fallback`. */
export class NoRouteError extends namespace.brand(OrchestrationError, "no-route") {
  override readonly name = "NoRouteError";
}

/** The route named a model that does not exist. */
export class UnknownRouteError extends namespace.brand(OrchestrationError, "unknown-route") {
  override readonly name = "UnknownRouteError";
  constructor(
    readonly route: string,
    readonly available: readonly string[],
  ) {
    super(
      `The route chose "${route}"; the models are ${available.map((name) => `"${name}"`).join(", ")}. Return one of them.`,
    );
  }
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

function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (typeof value === "object" && value !== null) {
    const keys = Object.keys(value);
    return keys.length === 0 ? "an empty object" : `an object with ${keys.slice(0, 5).join(", ")}`;
  }
  return typeof value === "function" ? "a function" : String(value);
}
