import { isCallFailure, OrchestrationError } from "../errors/index.js";
import { classifyError } from "../resilience/classify-error.js";
import { belongsToGraph } from "../resilience/graph-errors.js";
import type { Site } from "./site.js";

/** True for what is no failure of a model: what belongs to the graph, and an abort. It is passed on, never retried, never fallen back from. */
export function isControlFlow(error: unknown, site: Pick<Site, "config">, signal?: AbortSignal): boolean {
  return belongsToGraph(error) || site.config.signal?.aborted === true || signal?.aborted === true;
}

/**
 * True where a strategy could not say anything, since a model it asked failed as a call. Whatever else a strategy throws is a
 * fault of the program, and ends the run.
 */
export function isOutage(error: unknown, site: Pick<Site, "config">): error is Error {
  return isCallFailure(error) && !isControlFlow(error, site);
}

/**
 * True for a fault of the functions a pattern was given: its models fail with errors of this library, and what comes from a
 * service has a status or a broken connection. No other model mends a fault, so it is not hidden behind an answer of one.
 */
export function isFault(error: unknown): boolean {
  if (OrchestrationError.isInstance(error)) return false;
  const { class: kind, status } = classifyError(error);
  return status === undefined && kind !== "network" && kind !== "timeout";
}
