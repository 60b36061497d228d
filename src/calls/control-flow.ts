import {
  InvalidInputError,
  isCallFailure,
  MissingPackageError,
  NoRouteError,
  StepLimitError,
} from "../errors/index.js";
import { belongsToGraph, errorsIn } from "../langgraph/graph-errors.js";
import { type Classified, classifyError } from "../resilience/classify-error.js";
import type { Scope } from "./scope.js";

/** True for what is no failure of a model: what belongs to the graph, and an abort. It is passed on, never retried, never fallen back from. */
export function isControlFlow(error: unknown, scope: Pick<Scope, "config">, signal?: AbortSignal): boolean {
  return belongsToGraph(error) || scope.config.signal?.aborted === true || signal?.aborted === true;
}

/**
 * True where a strategy could not say anything, since a model it asked failed as a call. Whatever else a strategy throws is a
 * fault of the program, and ends the run.
 */
export function isOutage(error: unknown, scope: Pick<Scope, "config">): error is Error {
  return isCallFailure(error) && !isControlFlow(error, scope);
}

const faults = new WeakSet<object>();

/** Errors of this library that no function of the user caused: what it was called with, and what is missing on the machine. */
const notBugs = [InvalidInputError, MissingPackageError, NoRouteError, StepLimitError];

/**
 * Marks an error a node ended in as a fault of a function its pattern was given, where it is one: models fail with errors of this
 * library, and what comes from a service (a store, an embedder) has a status or a broken connection.
 */
export function noteFault(error: unknown, scope: Pick<Scope, "config">): void {
  if (isCallFailure(error) || notBugs.some((kind) => kind.isInstance(error)) || isControlFlow(error, scope)) return;
  const { class: kind, status } = classifyError(error);
  const isService = status !== undefined || kind === "network" || kind === "timeout";
  if (!isService && typeof error === "object" && error !== null) faults.add(error);
}

/** Marks what a graph or a runnable of the user threw that cannot be the failure of a service: a mistake in its code. */
export function noteMistake(error: unknown, { class: kind, status }: Classified): void {
  const isMistake = [TypeError, ReferenceError, RangeError].some((type) => error instanceof type);
  if (isMistake && status === undefined && kind !== "network" && kind !== "timeout") faults.add(error as Error);
}

/** True for such a fault, of a pattern at any depth. No other model mends it, so it is not hidden behind an answer of one. */
export function isFault(error: unknown): boolean {
  return errorsIn(error).some((each) => faults.has(each));
}
