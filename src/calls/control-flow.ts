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

/** Returns true for interrupts, other graph control errors and aborts, which are rethrown without retry or fallback. */
export function isControlFlow(error: unknown, scope: Pick<Scope, "config">, signal?: AbortSignal): boolean {
  return belongsToGraph(error) || scope.config.signal?.aborted === true || signal?.aborted === true;
}

/**
 * Returns true if a strategy failed because its model call failed. Any other error of a strategy is a bug and ends the run.
 */
export function isOutage(error: unknown, scope: Pick<Scope, "config">): error is Error {
  return isCallFailure(error) && !isControlFlow(error, scope);
}

const faults = new WeakSet<object>();

/** Errors of this library that are not bugs in user functions, such as invalid input or a missing package. */
const libraryErrors = [InvalidInputError, MissingPackageError, NoRouteError, StepLimitError];

/**
 * Marks a node's error as a bug in a user function, unless it is a call failure, control flow, or comes from a service (a store, an
 * embedder), recognized by a status or a broken connection.
 */
export function noteFault(error: unknown, scope: Pick<Scope, "config">): void {
  if (isCallFailure(error) || libraryErrors.some((kind) => kind.isInstance(error)) || isControlFlow(error, scope))
    return;
  const { class: kind, status } = classifyError(error);
  const isService = status !== undefined || kind === "network" || kind === "timeout";
  if (!isService && typeof error === "object" && error !== null) faults.add(error);
}

/** Marks an error of a user's graph or runnable as a bug if it cannot come from a service. */
export function noteMistake(error: unknown, { class: kind, status }: Classified): void {
  const isMistake = [TypeError, ReferenceError, RangeError].some((type) => error instanceof type);
  if (isMistake && status === undefined && kind !== "network" && kind !== "timeout") faults.add(error as Error);
}

/** Returns true for an error marked as a bug, at any nesting depth. It is rethrown, because another model's answer would hide it. */
export function isFault(error: unknown): boolean {
  return errorsIn(error).some((each) => faults.has(each));
}
