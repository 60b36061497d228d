import { loadConfig } from "../config/index.js";
import type { ModelCall } from "../state/ledger.js";
import { answer } from "./answer.js";
import { openAnswers } from "./answers-file.js";
import { type ExitCode, exitCode } from "./exit-code.js";
import { findConfig } from "./find-config.js";
import { interruptible } from "./interrupt.js";
import { costOf, outcomeData } from "./outcome-note.js";
import { createProgress, duration, type Progress } from "./progress.js";
import { readPrompts } from "./prompts.js";
import { explain } from "./report-error.js";
import { note } from "./show-answer.js";
import { openTarget, type Wanted } from "./target.js";

export interface RunOptions extends Wanted {
  readonly config?: string;
  readonly output?: string;
  readonly concurrency: number;
}

/** `multimodel run`: answers a file of prompts, in the order they are done. */
export async function run(file: string, options: RunOptions): Promise<ExitCode> {
  const config = await loadConfig(findConfig(options.config));
  const prompts = await readPrompts(file);
  const target = await openTarget(config, options);
  const started = Date.now();
  const calls: ModelCall[] = [];
  const counts = { answered: 0, failed: 0 };
  const { signal, done } = interruptible();
  let progress: Progress | undefined;
  try {
    const answers = openAnswers(options.output, prompts);
    const kept = prompts.length - answers.open.length;
    if (kept > 0) note(`${kept} of ${prompts.length} are answered already.`);
    if (answers.open.length === 0) return exitCode.done;
    progress = createProgress(answers.open.length, process.stderr);
    await eachOf(answers.open, options.concurrency, signal, async ({ id, asked, messages }) => {
      const outcome = await answer(target.graph, { messages, signal });
      calls.push(...outcome.calls);
      if (outcome.error !== undefined && signal.aborted) return; // it is asked again the next time
      answers.write({ id, ...asked, ...outcomeData(outcome, explain) });
      counts[outcome.error === undefined ? "answered" : "failed"]++;
      progress!.show({ done: counts.answered + counts.failed, failed: counts.failed, cost: costOf(calls) });
    });
  } finally {
    progress?.end();
    done();
    await target.close();
  }
  const { answered, failed } = counts;
  const where = options.output === undefined ? "" : ` → ${options.output}`;
  const parts = [`${answered} answered`, ...(failed > 0 ? [`${failed} failed`] : []), costOf(calls)];
  note(`${signal.aborted ? "Stopped: " : ""}${parts.join(", ")}, ${duration(Date.now() - started)}${where}`);
  if (signal.aborted || failed > 0) note(again(signal.aborted, options.output));
  if (signal.aborted) return exitCode.interrupted;
  return failed > 0 ? exitCode.failed : exitCode.done;
}

function again(aborted: boolean, output: string | undefined): string {
  if (output === undefined) return "With --output FILE, the same command asks only what is missing.";
  return aborted ? "The same command goes on from here." : "The same command asks the failed ones again.";
}

/** Works through a list, some at a time; once it is aborted, or the work itself fails, nothing new is begun. */
async function eachOf<Item>(
  items: readonly Item[],
  concurrency: number,
  signal: AbortSignal,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let broken = false;
  const queue = items.values();
  const worker = async () => {
    for (const item of queue) {
      if (signal.aborted || broken) return;
      await work(item).catch((error) => {
        broken = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, items.length) }, worker));
}
