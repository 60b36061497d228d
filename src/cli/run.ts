import { setImmediate as turn } from "node:timers/promises";
import type { Config } from "../config/index.js";
import { totalCost, totalTokens } from "../ledger/totals.js";
import { answer } from "./answer.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { type AnswersFile, openAnswers } from "./files/answers-file.js";
import { isSameFile } from "./files/named-file.js";
import { type Prompt, readPrompts } from "./files/prompts.js";
import { openReport } from "./files/report-file.js";
import { interruptible } from "./interrupt.js";
import { openConfig } from "./open-config.js";
import { explain } from "./report-error.js";
import { note } from "./show-answer.js";
import { openTarget, type Target, type TargetOptions, targetName } from "./target.js";
import { outcomeData } from "./terminal/outcome-note.js";
import { nothingPaid, paidText, withCalls } from "./terminal/paid.js";
import { createProgress, duration } from "./terminal/progress.js";

export interface RunOptions extends TargetOptions {
  readonly config?: string;
  readonly output?: string;
  /** HTML file to write. */
  readonly report?: string;
  readonly concurrency: number;
}

/** Runs `multimodel run`: answers a file of prompts, and writes each answer when it is done. */
export async function run(file: string, options: RunOptions): Promise<ExitCode> {
  const config = await openConfig(options.config);
  const output = options.output === "-" ? undefined : options.output;
  const prompts = await readPrompts(file);
  if (output !== undefined && isSameFile(file, output)) {
    throw new UsageError(`${output} is the file with the prompts; give another --output`);
  }
  const target = targetName(config, options);
  if (options.report === undefined) return answerFile(config, openAnswers(output, prompts, target), target, options);
  const write = openReport(options.report);
  const answers = withRows(openAnswers(output, prompts, target));
  const code = await answerFile(config, answers, target, options);
  write(await (await import("./batch-page.js")).batchPage(output, answers.rows));
  note(`Report: ${options.report}`);
  return code;
}

/** Keeps the rows that are written. */
function withRows(answers: AnswersFile): AnswersFile & { readonly rows: readonly object[] } {
  const rows: object[] = [];
  const write = (row: object) => {
    rows.push(row);
    answers.write(row);
  };
  return { ...answers, rows, write };
}

async function answerFile(
  config: Config,
  answers: AnswersFile,
  target: string,
  options: RunOptions,
): Promise<ExitCode> {
  const output = options.output === "-" ? undefined : options.output;
  try {
    const answered = answers.prompts - answers.open.length;
    if (answered > 0) note(`${answered} of ${answers.prompts} are answered already (${paidText(answers.paid)}).`);
    if (answers.open.length === 0) return exitCode.done;
    const { graph, task, close } = await openTarget(config, options);
    try {
      return await answerAll({ graph, task }, target, answers, { ...options, output });
    } finally {
      await close();
    }
  } finally {
    answers.close();
  }
}

async function answerAll(
  { graph, task }: Pick<Target, "graph" | "task">,
  target: string,
  answers: AnswersFile,
  { output, concurrency }: Pick<RunOptions, "output" | "concurrency">,
): Promise<ExitCode> {
  const started = Date.now();
  const counts = { answered: 0, failed: 0 };
  let paid = nothingPaid;
  const all = () => ({ known: answers.paid.known + paid.known, complete: answers.paid.complete && paid.complete });
  const interrupts = interruptible();
  const signal = AbortSignal.any([interrupts.signal, answers.broken]);
  const progress = createProgress(answers.open.length, process.stderr, paidText(answers.paid));
  const makeRoom = output === undefined && process.stdout.isTTY ? progress.hide : () => {};

  async function work({ id, asked, messages }: Prompt): Promise<void> {
    const outcome = await answer(graph, { messages, signal, task });
    const { error, calls } = outcome;
    paid = withCalls(paid, calls);
    const isCut = error !== undefined && signal.aborted;
    if (isCut && totalTokens(calls).totalTokens === 0) return; // the next run starts it from scratch
    const earlierCalls = answers.earlierCalls(id);
    const costUsd = totalCost([...earlierCalls, ...calls]);
    const earlier = earlierCalls.length > 0 ? { earlierCalls, costUsd } : {};
    makeRoom();
    answers.write({ id, ...asked, target, ...outcomeData(outcome, explain), ...earlier });
    if (isCut || answers.broken.aborted) return;
    counts[error === undefined ? "answered" : "failed"]++;
    progress.show({ done: counts.answered + counts.failed, failed: counts.failed, cost: paidText(all()) });
  }

  try {
    await forEachConcurrent(answers.open, concurrency, signal, work);
    await turn(); // stdout reports a failed write later
  } finally {
    progress.end();
    interrupts.done();
  }
  const { answered, failed } = counts;
  const stopped = signal.aborted;
  const parts = [
    `${answered} answered`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    paidText(paid),
    ...(answers.paid === nothingPaid ? [] : [`${paidText(all())} in all`]),
    duration(Date.now() - started),
  ];
  note(`${stopped ? "Stopped: " : ""}${parts.join(", ")}${output === undefined ? "" : ` → ${output}`}`);
  if (stopped || failed > 0) note(resumeHint(stopped, output));
  if (answers.broken.aborted) throw answers.broken.reason;
  if (stopped) return exitCode.interrupted;
  return failed > 0 ? exitCode.failed : exitCode.done;
}

function resumeHint(stopped: boolean, output: string | undefined): string {
  if (output === undefined) return "With --output FILE, the same command runs only the prompts without an answer.";
  return stopped ? "Run the same command to continue." : "Run the same command to retry the failed ones.";
}

/** Works through a list with limited concurrency; starts nothing new after an abort or a failure. */
async function forEachConcurrent<Item>(
  items: readonly Item[],
  concurrency: number,
  signal: AbortSignal,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (signal.aborted || failures.length > 0) return;
      await work(item).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
