import { setImmediate as turn } from "node:timers/promises";
import type { Config } from "../config/index.js";
import { type BatchOptions, type BatchQuestion, runBatch } from "../index.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { type AnswersFile, openAnswers } from "./files/answers-file.js";
import { isSameFile } from "./files/named-file.js";
import { readPrompts } from "./files/prompts.js";
import { openReport } from "./files/report-file.js";
import { interruptible } from "./interrupt.js";
import { openConfig } from "./open-config.js";
import { note } from "./show-answer.js";
import { openTarget, type TargetOptions, targetName } from "./target.js";
import { nothingPaid, paidText, withCalls } from "./terminal/paid.js";
import { createProgress, duration } from "./terminal/progress.js";

export interface RunOptions extends TargetOptions {
  readonly config?: string;
  readonly output?: string;
  /** HTML file to write. */
  readonly report?: string;
  readonly concurrency: number;
  /** Dollars. */
  readonly budget?: number;
  /** Address of the Redis whose workers answer. */
  readonly redis?: string;
  readonly queue: string;
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
    const { answering, close } = await (options.redis === undefined
      ? openTarget(config, options).then(({ graph, close }) => ({ answering: { graph }, close }))
      : openQueue(options.redis, options));
    try {
      return await answerAll(answering, target, answers, { ...options, output });
    } finally {
      await close();
    }
  } finally {
    answers.close();
  }
}

/** Opens the queue whose workers answer; the budget is then theirs. */
async function openQueue(redis: string, { queue: name, budget }: RunOptions) {
  if (budget !== undefined) throw new UsageError("with --redis, set the budget in the file of the workers");
  const { bullQueue } = await import("../queue/index.js");
  const queue = bullQueue(redis, { name });
  return { answering: { queue }, close: () => queue.close() };
}

async function answerAll(
  answering: Pick<BatchOptions, "graph" | "queue">,
  target: string,
  answers: AnswersFile,
  { output, concurrency, budget, task }: Pick<RunOptions, "output" | "concurrency" | "budget" | "task">,
): Promise<ExitCode> {
  const started = Date.now();
  const counts = { answered: 0, failed: 0 };
  let paid = nothingPaid;
  const all = () => ({ known: answers.paid.known + paid.known, complete: answers.paid.complete && paid.complete });
  const interrupts = interruptible();
  const signal = AbortSignal.any([interrupts.signal, answers.broken]);
  const progress = createProgress(answers.open.length, process.stderr, paidText(answers.paid));
  const makeRoom = output === undefined && process.stdout.isTTY ? progress.hide : () => {};

  const rows = runBatch({
    ...{ ...answering, name: target, concurrency, signal },
    inputs: answers.open.map(({ id, asked }) => ({ id, ...asked }) as BatchQuestion),
    done: answers.failed,
    ...(task !== undefined && { context: { task } }),
    ...(budget !== undefined && { budget }),
  });
  try {
    for await (const row of rows) {
      paid = withCalls(paid, row.calls);
      makeRoom();
      answers.write(row);
      if (answers.broken.aborted || (row.error !== undefined && signal.aborted)) continue;
      counts[row.error === undefined ? "answered" : "failed"]++;
      progress.show({ done: counts.answered + counts.failed, failed: counts.failed, cost: paidText(all()) });
    }
    await turn(); // stdout reports a failed write later
  } catch (error) {
    if (!signal.aborted) throw error;
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
