import type { LangGraphRunnableConfig } from "@langchain/langgraph";
import { DeadlineExceededError } from "../errors/index.js";
import { longestTimer, withinLimits } from "../resilience/deadline.js";
import { deadlineError } from "./deadline-error.js";
import { timeLeft } from "./means.js";
import type { Scope } from "./scope.js";

/**
 * Runs work with a signal that fires with any source, or when the deadline of the run passes. The work is then left behind, even if it
 * ignores the signal.
 *
 * @throws {DeadlineExceededError} when the deadline has passed
 */
export async function withinDeadline<T>(
  { means, path }: Pick<Scope, "means" | "path">,
  sources: readonly (AbortSignal | undefined)[],
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = deadlineError(means!.deadline!, path);
  const left = timeLeft(means);
  if (left <= 0) throw late;
  const timer = new AbortController();
  const timeout = setTimeout(() => timer.abort(late), Math.min(left, longestTimer));
  try {
    return await withinLimits({}, [...sources, timer.signal], work);
  } catch (error) {
    if (sources.some((source) => source?.aborted)) throw error;
    throw timer.signal.aborted ? late : error;
  } finally {
    clearTimeout(timeout);
  }
}

/**
 * Runs a strategy until the deadline of its run, with a configuration whose `signal` fires then. Model calls of the strategy end at the
 * same time and are waited for, so that the ledger has how they ended.
 *
 * @throws {DeadlineExceededError} when the deadline has passed
 */
export async function strategyInTime<T>(
  scope: Scope,
  strategy: (config: LangGraphRunnableConfig) => T | Promise<T>,
): Promise<T> {
  const { config, means, asking } = scope;
  if (means?.deadline === undefined) return strategy(config);
  try {
    return await withinDeadline(scope, [config.signal], async (signal) => strategy({ ...config, signal }));
  } catch (error) {
    if (DeadlineExceededError.isInstance(error)) await Promise.allSettled(asking);
    throw error;
  }
}
