import { InvalidOptionError } from "../errors/index.js";
import type { CallUsage, ModelCall } from "./model-call.js";
import { inOrder, quantileOf } from "./quantile.js";

/**
 * Throws unless the value is a list of calls.
 *
 * @param owner the calling function
 */
export function checkCalls(calls: readonly ModelCall[], owner: string): void {
  if (!Array.isArray(calls) || !calls.every((call) => typeof call === "object" && call !== null)) {
    throw new InvalidOptionError(
      `${owner}.calls`,
      calls,
      "give the `calls` of a run's final state, or of callsOf(error)",
    );
  }
}

/**
 * Sums the cost of calls in USD.
 *
 * **Gotchas** - `null` if any call has tokens but no known price: an unknown cost is not 0.
 *
 * @param options.unknown `"null"` (default), or `"ignore"` to sum the priced calls only
 * @example
 * ```ts
 * const { calls } = await graph.invoke({ messages: "Hi" });
 * totalCost(calls); // 0.00042
 * ```
 * @throws {InvalidOptionError} when `calls` is not a list of calls
 */
export function totalCost(
  calls: readonly ModelCall[],
  options: { readonly unknown?: "null" | "ignore" } = {},
): number | null {
  checkCalls(calls, "totalCost");
  let sum = 0;
  for (const call of calls) {
    if (call.costUsd !== null) sum += call.costUsd;
    else if (options.unknown !== "ignore") return null;
  }
  return sum;
}

/**
 * Sums the tokens of calls, including judges and routers.
 *
 * @example
 * ```ts
 * totalTokens(calls); // { inputTokens: 812, outputTokens: 95, totalTokens: 907 }
 * ```
 * @throws {InvalidOptionError} when `calls` is not a list of calls
 */
export function totalTokens(calls: readonly ModelCall[]): CallUsage & { totalTokens: number } {
  checkCalls(calls, "totalTokens");
  const sum = {
    ...{ inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 },
    ...{ audioInputTokens: 0, audioOutputTokens: 0 },
  };
  for (const { usage = { inputTokens: 0, outputTokens: 0 } } of calls) {
    for (const kind of Object.keys(sum) as (keyof CallUsage)[]) sum[kind] += usage[kind] ?? 0;
  }
  const { inputTokens, outputTokens, ...details } = sum;
  return { inputTokens, outputTokens, ...positive(details), totalTokens: inputTokens + outputTokens };
}

/** Drops counts of 0. */
export function positive(counts: Readonly<Record<string, number>>): Partial<CallUsage> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

/** Returns true if tokens of any call are an estimate. */
export function isEstimated(calls: readonly ModelCall[]): boolean {
  return calls.some(({ estimated, usage }) => estimated === true && usage !== undefined);
}

/** Calls of one model in sum, from `byModel`. */
export interface ModelSummary {
  readonly calls: number;
  /** Calls that ended in an error or a timeout. */
  readonly failed: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Milliseconds, mean over all calls. */
  readonly meanLatencyMs: number;
  /** Milliseconds that half of the calls did not exceed. */
  readonly p50LatencyMs: number;
  /** Milliseconds that 95 of 100 calls did not exceed; of a few calls, the longest. */
  readonly p95LatencyMs: number;
  readonly costUsd: number | null;
}

/**
 * Groups calls by model id.
 *
 * @example
 * ```ts
 * byModel(calls)["gpt-4o-mini"]?.costUsd;
 * ```
 * @throws {InvalidOptionError} when `calls` is not a list of calls
 */
export function byModel(calls: readonly ModelCall[]): Record<string, ModelSummary> {
  checkCalls(calls, "byModel");
  return Object.fromEntries(
    [...groupsOf(calls)].map(([model, group]) => {
      const { inputTokens, outputTokens } = totalTokens(group);
      const failed = group.filter(({ status }) => status === "error" || status === "timeout").length;
      const latencies = inOrder(group.map(({ latencyMs }) => latencyMs));
      const timed = {
        meanLatencyMs: latencies.reduce((sum, latencyMs) => sum + latencyMs, 0) / group.length,
        p50LatencyMs: quantileOf(latencies, 0.5),
        p95LatencyMs: quantileOf(latencies, 0.95),
      };
      const costUsd = totalCost(group);
      return [model, { calls: group.length, failed, inputTokens, outputTokens, ...timed, costUsd }];
    }),
  );
}

/** Groups calls by model id, in order of the first call of each. */
export function groupsOf(calls: readonly ModelCall[]): Map<string, ModelCall[]> {
  const groups = new Map<string, ModelCall[]>();
  for (const call of calls) {
    const group = groups.get(call.model);
    if (group === undefined) groups.set(call.model, [call]);
    else group.push(call);
  }
  return groups;
}
