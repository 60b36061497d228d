import { compareVariants, type VariantComparison } from "../../evaluation/index.js";
import type { RunLedger } from "../../evaluation/run-facts.js";
import { assignmentsOf } from "../../nodes/assignment.js";
import type { KeptRun } from "../watch/recent-runs.js";

/** A kept run, as `compareVariants` reads it. */
export interface ComparedRun extends RunLedger {
  readonly model: string;
  /** Unix time, ms. */
  readonly startedAt: number;
}

/** Kept runs that can be compared, and how many cannot. */
export interface ComparedRuns {
  readonly runs: readonly ComparedRun[];
  readonly running: number;
  /** Runs whose caller left. */
  readonly cancelled: number;
  /** Runs with calls or decisions that were not kept. */
  readonly incomplete: number;
}

/** Two times that meet, in Unix ms: from `from` until `at`, and from `at` until `to`. */
export interface Moments {
  readonly from: number;
  readonly at: number;
  readonly to: number;
}

/** An experiment of one graph of the endpoint. */
export interface ComparedExperiment {
  readonly model: string;
  /** Path of the assigning node. */
  readonly path: string;
  readonly comparison: VariantComparison;
}

/** Selects the runs that have ended and whose ledger is whole. */
export function comparedRuns(all: readonly KeptRun[]): ComparedRuns {
  const running = all.filter(({ status }) => status === "running");
  const cancelled = all.filter(({ status }) => status === "cancelled");
  const ended = all.filter(({ status }) => status === "ok" || status === "error");
  const whole = ended.filter(({ dropped }) => dropped === 0);
  return {
    runs: whole.map(({ model, startedAt, lines, confidence, failure }) => ({
      ...{ model, startedAt, confidence, error: failure },
      calls: lines.flatMap(({ call }) => call ?? []),
      decisions: lines.flatMap(({ decision }) => decision ?? []),
    })),
    ...{ running: running.length, cancelled: cancelled.length, incomplete: ended.length - whole.length },
  };
}

/** Compares the variants of each experiment, by graph and path. */
export function comparedExperiments(runs: readonly ComparedRun[]): readonly ComparedExperiment[] {
  return [...new Set(runs.map(({ model }) => model))].flatMap((model) => {
    const own = runs.filter((run) => run.model === model);
    const assigned = own.flatMap(({ decisions = [] }) => assignmentsOf(decisions).map(({ path }) => path));
    const paths = [...new Set(assigned)].sort();
    return paths.map((path) => ({ model, path, comparison: compareVariants(own, { at: path, peeking: true }) }));
  });
}

/** Compares runs that began in two times; `undefined` unless there are runs of both. */
export function comparedTimes(runs: readonly ComparedRun[], { from, at, to }: Moments): VariantComparison | undefined {
  const within = runs.filter(({ startedAt }) => startedAt >= from && startedAt < to);
  const sideOf = ({ startedAt }: ComparedRun) => (startedAt < at ? "before" : "after");
  if (new Set(within.map(sideOf)).size < 2) return undefined;
  return compareVariants(within, { by: sideOf, baseline: "before", peeking: true });
}
