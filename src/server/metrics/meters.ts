import type { Counter, Gauge, Histogram, Registry } from "prom-client";
import { breakerStates } from "../../resilience/breaker-states.js";
import { budgetStates } from "../../resilience/budget.js";

/** Counters of one app, in a registry of their own. */
export interface Meters {
  readonly registry: Registry;
  readonly runs: Counter;
  readonly inFlight: Gauge;
  readonly runDuration: Histogram;
  readonly calls: Counter;
  readonly callDuration: Histogram;
  readonly firstToken: Histogram;
  readonly tokens: Counter;
  readonly tokenDetails: Counter;
  readonly cost: Counter;
  readonly unpriced: Counter;
  readonly refusals: Counter;
  readonly breaker: Gauge;
  readonly budgetSpent: Gauge;
  readonly budgetLimit: Gauge;
}

/** Seconds, from a cache's answer to the time-out of a request. */
const seconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 80, 160, 320];
const place = ["entry", "model"] as const;

/** Makes the counters; names and units as Prometheus recommends. */
export function metersOf({ Registry, Counter, Gauge, Histogram }: typeof import("prom-client")): Meters {
  const registry = new Registry();
  const options = (name: string, help: string, labelNames: readonly string[]) => ({
    name: `multimodel_${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  const counter = (...about: Parameters<typeof options>) => new Counter(options(...about));
  const gauge = (...about: Parameters<typeof options>) => new Gauge(options(...about));
  const histogram = (...about: Parameters<typeof options>) => new Histogram({ ...options(...about), buckets: seconds });
  return {
    registry,
    runs: counter("runs_total", "Requests that chose a model or graph, by how they ended", ["model", "status", "code"]),
    inFlight: gauge("runs_in_flight", "Requests in progress", ["model"]),
    runDuration: histogram("run_duration_seconds", "Time from a request to the end of its answer", ["model"]),
    calls: counter("calls_total", "Attempts on models, as in the ledger", [...place, "role", "status", "error_class"]),
    callDuration: histogram("call_duration_seconds", "Duration of attempts, without answers of caches", place),
    firstToken: histogram("time_to_first_token_seconds", "Time to the first token of streamed attempts", place),
    tokens: counter("tokens_total", "Tokens; input includes cached ones, output reasoning", [...place, "type"]),
    tokenDetails: counter("token_details_total", "Tokens that are also part of tokens_total", [...place, "type"]),
    cost: counter("cost_usd_total", "Dollars of attempts whose price is known", place),
    unpriced: counter("unpriced_calls_total", "Attempts whose price is unknown", place),
    refusals: counter("budget_refusals_total", "Attempts that a budget refused", ["budget"]),
    breaker: gauge("breaker_state", "Breakers of this process: 0 closed, 1 half-open, 2 open", ["model"]),
    budgetSpent: gauge("budget_used_usd", "Settled and reserved dollars of the current window", ["budget", "per"]),
    budgetLimit: gauge("budget_limit_usd", "Most dollars of a window", ["budget", "per"]),
  };
}

const levels = { closed: 0, half_open: 1, open: 2 } as const;

/** Sets the gauges of breakers and budgets to what they are now. */
export function showLimits({ breaker, budgetSpent, budgetLimit }: Meters): void {
  for (const gauge of [breaker, budgetSpent, budgetLimit]) gauge.reset();
  for (const { model, state } of breakerStates()) breaker.set({ model }, levels[state]);
  for (const { name, per, limitUsd, usedUsd } of budgetStates()) {
    budgetLimit.set({ budget: name, per }, limitUsd);
    if (usedUsd !== undefined) budgetSpent.set({ budget: name, per }, usedUsd);
  }
}
