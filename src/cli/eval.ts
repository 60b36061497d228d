import type { Config } from "../config/index.js";
import { withTools } from "../config/with-tools.js";
import {
  compare,
  evaluate,
  formatEvaluation,
  type PairedComparison,
  type Report,
  record,
  replayModels,
} from "../evaluation/index.js";
import { openRecordings } from "../evaluation/recordings/recording-index.js";
import { examplesOf } from "../evaluation/runs/dataset.js";
import { InvalidOptionError } from "../index.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { interruptible } from "./interrupt.js";
import { openConfig } from "./open-config.js";
import { scorersOf } from "./scorers.js";
import { note } from "./show-answer.js";
import { checkReach, targetName } from "./target.js";
import { plural } from "./terminal/outcome-note.js";
import { createProgress } from "./terminal/progress.js";
import { withoutKeys } from "./terminal/terminal.js";

export interface EvalOptions {
  readonly config?: string;
  readonly output?: string;
  readonly model?: readonly string[];
  readonly graph?: readonly string[];
  readonly scorer: readonly string[];
  readonly concurrency: number;
  readonly budget?: string;
  readonly passing?: string;
  readonly cluster?: string;
  readonly record?: string;
  readonly replay?: string;
  readonly margin?: string;
  readonly json?: boolean;
}

/** Runs `multimodel eval`: answers and scores a dataset with models and graphs of the file. */
export async function evaluateFile(dataset: string, options: EvalOptions): Promise<ExitCode> {
  const { record: recordings, replay: replayed } = options;
  if (recordings !== undefined && replayed !== undefined) throw new UsageError("give --record or --replay, not both");
  const budgetUsd = amount("budget", options.budget);
  const passingScore = amount("passing", options.passing);
  const margin = amount("margin", options.margin);
  const config = await openConfig(options.config, {
    ...(replayed !== undefined && {
      keyless: true,
      change: (models) => ({ ...models, ...replayedOf(models, replayed) }),
    }),
    ...(recordings !== undefined && { change: (models) => record(models, recordings) }),
  });
  const names = targetsOf(config, options);
  if (options.output !== undefined && names.length > 1) {
    throw new UsageError("--output takes the answers of one target; run the command once for each");
  }
  for (const name of names) checkReach(config, name);
  const scorers = scorersOf(options.scorer, config);
  await checkExpected(dataset, options.scorer);
  const { models, graphs, close } = await withTools(config, names);
  const interrupts = interruptible();
  const reports: Report[] = [];
  let left = budgetUsd;
  try {
    for (const name of names) {
      const progress = createProgress(0, process.stderr, "");
      const failed = { count: 0 };
      const report = await named(() =>
        evaluate({
          ...{ graph: graphs[name] ?? models[name]!, dataset, scorers, name, signal: interrupts.signal },
          concurrency: options.concurrency,
          ...(left !== undefined && { budgetUsd: left }),
          ...(passingScore !== undefined && { passingScore }),
          ...(options.cluster !== undefined && { cluster: options.cluster }),
          ...(options.output !== undefined && { file: options.output }),
          onProgress: ({ done, item, costUsd }) => {
            if (item.error !== undefined) failed.count++;
            progress.show({
              done,
              failed: failed.count,
              cost: costUsd === null ? "cost unknown" : `$${costUsd.toFixed(4)}`,
            });
          },
        }),
      ).finally(() => progress.end());
      reports.push(report);
      if (left !== undefined) left -= report.totalCostUsd ?? 0;
      if (report.stopped !== undefined || (left !== undefined && left <= 0)) break;
    }
  } finally {
    interrupts.done();
    await close();
  }
  const [first, ...others] = reports as [Report, ...Report[]];
  const comparisons = others.map((other) =>
    compare(first, other, margin === undefined ? {} : { margin: margin / 100 }),
  );
  print(reports, comparisons, options.json === true);
  reports.forEach(noteUnscored);
  const stopped = reports.at(-1)?.stopped;
  if (stopped !== undefined) note(stopped === "budget" ? "Stopped: the budget is spent." : "Stopped.");
  return stopped === "aborted" ? exitCode.interrupted : stopped === undefined ? exitCode.done : exitCode.failed;
}

/** Throws where the first scorer could judge no answer, before one is paid. */
async function checkExpected(dataset: string, [scorer = ""]: readonly string[]): Promise<void> {
  if (scorer.startsWith("judge:")) return;
  const isJudgeable = await named(async () => {
    for await (const { expected } of examplesOf(dataset, "evaluate.dataset")) if (expected !== undefined) return true;
    return false;
  });
  if (!isJudgeable)
    throw new UsageError(`no example of ${dataset} has "expected", with which --scorer ${scorer} compares the answer`);
}

/** Notes answers that count for no figure. */
function noteUnscored({ name, unscored }: Report): void {
  if (unscored > 0)
    note(
      `${plural(unscored, "answer")} of ${name} could not be scored, and ${unscored === 1 ? "counts" : "count"} in no accuracy.`,
    );
}

/** Replaces the models that a file has answers of; the others fail when they are called. */
function replayedOf(models: Config["models"], file: string): Config["models"] {
  try {
    const { names } = openRecordings(file);
    const recorded = Object.entries(models).filter(([name]) => names.has(name));
    if (recorded.length > 0) return replayModels(Object.fromEntries(recorded), file);
    throw new UsageError(
      `${file} has answers of ${[...names].join(", ")}, and none of ${Object.keys(models).join(", ")}`,
    );
  } catch (error) {
    if (!InvalidOptionError.isInstance(error)) throw error;
    throw new UsageError(error.message.replace(/^replay\.file is /, "--replay: "), { cause: error });
  }
}

/** Prints reports and comparisons, as text or as JSON without the items. */
export function print(reports: readonly Report[], comparisons: readonly PairedComparison[], asJson: boolean): void {
  const figures = reports.map(({ items, ...figures }) => ({ questions: items.length, ...figures }));
  const text = asJson
    ? JSON.stringify({ reports: figures, comparisons }, null, 2)
    : [formatEvaluation(reports), ...comparisons.map((each) => formatEvaluation(each))].join("\n\n");
  process.stdout.write(`${withoutKeys(text)}\n`);
}

function targetsOf(config: Config, { model = [], graph = [] }: EvalOptions): string[] {
  const given = [
    ...graph.map((name) => targetName(config, { graph: name })),
    ...model.map((name) => targetName(config, { model: name })),
  ];
  return given.length > 0 ? given : [targetName(config, {})];
}

/** Names the command's options in errors. */
export async function named<Value>(action: () => Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (error) {
    if (!InvalidOptionError.isInstance(error)) throw error;
    const message = error.message.replace(/^evaluate\.(dataset\S*) is /, "$1: ").replace(/^evaluate\.file/, "--output");
    throw new UsageError(message, { cause: error });
  }
}

function amount(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && value >= 0) return value;
  throw new UsageError(`--${option} ${text} is no number; write --${option} 1`);
}
