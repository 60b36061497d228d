import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Config, configOf, type LoadOptions } from "../../config/load-config.js";
import { readText } from "../../config/text/read-text.js";
import { isAccepted } from "../../evaluation/calibration/calibrate.js";
import {
  type Calibration,
  calibrate,
  type EvaluatedItem,
  type Example,
  evaluate,
  record,
  replayModels,
} from "../../evaluation/index.js";
import { examplesOf } from "../../evaluation/runs/dataset.js";
import { examplesFor } from "../../evaluation/statistics/learn-then-test.js";
import { InvalidOptionError } from "../../index.js";
import { type ExitCode, exitCode, UsageError } from "../exit-code.js";
import { findConfig } from "../find-config.js";
import { interruptible } from "../interrupt.js";
import { noteWarnings } from "../open-config.js";
import { scorersOf } from "../scorers.js";
import { note } from "../show-answer.js";
import { checkReach, targetName } from "../target.js";
import { plural } from "../terminal/outcome-note.js";
import { createProgress } from "../terminal/progress.js";
import { withoutKeys } from "../terminal/terminal.js";
import { calibrationText } from "./calibration-text.js";
import { type Goal, type GoalOptions, goalOf } from "./goal.js";
import { type ThresholdPlace, thresholdPlaces } from "./threshold-place.js";

