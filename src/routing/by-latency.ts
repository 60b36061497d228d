import type { ObservedLatency } from "../resilience/latency.js";
import { checkNumber } from "./check-value.js";
import type { RoutableModel, Route, RouteChoice } from "./route.js";

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
 * **Gotchas** - key order is the order of quality. A model nobody timed lately is tried when its turn comes, as if it met the
 * deadline. None meets it: the fastest. Times are those of whole answers (not of first tokens) by the same client object in
 * this process, the last 64 within 5 minutes. Time-outs, failures of network or server, and calls under way for longer than
 * the deadline missed it, so a model that is down is left out and tried again 5 minutes later. Nothing here cuts a call
 * short: give the models a `timeout`.
 *
 * @example
 * ```ts
 * createRouter({ models: { large, small }, route: byLatency({ deadlineMs: 3_000 }) });
 * ```
 * @throws {InvalidOptionError} when `deadlineMs` is negative or `percentile` no share
 */
export function byLatency<Name extends string = never>({
  deadlineMs,
  percentile = 0.9,
}: LatencyOptions): Route<NoInfer<Name>> {
  checkNumber(deadlineMs, "byLatency.deadlineMs", "give ms, at least 0", (ms) => ms >= 0);
  const expected = "give the share of calls that must be in time: 0.95, or 95";
  checkNumber(percentile, "byLatency.percentile", expected, (share) => share > 0 && share <= 100);
  const share = percentile > 1 ? percentile / 100 : percentile;
  return function byLatency({ models }) {
    const scores: Record<string, number> = {};
    const skipped: { name: Name; reason: string }[] = [];
    for (const { name, latency } of models) {
      const seen = latency?.(share, deadlineMs);
      if (seen === undefined)
        return { name, scores, threshold: deadlineMs, skipped, reason: `nobody timed ${name} lately` };
      if (seen.answered) scores[name] = Math.round(seen.ms);
      const reason = describe(seen, share);
      if (seen.answered && seen.ms <= deadlineMs) return { name, scores, threshold: deadlineMs, skipped, reason };
      skipped.push({ name, reason });
    }
    return { threshold: deadlineMs, ...fastest(models, share) };
  };
}

/** Calls under way are left out here: how many there are says how busy a model is, not how slow. */
function fastest<Name extends string>(models: readonly RoutableModel<Name>[], share: number): RouteChoice<Name> {
  const seen = models.map(({ name, latency }) => ({ name, latency: latency?.(share) }));
  const [first, ...others] = seen;
  if (first === undefined) return { name: undefined, reason: "there is no model" };
  const best = others.reduce((one, other) => (slowness(other.latency) < slowness(one.latency) ? other : one), first);
  const timed = seen.flatMap(({ name, latency }) => (latency?.answered ? [[name, Math.round(latency.ms)]] : []));
  const reason = best.latency === undefined ? "its first answer is under way" : describe(best.latency, share);
  return {
    name: best.name,
    scores: Object.fromEntries(timed),
    reason: `no model meets the deadline, ${best.name} is the fastest: ${reason}`,
  };
}

/** What does not answer is slower than whatever does. */
function slowness(latency: ObservedLatency | undefined): number {
  if (latency === undefined) return Infinity;
  return latency.answered ? latency.ms : Number.MAX_SAFE_INTEGER + latency.ms;
}

function describe({ ms, answered, samples }: ObservedLatency, share: number): string {
  const percent = Number((share * 100).toPrecision(4));
  return answered
    ? `${percent} % of its last ${samples} calls were answered within ${Math.round(ms)} ms`
    : `fewer than ${percent} % of its last ${samples} calls were answered`;
}
