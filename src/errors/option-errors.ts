import { maskKeys } from "../secrets/redact.js";
import { didYouMean } from "../text/nearest-name.js";
import { describeValue, harmless } from "./describe-value.js";
import { namespace, OrchestrationError } from "./orchestration-error.js";
import { safeCause } from "./safe-cause.js";

/** Something given as a model cannot answer messages, or cannot be given the parameters asked for. */
export class InvalidModelError extends namespace.brand(OrchestrationError, "invalid-model") {
  override readonly name = "InvalidModelError";
}

/** A key of `models` (or `stages`) cannot be the name of a graph node. */
export class InvalidModelNameError extends namespace.brand(OrchestrationError, "invalid-model-name") {
  override readonly name = "InvalidModelNameError";
  readonly modelName: string;
  constructor(modelName: string, why: string) {
    super(`"${modelName}" cannot be the name of a model: ${why}`);
    this.modelName = maskKeys(modelName);
  }
}

/** An option is missing, unknown or out of range. */
export class InvalidOptionError extends namespace.brand(OrchestrationError, "invalid-option") {
  override readonly name = "InvalidOptionError";
  /** Which option, with the function that takes it: `createCascade.verify`. */
  readonly option: string;
  /** What was given: a number or a short text as it is, of anything else what kind of thing it is (`a ChatOpenAI`). */
  readonly value: unknown;
  constructor(option: string, value: unknown, expected: string) {
    super(`${option} is ${describeValue(value)}; ${expected}`);
    this.option = maskKeys(option);
    this.value = harmless(value);
  }
}

/** A package that is optional is needed and not installed. */
export class MissingPackageError extends namespace.brand(OrchestrationError, "missing-package") {
  override readonly name = "MissingPackageError";
  override readonly cause?: Error;
  constructor(
    /** The function that needs it. */
    readonly neededBy: string,
    readonly packages: readonly string[],
    cause?: unknown,
  ) {
    super(`${neededBy} needs packages that are not installed; run: npm install ${packages.join(" ")}`);
    if (cause !== undefined) this.cause = safeCause(cause);
  }
}

/** A function is imported from where it was in an earlier release. */
export class MovedError extends namespace.brand(OrchestrationError, "moved") {
  override readonly name = "MovedError";
  constructor(
    /** The function. */
    readonly moved: string,
    /** The entry it is imported from now. */
    readonly entry: string,
  ) {
    super(`${moved} has moved; write: import { ${moved} } from "${entry}"`);
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
  readonly problems: readonly ConfigProblem[];
  constructor(
    readonly file: string,
    problems: readonly ConfigProblem[],
  ) {
    const lines = problems.map(
      ({ path, line, message }) => `  ${file}:${line}: ${path === "" ? "" : `${path}: `}${message}`,
    );
    super(
      `${file} cannot be used; ${problems.length === 1 ? "one thing is" : `${problems.length} things are`} wrong:\n${lines.join("\n")}`,
    );
    this.problems = problems.map(({ path, line, message }) => ({
      path: maskKeys(path),
      line,
      message: maskKeys(message),
    }));
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
  readonly route: string;
  readonly available: readonly string[];
  constructor(route: string, available: readonly string[]) {
    const names = available.map((name) => `"${name}"`).join(", ");
    super(
      `The route chose ${describeValue(route)}; the models are ${names}${didYouMean(route, available)}. Return one of them.`,
    );
    this.route = String(harmless(route));
    this.available = available.map(maskKeys);
  }
}
