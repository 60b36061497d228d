import { type Metric, metrics, type Side } from "./metrics.js";
import type { Estimate } from "./statistics/estimate.js";

/** A figure of one side with its 95 % interval. */
export interface Figure {
  /** `null` if no run has a value, or the cost of a run is unknown. */
  readonly value: number | null;
  /** `null` if these runs do not bound the figure from below. */
  readonly low: number | null;
  /** `null` if these runs do not bound the figure from above. */
  readonly high: number | null;
  /** Runs with a value. */
  readonly runs: number;
}

/** Figure of one side minus that of the baseline, with its 95 % interval. */
export interface Difference extends Omit<Figure, "runs"> {
  /** True if the interval excludes 0. */
  readonly differs: boolean;
  /**
   * How many more runs of both sides, split as these are, find a difference in 8 of 10 cases: one of the size seen here, and one of the
   * `smallest` size that matters. 0 if there are enough; `null` if the runs do not say.
   */
  readonly moreRuns: { readonly seen: number | null; readonly smallest?: number | null };
}

/** What holds for all figures of a comparison. */
export interface Settings {
  /** Returns the level of an interval over a number of runs. */
  readonly levelAt: (runs: number) => number;
  readonly smallest: Partial<Readonly<Record<Metric, number>>>;
}

/** Probability of finding a difference, by which runs are planned. */
const power = 0.8;

export type Figures = Readonly<Record<Metric, Figure>>;
export type Differences = Readonly<Record<Metric, Difference>>;

/** Returns the figures of one side. */
export function figuresOf(side: Side, { levelAt }: Settings): Figures {
  return mapMetrics((name) =>
    metrics[name](({ sampleOf, statistic }): Figure => {
      const sample = sampleOf(side);
      const runs = statistic.sizeOf(sample);
      return { ...bounded(runs === 0 ? undefined : statistic.estimate(sample, levelAt(runs))), runs };
    }),
  );
}

/** Returns the figures of a side minus those of the baseline. */
export function differencesOf(side: Side, baseline: Side, { levelAt, smallest }: Settings): Differences {
  return mapMetrics((name) =>
    metrics[name](({ sampleOf, statistic }): Difference => {
      const [one, other] = [sampleOf(baseline), sampleOf(side)];
      const [size, otherSize] = [statistic.sizeOf(one), statistic.sizeOf(other)];
      const gap = smallest[name];
      const level = levelAt(size + otherSize);
      const plan = { level, power, ratio: otherSize / size };
      const estimate = size === 0 || otherSize === 0 ? undefined : statistic.difference(other, one, level);
      const differs = estimate !== undefined && (estimate.low > 0 || estimate.high < 0);
      const total = baseline.runs.length + side.runs.length;
      const more = (wanted?: number) => {
        if (estimate === undefined) return null;
        const factor = statistic.sizeFor(one, other, { ...plan, gap: wanted }) / size;
        return Number.isFinite(factor) ? Math.max(0, Math.ceil((factor - 1) * total)) : null;
      };
      const moreRuns = { seen: differs ? 0 : more(), ...(gap !== undefined && { smallest: more(gap) }) };
      return { ...bounded(estimate), differs, moreRuns };
    }),
  );
}

/** Replaces missing and infinite numbers by `null`, which JSON keeps. */
function bounded(estimate: Estimate | undefined): Omit<Figure, "runs"> {
  const { value, low, high } = estimate ?? { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  const [shown, from, to] = [value, low, high].map((number) => (Number.isFinite(number) ? number : null));
  return { value: shown!, low: from!, high: to! };
}

function mapMetrics<Value>(read: (name: Metric) => Value): Readonly<Record<Metric, Value>> {
  const names = Object.keys(metrics) as Metric[];
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<Metric, Value>;
}
