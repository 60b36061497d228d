import { existsSync } from "node:fs";
import {
  type CompareVariantsOptions,
  compareVariants,
  feedbackScores,
  formatComparison,
  loadReport,
  type Metric,
  compare as pairwise,
  type TimeRange,
} from "../evaluation/index.js";
import { isEvaluation } from "../evaluation/runs/evaluation-file.js";
import { InvalidOptionError } from "../index.js";
import { named, print } from "./eval.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { type LoggedRun, readRuns } from "./files/logged-runs.js";
import { withoutKeys } from "./terminal/terminal.js";

export interface CompareOptions {
  readonly by: "variant" | "target" | "file";
  readonly at?: string;
  readonly before?: string;
  readonly after?: string;
  readonly baseline?: string;
  readonly smallest?: readonly string[];
  readonly peeking?: boolean;
  /** File of what people thought of runs. */
  readonly feedback?: string;
  /** Of evaluations, in points. */
  readonly margin?: string;
  readonly json?: boolean;
}

/** Runs `multimodel compare`: prints what the sides of answered runs did. */
export async function compare(files: readonly string[], options: CompareOptions): Promise<ExitCode> {
  if (files.some(isEvaluation)) return compareEvaluations(files, options);
  const { by, at, before, after, baseline, smallest, peeking, json = false } = options;
  const times = timesOf(before, after);
  const settings: CompareVariantsOptions<LoggedRun> = {
    by: times ?? (by === "variant" ? by : (run) => run[by]),
    ...(at !== undefined && { at }),
    ...(baseline !== undefined && { baseline }),
    ...(smallest !== undefined && { smallest: differencesIn(smallest) }),
    ...(peeking !== undefined && { peeking }),
    ...(options.feedback !== undefined && { score: scoresIn(options.feedback) }),
  };
  const comparison = compared(await readRuns(files), settings);
  if (times === undefined && Object.keys(comparison.variants).length === 0) {
    const missing = by === "variant" ? "was assigned a variant by an experiment" : `has a ${by}`;
    throw new UsageError(`no run ${missing}; give --by target, --by file, or --before and --after`);
  }
  const text = json ? JSON.stringify(comparison, null, 2) : formatComparison(comparison);
  process.stdout.write(`${withoutKeys(text)}\n`);
  return exitCode.done;
}

function scoresIn(file: string): (run: LoggedRun) => number | undefined {
  if (!existsSync(file)) throw new UsageError(`--feedback ${file}: there is no such file`);
  return feedbackScores(file);
}

/** Compares evaluations of the same questions: the first file with each other one. */
async function compareEvaluations(
  files: readonly string[],
  { margin, json = false }: CompareOptions,
): Promise<ExitCode> {
  const other = files.find((file) => !isEvaluation(file));
  if (other !== undefined)
    throw new UsageError(`${other} is no evaluation, the other files are; compare files of one kind`);
  const loaded = files.map((file) => ({ file, report: loadReport(file) }));
  const names = loaded.map(({ report }) => report.name);
  const reports = loaded.map(({ file, report }) => {
    const { name } = report;
    if (name === undefined) return { ...report, name: file };
    return names.indexOf(name) === names.lastIndexOf(name) ? report : { ...report, name: `${name} (${file})` };
  });
  const points = Number(margin ?? 0);
  if (!(points >= 0 && points < 100))
    throw new UsageError(`--margin ${margin} is no number of points; write --margin 1`);
  const [first, ...others] = reports;
  const comparisons = await named(async () => others.map((each) => pairwise(first!, each, { margin: points / 100 })));
  print(reports, comparisons, json);
  return exitCode.done;
}

/** Compares runs, and names the command's options in errors. */
function compared(runs: readonly LoggedRun[], options: CompareVariantsOptions<LoggedRun>) {
  try {
    return compareVariants(runs, options);
  } catch (error) {
    if (!InvalidOptionError.isInstance(error)) throw error;
    const message = error.message
      .replace(/^compareVariants\.by\.(\w+) is [^;]+; /, "--$1: ")
      .replace(/^compareVariants\.smallest\./, "--smallest ")
      .replace(/^compareVariants\.runs/, "runs")
      .replace(/^compareVariants\./, "--");
    throw new UsageError(message, { cause: error });
  }
}

/** Reads two times: a moment, or a range `from..to` of which one end may be missing. */
function timesOf(before: string | undefined, after: string | undefined) {
  if (before === undefined && after === undefined) return undefined;
  if (before === undefined || after === undefined)
    throw new UsageError("--before and --after belong together; give both");
  return {
    before: rangeOf("before", before.includes("..") ? before : `..${before}`),
    after: rangeOf("after", after.includes("..") ? after : `${after}..`),
  };
}

function rangeOf(option: "before" | "after", text: string): TimeRange {
  const [from, to] = text.split("..").map((moment) => (moment === "" ? undefined : moment));
  const [start, end] = [
    new Date(from ?? 0).getTime(),
    to === undefined ? Number.POSITIVE_INFINITY : new Date(to).getTime(),
  ];
  if (start < end || (from === undefined && !Number.isNaN(end))) return [from, to];
  const given = text.replace(/^\.\.|\.\.$/, "");
  throw new UsageError(`--${option} ${given} is no time; write 2026-11-08, or a range: 2026-11-01..2026-11-08`);
}

function differencesIn(texts: readonly string[]): Partial<Record<Metric, number>> {
  const pairs = texts.map((text) => {
    const [, name, size] = /^(\w+)=(.+)$/.exec(text) ?? [];
    if (name === undefined) throw new UsageError(`--smallest ${text} is no difference; write success=0.02`);
    return [name, Number(size)] as const;
  });
  return Object.fromEntries(pairs);
}
