import { inOrder } from "../ledger/quantile.js";
import type { RunFacts } from "./run-facts.js";
import { momentsOf } from "./statistics/means.js";
import { mean, quantile, type Statistic, share } from "./statistics/statistic.js";

/** Runs of one side. */
export interface Side {
  readonly runs: readonly RunFacts[];
  /** Number of runs whose variant another model took the place of. */
  readonly fallen: number;
}

/** What one side is measured by. */
interface Measure<Sample> {
  readonly sampleOf: (side: Side) => Sample;
  readonly statistic: Statistic<Sample>;
}

/** Names of the compared figures. */
export type Metric = "success" | "fallen" | "costUsd" | "meanLatencyMs" | "p50LatencyMs" | "p95LatencyMs" | "score";

/** Does something with a measure of any kind of sample. */
type Use<Result> = <Sample>(measure: Measure<Sample>) => Result;

const measure =
  <Sample>(sampleOf: Measure<Sample>["sampleOf"], statistic: Statistic<Sample>) =>
  <Result>(use: Use<Result>): Result =>
    use({ sampleOf, statistic });

/** Compared figures, in the order of a table. */
export const metrics = {
  success: measure(
    ({ runs }) => ({ successes: runs.filter(({ success }) => success).length, total: runs.length }),
    share,
  ),
  fallen: measure(({ runs, fallen }) => ({ successes: fallen, total: runs.length + fallen }), share),
  costUsd: measure(({ runs }) => momentsOf(all(runs.map(({ costUsd }) => costUsd))), mean),
  meanLatencyMs: measure(({ runs }) => momentsOf(latencies(runs)), mean),
  p50LatencyMs: measure(({ runs }) => inOrder(latencies(runs)), quantile(0.5)),
  p95LatencyMs: measure(({ runs }) => inOrder(latencies(runs)), quantile(0.95)),
  score: measure(({ runs }) => momentsOf(known(runs.map(({ score }) => score))), mean),
} as const satisfies Record<Metric, <Result>(use: Use<Result>) => Result>;

const known = (values: readonly (number | undefined)[]) => values.filter((value) => value !== undefined);
const latencies = (runs: readonly RunFacts[]) => known(runs.map(({ latencyMs }) => latencyMs));

/** Returns no values if one is unknown: a mean of the known costs would be that of other runs. */
const all = (values: readonly (number | undefined)[]) => (values.includes(undefined) ? [] : known(values));
