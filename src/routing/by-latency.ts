import { checkKeys } from "../errors/check-keys.js";
import type { ObservedLatency } from "../resilience/latency.js";
import { checkNumber } from "./check-value.js";
import type { RoutableModel, Route, RouteChoice, RouteTurn } from "./route.js";

export interface LatencyOptions {
  /** Milliseconds within which the whole answer must arrive; 0 chooses the fastest model. */
  readonly deadlineMs: number;
  /** Share of calls that must meet the deadline: 0..1, or a percentile up to 100 (`0.95` equals `95`). @default 0.9 */
  readonly percentile?: number;
}

/**
 * Chooses the first model that recently met a deadline; list the best model first.
 *
 * **When to use** - a weaker answer in time is worth more than a better one that is late.
 * **Gotchas** - a model without recent times is tried when its turn comes, by one run at a time. If no model meets the deadline,
 * the fastest is chosen; if no model has times yet, the last. Times are those of whole answers from the same client object in
 * this process: the last 64 within 5 minutes. Time-outs, failures and calls that run longer than the deadline miss it. The route
 * does not abort slow calls: give the models a `timeout`.
 *
 * @example
 * ```ts
 * createRouter({ models: { large, small }, route: byLatency({ deadlineMs: 3_000 }) });
 * ```
 * @throws {InvalidOptionError} when `deadlineMs` is negative or `percentile` is out of range
 */
export function byLatency<Name extends string = never>(options: LatencyOptions): Route<NoInfer<Name>, string> {
  checkKeys(options, "byLatency", ["deadlineMs", "percentile"]);
  const { deadlineMs, percentile = 0.9 } = options;
  checkNumber(deadlineMs, "byLatency.deadlineMs", "give ms, at least 0", (ms) => ms >= 0);
  const expected = "give the share of calls that must be in time: 0.95, or 95";
  checkNumber(percentile, "byLatency.percentile", expected, (share) => share > 0 && share <= 100);
  const share = percentile > 1 ? percentile / 100 : percentile;
  const limit = deadlineMs === 0 ? {} : { threshold: deadlineMs };
  return function byLatency({ models }: RouteTurn<Name>) {
    const scores: Record<string, number> = {};
    const skipped: { name: Name; reason: string }[] = [];
    for (const { name, latency, probe } of models) {
      const seen = latency?.(share, deadlineMs);
      if (seen === undefined && (probe === undefined || probe()))
        return { name, scores, ...limit, skipped, reason: `${name} has no recent times` };
      if (seen?.answered) scores[name] = Math.round(seen.ms);
      const reason = latencyReason(seen, share);
      if (seen?.answered && seen.ms <= deadlineMs) return { name, scores, ...limit, skipped, reason };
      skipped.push({ name, reason });
    }
    return { ...limit, ...fastest(models, share, deadlineMs === 0 ? "" : "no model meets the deadline, ") };
  };
}

/** Ignores calls under way: their number shows how busy a model is, not how slow. */
function fastest<Name extends string>(
  models: readonly RoutableModel<Name>[],
  share: number,
  because: string,
): RouteChoice<Name> {
  const seen = models.map(({ name, latency }) => ({ name, latency: latency?.(share) }));
  const [first, ...others] = seen;
  if (first === undefined) return { name: undefined, reason: "there is no model" };
  const best = others.reduce((one, other) => {
    const unknown = one.latency === undefined && other.latency === undefined; // prefers the later: the best is seldom the fastest
    return unknown || slowness(other.latency) < slowness(one.latency) ? other : one;
  }, first);
  const timed = seen.flatMap(({ name, latency }) => (latency?.answered ? [[name, Math.round(latency.ms)]] : []));
  return {
    name: best.name,
    scores: Object.fromEntries(timed),
    reason: `${because}${best.name} is ${best.latency === undefined ? "chosen" : "the fastest"}: ${latencyReason(best.latency, share)}`,
  };
}

/** Ranks a model that does not answer behind every model that does. */
function slowness(latency: ObservedLatency | undefined): number {
  if (latency === undefined) return Infinity;
  return latency.answered ? latency.ms : Number.MAX_SAFE_INTEGER + latency.ms;
}

function latencyReason(seen: ObservedLatency | undefined, share: number): string {
  if (seen === undefined) return "its first answer is under way";
  const { ms, answered, samples } = seen;
  const percent = Number((share * 100).toPrecision(4));
  return answered
    ? `${percent} % of its last ${samples} calls were answered within ${Math.round(ms)} ms`
    : `fewer than ${percent} % of its last ${samples} calls were answered`;
}
