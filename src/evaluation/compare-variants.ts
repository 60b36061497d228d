import { checkKeys } from "../errors/check-keys.js";
import { InvalidOptionError } from "../errors/index.js";
import { didYouMean } from "../text/nearest-name.js";
import { checkRun } from "./check-run.js";
import { type Differences, differencesOf, type Figures, figuresOf } from "./compared-figures.js";
import { type Metric, metrics, type Side } from "./metrics.js";
import { type ComparableRun, factsOf, type RunFacts } from "./run-facts.js";
import { byName, byTime, byVariant, sidesOf, type TimeRange } from "./sides.js";
import { alwaysValidLevel } from "./statistics/always-valid.js";

/** Options of `compareVariants`. */
export interface CompareVariantsOptions<Run extends ComparableRun = ComparableRun> {
  /**
   * Sides: the variants of a `createExperiment`, time ranges by name, or what a function returns (`undefined` for a run of no side).
   *
   * @default "variant"
   */
  readonly by?: "variant" | Readonly<Record<string, TimeRange>> | ((run: Run) => string | undefined);
  /** Path of the experiment's node, `"chat/assignment"`, where the runs have several. @default the only one */
  readonly at?: string;
  /** Side that the others are compared with. @default the first time range, else the side with most runs */
  readonly baseline?: string;
  /** Whether a run succeeded. @default it ended with an answer */
  readonly success?: (run: Run) => boolean;
  /** Score of a run; `undefined` if it was not judged. @default `confidence`: the score of its verifier, or the share of its votes */
  readonly score?: (run: Run) => number | undefined;
  /** Smallest differences that matter, above 0: `{ success: 0.02, costUsd: 0.001 }` plans `moreRuns.smallest`. */
  readonly smallest?: Partial<Readonly<Record<Metric, number>>>;
  /** Widens the intervals so that they hold however often the comparison is looked at. @default false */
  readonly peeking?: boolean;
}

/** Figures of each side, with 95 % intervals, from `compareVariants`. */
export interface VariantComparison {
  /** `undefined` without a run. */
  readonly baseline: string | undefined;
  readonly peeking: boolean;
  readonly variants: Readonly<Record<string, Figures & { readonly runs: number }>>;
  /** Every other side minus the baseline. */
  readonly differences: Readonly<Record<string, Differences>>;
  /** Runs of no side: of another time, of several variants, moved by hand, or still paused. */
  readonly unassigned: number;
}

/** Share of false findings of one interval. */
const level = 0.05;

const optionKeys = ["by", "at", "baseline", "success", "score", "smallest", "peeking"] as const;

/**
 * Compares what the variants of an experiment, or two times, did: success, cost, latency and judged score, each with a 95 % interval, the
 * difference from the baseline, and how many more runs would tell.
 *
 * **When to use** - on the states or logged rows of real traffic, where each run answered another question.
 * **Gotchas** - a run whose variant failed, so that another model answered, counts for no side; `fallen` is the share of such runs among
 * those that a variant was first assigned to. Look at it beside `success`.
 * Cost counts all runs of a side, latency and score those with an answer. One unknown price makes the cost of its side `null`.
 * Looking every day and stopping at the first difference finds one between equal variants far more often than in 5 % of experiments: in
 * 25 % after 20 looks. Plan the number of runs before (`moreRuns.smallest`) and look then, or set `peeking: true`, for about twice as many
 * runs.
 * Every figure has an interval of its own; of twenty, one excludes 0 by chance. Runs of one user are alike, so that intervals of few users
 * with many runs are too narrow. Times differ in more than the change between them. More: docs/comparing.md
 *
 * @param runs final states, rows of `multimodel run`, errors of runs that threw (their ledger is on them), or answers of `asChatModel`
 * @example
 * ```ts
 * import { compareVariants } from "langgraph-multimodel/evaluation";
 * const graph = createExperiment({ models: { a, b }, weights: { a: 1, b: 1 }, seed: "spring" }).compile();
 * const ask = (messages: string) => graph.invoke({ messages }).catch((error: Error) => error);
 * const runs = await Promise.all(["Hi", "Hello", "Good morning", "Good night"].map(ask));
 * const { variants, differences } = compareVariants(runs, { baseline: "a" });
 * variants.a?.success; // { value: 1, low: 0.34, high: 1, runs: 2 }
 * differences.b?.costUsd.moreRuns.seen;
 * ```
 * @throws {InvalidOptionError} when an option is invalid, no run is of the `baseline`, or the runs have several experiments and `at` names
 * none of them
 */
