import { HumanMessage } from "@langchain/core/messages";
import { answer } from "./answer.js";
import { chatLoop } from "./chat-loop.js";
import { type ExitCode, UsageError } from "./exit-code.js";
import { readQuestion } from "./files/read-question.js";
import { interruptible } from "./interrupt.js";
import { openConfig } from "./open-config.js";
import { explain } from "./report-error.js";
import { endLine, liveText, reportOutcome } from "./show-answer.js";
import { openTarget, type Target, type TargetOptions } from "./target.js";
import { outcomeData } from "./terminal/outcome-note.js";

export interface ChatOptions extends TargetOptions {
  readonly config?: string;
  readonly json?: boolean;
  /** Whether stdin is read. @default whether it is a pipe or a file */
  readonly stdin?: boolean;
}

/** Runs `multimodel chat`: gives one answer, or holds a conversation. */
export async function chat(argument: string | undefined, options: ChatOptions): Promise<ExitCode> {
  const config = await openConfig(options.config);
  const question = await readQuestion(argument, options.stdin);
  if (question === undefined && options.json) throw new UsageError("--json answers one question; give the question");
  const target = await openTarget(config, options);
  try {
    return question === undefined ? await chatLoop(config, target) : await oneAnswer(target, question, options);
  } finally {
    await target.close();
  }
}

async function oneAnswer({ graph, task }: Target, question: string, { json = false }: ChatOptions): Promise<ExitCode> {
  const { signal, done } = interruptible();
  const messages = [new HumanMessage(question)];
  const live = process.stdout.isTTY && !json; // a pipe gets the whole answer, since discarded text cannot be taken back
  const outcome = await answer(graph, { messages, signal, task, ...(live ? liveText() : {}) });
  done();
  if (json) process.stdout.write(`${JSON.stringify(outcomeData(outcome, explain), null, 2)}\n`);
  else if (live) endLine(outcome.text);
  else if (outcome.error === undefined)
    process.stdout.write(outcome.text.endsWith("\n") ? outcome.text : `${outcome.text}\n`);
  return reportOutcome(outcome, signal.aborted);
}