export interface CalibrateCommandOptions extends GoalOptions {
  readonly config?: string;
  readonly graph?: string;
  readonly at?: string;
  readonly scorer: string;
  readonly record?: string;
  readonly replay?: string;
  readonly concurrency: number;
  readonly budget?: number;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** Fewest examples on which a threshold is chosen. */
const LEAST = 20;

/** What one command calibrates. */
interface Task {
  readonly file: string;
  readonly name: string;
  readonly place: ThresholdPlace;
  readonly dataset: readonly Example[];
  readonly target: Goal;
  readonly options: CalibrateCommandOptions;
}

/** Runs `multimodel calibrate`: chooses a threshold of the file, prints its figures and writes it. */
export async function calibrateFile(questions: string, options: CalibrateCommandOptions): Promise<ExitCode> {
  if (options.record !== undefined && options.replay !== undefined)
    throw new UsageError("give --record or --replay, not both");
  const target = goalOf(options);
  const file = findConfig(options.config);
  const text = await readText(file);
  const config = await configOf(file, text, { env: process.env, keyless: options.replay !== undefined });
  noteWarnings(config);
  const name = targetName(config, options);
  const place = placeIn(config, { text, name, at: options.at });
  const dataset = await asUsage(() => allOf(examplesOf(questions, "calibrate.dataset")));
  checkCount(questions, dataset.length, target);
  if (options.scorer.startsWith("judge"))
    throw new UsageError(
      "--scorer judge would be paid at every threshold; give a scorer that compares with `expected`",
    );
  const task = { file, name, place, dataset, target, options };
  if (options.replay !== undefined) return choose(task, options.replay);
  checkReach(config, name);
  const folder = await mkdtemp(join(tmpdir(), "multimodel-"));
  const calls = options.record ?? join(folder, "calls.jsonl");
  try {
    return (await recordCalls(task, calls)) ?? (await choose(task, calls));
  } catch (error) {
    if (options.record !== undefined && existsSync(calls)) note(`What was paid is kept: go on with --replay ${calls}.`);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function placeIn(config: Config, { text, name, at }: { text: string; name: string; at: string | undefined }) {
  const { file, graphs, members, grants } = config;
  if (!Object.hasOwn(graphs, name))
    throw new UsageError(`"${name}" is a model; choose a graph of ${file} with --graph`);
  const withTools = members[name]!.find((member) => (grants[member] ?? []).length > 0);
  if (withTools !== undefined)
    throw new UsageError(
      `${name}: ${withTools} may call tools, which cannot be replayed; calibrate a graph without them`,
    );
  const places = thresholdPlaces(text, name);
  const found = at === undefined ? places : places.filter((place) => place.name === at);
  if (found.length === 1) return found[0]!;
  const names = places.map((place) => place.name).join(", ");
  if (places.length === 0)
    throw new UsageError(
      `graph ${name} of ${file} has no threshold to set; give it one: verify: { judge: MODEL }, { selfReported: 0.8 }, { logprobs: 0.9 }, { agreement: 2 }, or route: { examples, threshold }`,
    );
  throw new UsageError(
    at === undefined
      ? `graph ${name} of ${file} has several thresholds: ${names}; choose one with --at`
      : `--at ${at} is no threshold of graph ${name}; it has ${names}`,
  );
}

function checkCount(questions: string, count: number, target: Goal): void {
  const needed = Math.max(LEAST, "wrongAccepted" in target ? examplesFor(target) : 0);
  if (count >= needed) return;
  const share = "wrongAccepted" in target ? ", not one of them accepted and wrong" : "";
  throw new UsageError(`${questions} has ${plural(count, "example")}; this target takes at least ${needed}${share}`);
}

/** Loads the graph with a threshold, over models that record or replay. */
async function graphAt(
  { file, name, place }: Task,
  threshold: number,
  loading: Pick<LoadOptions, "change" | "keyless">,
) {
  const { graphs, models } = await configOf(file, place.withValue(threshold), { env: process.env, ...loading });
  return { graph: graphs[name]!, models };
}

/**
 * Answers every example where most is called, so that all other thresholds can answer from the recordings: at the strictest threshold,
 * and for a route at the loosest too.
 *
 * @returns an exit code where it was stopped
 */
async function recordCalls(task: Task, calls: string): Promise<ExitCode | undefined> {
  const { place, dataset, name, options } = task;
  const values = place.thresholds ?? [0, 1];
  const ends = [Math.max(...values), ...(place.isRoute ? [Math.min(...values)] : [])];
  const interrupts = interruptible();
  let left = options.budget;
  try {
    for (const threshold of ends) {
      const { graph } = await graphAt(task, threshold, { change: (models) => record(models, calls) });
      const progress = createProgress(dataset.length, process.stderr, "");
      const failed = { count: 0 };
      const report = await asUsage(() =>
        evaluate({
          ...{ graph, dataset, name, signal: interrupts.signal, concurrency: options.concurrency, scorers: [() => 0] },
          ...(left !== undefined && { budgetUsd: left }),
          onProgress: ({ done, item, costUsd }) => {
            failed.count += Number(item.error !== undefined);
            const cost = costUsd === null ? "cost unknown" : `$${costUsd.toFixed(4)}`;
            progress.show({ done, failed: failed.count, cost });
          },
        }),
      ).finally(() => progress.end());
      if (left !== undefined) left -= report.totalCostUsd ?? 0;
      if (report.stopped === undefined) continue;
      const why = report.stopped === "budget" ? ": the budget is spent" : "";
      note(`Stopped${why}. ${task.file} is as it was.`);
      return report.stopped === "aborted" ? exitCode.interrupted : exitCode.failed;
    }
    return undefined;
  } finally {
    interrupts.done();
  }
}

async function choose(task: Task, calls: string): Promise<ExitCode> {
  const { file, name, place, dataset, target, options } = task;
  const replayed = { change: (models: Config["models"]) => replayModels(models, calls), keyless: true };
  const thresholds = [...(place.thresholds ?? shares)];
  const graphs = new Map<number, Awaited<ReturnType<typeof graphAt>>["graph"]>();
  const config = await asUsage(() => graphAt(task, thresholds[0]!, replayed));
  for (const threshold of thresholds) graphs.set(threshold, (await graphAt(task, threshold, replayed)).graph);
  const missing = new Set<string>();
  const accepted = (item: EvaluatedItem) => {
    for (const { error } of item.calls) if (error?.name === "RecordingMissError") missing.add(error.message ?? "");
    return isAccepted(item);
  };
  const scorers = scorersOf([options.scorer], { file, models: config.models } as Config);
  const calibration = await asUsage(() =>
    calibrate({
      ...{ graph: (threshold) => graphs.get(threshold)!, dataset, scorers, target, thresholds, accepted },
      concurrency: options.concurrency,
    }),
  ).catch((error: unknown) => {
    refuseMissing(missing);
    throw error;
  });
  refuseMissing(missing);
  if (options.dryRun !== true) await writeFile(file, place.withValue(calibration.threshold));
  print(calibration, { name, place, file, options });
  return exitCode.done;
}

const shares = [1, 0.99, 0.98, ...Array.from({ length: 20 }, (_, step) => (19 - step) / 20)];

function refuseMissing(missing: ReadonlySet<string>): void {
  const [first] = missing;
  if (first === undefined) return;
  throw new UsageError(
    `--replay lacks ${missing.size} answers that some threshold needs, such as: ${first}. Record them: give --record FILE in the place of --replay`,
  );
}

function print(
  calibration: Calibration,
  { name, place, file, options }: Pick<Task, "name" | "place" | "file" | "options">,
): void {
  const written = options.dryRun !== true;
  const text =
    options.json === true
      ? JSON.stringify(
          { graph: name, place: place.name, before: place.value ?? null, written, ...calibration },
          null,
          2,
        )
      : calibrationText(calibration, place, written ? `written to ${file}` : `${file} is as it was`);
  process.stdout.write(`${withoutKeys(text)}\n`);
}

async function allOf<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

/** Turns invalid options of the library into mistakes of the command's user. */
async function asUsage<Value>(action: () => Promise<Value>): Promise<Value> {
  try {
    return await action();
  } catch (error) {
    if (!InvalidOptionError.isInstance(error)) throw error;
    const message = error.message
      .replace(/^(calibrate|evaluate)\.(dataset\S*) is /, "$2: ")
      .replace(/^calibrate\.target is an object with [\w, ]+; /, "")
      .replace(/^calibrate\.target/, "the target")
      .replace(/^replay\.file is /, "--replay: ");
    throw new UsageError(message, { cause: error });
  }
}
