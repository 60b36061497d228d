import { HumanMessage } from "@langchain/core/messages";
import { rowData } from "../batch/batch-row.js";
import { answer } from "./answer.js";
import { chatLoop } from "./chat-loop.js";
import { type ExitCode, UsageError } from "./exit-code.js";
import { readQuestion } from "./files/read-question.js";
import { openReport } from "./files/report-file.js";
import { interruptible } from "./interrupt.js";
import { openConfig } from "./open-config.js";
import { explain } from "./report-error.js";
import { endLine, liveText, note, reportOutcome, showTimeline } from "./show-answer.js";
import { openTarget, type Target, type TargetOptions } from "./target.js";

export interface ChatOptions extends TargetOptions {
  readonly config?: string;
  readonly json?: boolean;
  /** Whether stdin is read. @default whether it is a pipe or a file */
  readonly stdin?: boolean;
  /** Prints the calls as bars. */
  readonly timeline?: boolean;
  /** HTML file to write. */
  readonly report?: string;
}

/** Runs `multimodel chat`: gives one answer, or holds a conversation. */
export async function chat(argument: string | undefined, options: ChatOptions): Promise<ExitCode> {
  const config = await openConfig(options.config);
  const question = await readQuestion(argument, options.stdin);
  if (question === undefined && options.json) throw new UsageError("--json answers one question; give the question");
  if (question === undefined && options.report !== undefined)
    throw new UsageError("--report is of one answer; give the question");
  const target = await openTarget(config, options);
  try {
    return question === undefined
      ? await chatLoop(config, target, options)
      : await oneAnswer(target, question, options);
  } finally {
    await target.close();
  }
}

async function oneAnswer({ graph, task }: Target, question: string, options: ChatOptions): Promise<ExitCode> {
  const { json = false, report, timeline = false } = options;
  const write = report === undefined ? undefined : openReport(report);
  const { signal, done } = interruptible();
  const messages = [new HumanMessage(question)];
  const live = process.stdout.isTTY && !json; // a pipe gets the whole answer, since discarded text cannot be taken back
  const shown = live ? liveText() : {};
  const outcome = await answer(graph, { messages, signal, task, steps: write !== undefined, ...shown });
  done();
  if (json) process.stdout.write(`${JSON.stringify(rowData(outcome, explain), null, 2)}\n`);
  else if (live) endLine(outcome.text);
  else if (outcome.error === undefined)
    process.stdout.write(outcome.text.endsWith("\n") ? outcome.text : `${outcome.text}\n`);
  const code = reportOutcome(outcome, signal.aborted);
  if (timeline) showTimeline(outcome.calls);
  if (write !== undefined) {
    write(await (await import("./chat-report.js")).chatReport(graph, outcome));
    note(`The run's report: ${report}`);
  }
  return code;
}
