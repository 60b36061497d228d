import { checkKeys } from "../errors/check-keys.js";
import type { ObservedLatency } from "../resilience/latency.js";
import { checkNumber } from "./check-value.js";
import type { RoutableModel, Route, RouteChoice, RouteTurn } from "./route.js";

/** Options of `byLatency`. */
export interface LatencyOptions {
  /** Milliseconds in which an answer must be whole; 0 asks for the fastest whatever it takes. */
  readonly deadlineMs: number;
  /** The share of calls that must meet the deadline, 0..1, or a percentile up to 100 (`0.95` and `95` are one). @default 0.9 */
  readonly percentile?: number;
}

/**
 * Chooses the best model that lately met a deadline; list the best one first.
 *
 * **When to use** - an answer that comes late is worth less than a weaker one in time.
 * **Gotchas** - key order is the order of quality. A model nobody timed lately is tried when its turn comes, by one run at a time.
 * None meets the deadline: the fastest; where nobody knows yet, the last. Times are those of whole answers (not of first tokens)
 * by the same client object in this process, the last 64 within 5 minutes. Time-outs, failures of the model (down, over its
 * limit, a wrong key), and calls under way for longer than the deadline missed it, so such a model is left out and tried again 5
 * minutes later. Nothing here cuts a call short: give the models a `timeout`.
 *
 * @example
 * ```ts
 * createRouter({ models: { large, small }, route: byLatency({ deadlineMs: 3_000 }) });
 * ```
 * @throws {InvalidOptionError} when `deadlineMs` is negative or `percentile` no share
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
        return { name, scores, ...limit, skipped, reason: `nobody timed ${name} lately` };
      if (seen?.answered) scores[name] = Math.round(seen.ms);
      const reason = describe(seen, share);
      if (seen?.answered && seen.ms <= deadlineMs) return { name, scores, ...limit, skipped, reason };
      skipped.push({ name, reason });
    }
    return { ...limit, ...fastest(models, share, deadlineMs === 0 ? "" : "no model meets the deadline, ") };
  };
}

/** Calls under way are left out here: how many there are says how busy a model is, not how slow. */
function fastest<Name extends string>(
  models: readonly RoutableModel<Name>[],
  share: number,
  because: string,
): RouteChoice<Name> {
  const seen = models.map(({ name, latency }) => ({ name, latency: latency?.(share) }));
  const [first, ...others] = seen;
  if (first === undefined) return { name: undefined, reason: "there is no model" };
  const best = others.reduce((one, other) => {
    const unknown = one.latency === undefined && other.latency === undefined; // the best model is seldom the fastest
    return unknown || slowness(other.latency) < slowness(one.latency) ? other : one;
  }, first);
  const timed = seen.flatMap(({ name, latency }) => (latency?.answered ? [[name, Math.round(latency.ms)]] : []));
  return {
    name: best.name,
    scores: Object.fromEntries(timed),
    reason: `${because}${best.name} is ${best.latency === undefined ? "taken" : "the fastest"}: ${describe(best.latency, share)}`,
  };
}

/** What does not answer is slower than whatever does. */
function slowness(latency: ObservedLatency | undefined): number {
  if (latency === undefined) return Infinity;
  return latency.answered ? latency.ms : Number.MAX_SAFE_INTEGER + latency.ms;
}

function describe(seen: ObservedLatency | undefined, share: number): string {
  if (seen === undefined) return "its first answer is under way";
  const { ms, answered, samples } = seen;
  const percent = Number((share * 100).toPrecision(4));
  return answered
    ? `${percent} % of its last ${samples} calls were answered within ${Math.round(ms)} ms`
    : `fewer than ${percent} % of its last ${samples} calls were answered`;
}