export function compareVariants<Run extends ComparableRun>(
  runs: Iterable<Run>,
  options: CompareVariantsOptions<Run> = {},
): VariantComparison {
  checkOptions(runs, options);
  const { by = "variant", at, smallest = {}, peeking = false } = options;
  const { all, names, paused } = collect(runs, options);
  const sides = sidesOf(
    all,
    typeof by === "function" ? byName(names) : by === "variant" ? byVariant(all, at) : byTime(by),
  );
  const baseline = baselineOf(sides.all, options);
  const settings = { levelAt: (size: number) => (peeking ? alwaysValidLevel(level, size) : level), smallest };
  const figures = [...sides.all].map(([name, side]) => [
    name,
    { runs: side.runs.length, ...figuresOf(side, settings) },
  ]);
  const others = [...sides.all].filter(([name]) => name !== baseline);
  return {
    baseline,
    peeking,
    variants: Object.fromEntries(figures),
    differences: Object.fromEntries(
      others.map(([name, side]) => [name, differencesOf(side, sides.all.get(baseline!)!, settings)]),
    ),
    unassigned: sides.others + paused,
  };
}

/** Reads the facts of all runs, with their sides where a function returns them. */
function collect<Run extends ComparableRun>(
  runs: Iterable<Run>,
  { by, success, score }: CompareVariantsOptions<Run>,
): { readonly all: RunFacts[]; readonly names: ReadonlyMap<RunFacts, string>; readonly paused: number } {
  const all: RunFacts[] = [];
  const names = new Map<RunFacts, string>();
  let [paused, index] = [0, 0];
  for (const run of runs) {
    checkRun(run, index++);
    const read = factsOf(run);
    if (read === undefined) {
      paused++;
      continue;
    }
    const facts = { ...read, ...(success && { success: success(run) }), ...(score && { score: score(run) }) };
    all.push(facts);
    const name = typeof by === "function" ? by(run) : undefined;
    if (name !== undefined) names.set(facts, name);
  }
  return { all, names, paused };
}

/** Returns the side that the others are compared with; `undefined` without sides. */
function baselineOf(
  sides: ReadonlyMap<string, Side>,
  { by, baseline }: Pick<CompareVariantsOptions, "baseline"> & { readonly by?: unknown },
): string | undefined {
  const all = [...sides.keys()];
  if (all.length === 0) return undefined;
  if (baseline !== undefined) {
    if (sides.has(baseline)) return baseline;
    const expected = `the sides are ${all.join(", ")}${didYouMean(baseline, all)}`;
    throw new InvalidOptionError("compareVariants.baseline", baseline, expected);
  }
  if (typeof by === "object") return all[0];
  const runs = (name: string) => sides.get(name)!.runs.length;
  return all.reduce((most, name) => (runs(name) > runs(most) ? name : most));
}

function checkOptions<Run extends ComparableRun>(runs: Iterable<Run>, options: CompareVariantsOptions<Run>): void {
  checkKeys(options, "compareVariants", optionKeys);
  if (typeof Object(runs)[Symbol.iterator] !== "function" || typeof runs === "string") {
    throw new InvalidOptionError("compareVariants.runs", runs, "give a list of final states, rows or errors of runs");
  }
  const { by, smallest = {} } = options;
  if (by !== undefined && by !== "variant" && typeof by !== "function" && (typeof by !== "object" || by === null)) {
    const expected = 'give "variant", a function of a run, or time ranges: { before: [from, to], after: [from, to] }';
    throw new InvalidOptionError("compareVariants.by", by, expected);
  }
  checkKeys(smallest, "compareVariants.smallest", Object.keys(metrics) as Metric[]);
  for (const [name, size] of Object.entries(smallest)) {
    if (Number.isFinite(size) && size > 0) continue;
    throw new InvalidOptionError(
      `compareVariants.smallest.${name}`,
      size,
      "give a difference above 0, in the figure's unit",
    );
  }
}
