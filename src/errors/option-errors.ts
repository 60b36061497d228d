import { maskKeys } from "../secrets/redact.js";
import { rememberNamed } from "../secrets/remember-secrets.js";
import { isSecretName } from "../secrets/secret-names.js";
import { didYouMean } from "../text/nearest-name.js";
import { describeValue, harmless, keyLike } from "./describe-value.js";
import { namespace, OrchestrationError } from "./orchestration-error.js";
import { safeCause } from "./safe-cause.js";

/** A value given as a model cannot answer messages or does not support the requested parameters. */
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

/** True for a text given as an option that is named like a secret (`apiKey`), which is then kept out of all texts. */
function isKeyOption(option: string, value: unknown): value is string {
  const name = option.split(".").at(-1)!;
  if (typeof value !== "string" || /^(key|pass|code)$/.test(name) || !isSecretName(name)) return false;
  rememberNamed(name, value);
  return true;
}

/** An option is missing, unknown or out of range. */
export class InvalidOptionError extends namespace.brand(OrchestrationError, "invalid-option") {
  override readonly name = "InvalidOptionError";
  /** Option with its function: `createCascade.verify`. */
  readonly option: string;
  /** Given value: a number or short text as is, otherwise a description (`a ChatOpenAI`). */
  readonly value: unknown;
  constructor(option: string, value: unknown, expected: string) {
    const shown = isKeyOption(option, value) ? keyLike(value) : undefined;
    super(`${option} is ${shown ?? describeValue(value)}; ${expected}`);
    this.option = maskKeys(option);
    this.value = shown ?? harmless(value);
  }
}

/** An optional package is needed but not installed. */
export class MissingPackageError extends namespace.brand(OrchestrationError, "missing-package") {
  override readonly name = "MissingPackageError";
  override readonly cause?: Error;
  constructor(
    readonly neededBy: string,
    readonly packages: readonly string[],
    cause?: unknown,
  ) {
    super(`${neededBy} needs packages that are not installed; run: npm install ${packages.join(" ")}`);
    if (cause !== undefined) this.cause = safeCause(cause);
  }
}

/** A function was imported from the entry of an earlier release. */
export class MovedError extends namespace.brand(OrchestrationError, "moved") {
  override readonly name = "MovedError";
  constructor(
    readonly moved: string,
    /** Entry to import it from now. */
    readonly entry: string,
  ) {
    super(`${moved} has moved; write: import { ${moved} } from "${entry}"`);
  }
}

/** One problem of a configuration file. */
export interface ConfigProblem {
  /** Path in the file's data: `models.fast.provider`. */
  readonly path: string;
  /** Line in the file, from 1. */
  readonly line: number;
  /** What is wrong and what to write instead. */
  readonly message: string;
}

/** A configuration file is invalid; `problems` lists all problems in file order. */
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

/** A model of a file, or one that is given by its name, lacks a key, package or variable here; thrown when it is called, so that another model may answer. */
export class UnavailableModelError extends namespace.brand(OrchestrationError, "unavailable-model") {
  override readonly name = "UnavailableModelError";
  readonly problems: readonly ConfigProblem[];
  constructor(
    readonly modelName: string,
    /** `undefined` for a model that no file describes. */
    readonly file: string | undefined,
    problems: readonly ConfigProblem[],
  ) {
    const lacks = problems.map(({ line, message }) => (file === undefined ? message : `${message} (${file}:${line})`));
    super(`The model "${maskKeys(modelName)}" cannot be called here: ${lacks.join("; ")}`);
    this.problems = problems;
  }
}

/** The input messages of a run cannot be answered (an empty list, or text that no provider accepts). */
export class InvalidInputError extends namespace.brand(OrchestrationError, "invalid-input") {
  override readonly name = "InvalidInputError";
}

/** The route made no decision and there is no `fallback`. */
export class NoRouteError extends namespace.brand(OrchestrationError, "no-route") {
  override readonly name = "NoRouteError";
}

/** The route named an unknown model. */
export class UnknownRouteError extends namespace.brand(OrchestrationError, "unknown-route") {
  override readonly name = "UnknownRouteError";
  readonly route: string;
  readonly available: readonly string[];
  /** @param by who chose it */
  constructor(route: string, available: readonly string[], by = "The route") {
    const names = available.map((name) => `"${name}"`).join(", ");
    super(
      `${by} chose ${describeValue(route)}; the models are ${names}${didYouMean(route, available)}. Return one of them.`,
    );
    this.route = String(harmless(route));
    this.available = available.map(maskKeys);
  }
}
