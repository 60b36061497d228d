import { createInterface } from "node:readline";
import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { Config } from "../config/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import { answer } from "./answer.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { createQuestions } from "./files/questions.js";
import { reportError } from "./report-error.js";
import { endLine, liveText, note, reportOutcome, showTimeline } from "./show-answer.js";
import { openTarget, type Target } from "./target.js";
import { costOf, plural } from "./terminal/outcome-note.js";
import { paint } from "./terminal/terminal.js";

const help = `/new          forget the conversation
/use NAME     another model or graph; the conversation goes on
/cost         what this session cost
/exit         leave; so does Ctrl-D
Ctrl-C        stops an answer; at the prompt, leaves

What is pasted is one question, with all its lines. A question that begins
with / is asked with a space before it.`;

/** Holds a conversation at the terminal, in which each answer sees all earlier ones. */
export async function chatLoop(
  config: Config,
  first: Target,
  { timeline = false }: { readonly timeline?: boolean } = {},
): Promise<ExitCode> {
  const { stdin, stdout } = process;
  const terminal = createInterface({ input: stdin, output: stdout, historySize: 500 });
  const questions = createQuestions(terminal, process);
  const calls: ModelCall[] = [];
  let target = first;
  let messages: readonly BaseMessage[] = [];
  let running: AbortController | undefined;
  let left: ExitCode | undefined;

  const leave = (code: ExitCode) => {
    left ??= code;
    terminal.close();
  };
  const printTotal = () => {
    terminal.close();
    stdout.write("\n");
    const sum = calls.length === 0 ? "No calls" : `${costOf(calls)} for ${plural(calls.length, "call")}`;
    note(running === undefined ? `${sum}.` : `${sum} without the answer in progress.`);
  };
  const interrupt = () => {
    if (left !== undefined || running?.signal.aborted) {
      printTotal(); // a second Ctrl-C
      process.exit(exitCode.interrupted);
    }
    if (running === undefined) leave(exitCode.interrupted);
    else running.abort();
  };
  const terminate = () => leave(exitCode.interrupted);
  terminal.on("SIGINT", interrupt);
  terminal.on("close", () => {
    left ??= exitCode.done; // Ctrl-D
    running?.abort();
  });
  process.on("SIGINT", interrupt).on("SIGTERM", terminate);

  async function use(name: string): Promise<void> {
    const { models, graphs } = config;
    const isGraph = Object.hasOwn(graphs, name);
    if (!isGraph && !Object.hasOwn(models, name)) {
      const names = [...Object.keys(models), ...Object.keys(graphs)].join(", ");
      throw new UsageError(`/use NAME: there ${name === "" ? "" : `is no ${name}; there `}are ${names}`);
    }
    const { task } = first;
    const given = task === undefined ? {} : { task };
    const other = await openTarget(config, { ...given, ...(isGraph ? { graph: name } : { model: name }) });
    if (target !== first) await target.close();
    target = other;
    note(`${name} answers from now on.`);
  }

  async function command(line: string): Promise<void> {
    const [word, ...rest] = line.trim().split(/\s+/);
    if (word === "/exit" || word === "/quit") leave(exitCode.done);
    else if (word === "/new") {
      messages = [];
      note("A new conversation.");
    } else if (word === "/cost") note(`${costOf(calls)} for ${plural(calls.length, "call")} so far.`);
    else if (word === "/use") await use(rest.join(" "));
    else if (word === "/help") stdout.write(`${help}\n`);
    else throw new UsageError(`there is no ${word}; /help lists the commands`);
  }

  async function answerTo(question: string): Promise<void> {
    running = new AbortController();
    const { signal } = running;
    const outcome = await answer(target.graph, {
      messages: [...messages, new HumanMessage(question)],
      signal,
      task: target.task,
      ...liveText(),
    });
    endLine(outcome.text);
    calls.push(...outcome.calls);
    if (outcome.error === undefined) messages = outcome.messages;
    reportOutcome(outcome, signal.aborted);
    if (timeline) showTimeline(outcome.calls);
    running = undefined;
    const dropped = signal.aborted ? questions.drop() : 0;
    if (dropped > 0) note(`${plural(dropped, "line")} typed meanwhile ${dropped === 1 ? "is" : "are"} dropped.`);
  }

  try {
    note(`${target.name} answers. /help lists the commands, Ctrl-D leaves.`);
    terminal.setPrompt(paint(stdout, "bold", "> "));
    while (left === undefined) {
      terminal.prompt();
      const line = await questions.next();
      if (line === undefined) break;
      try {
        if (line.startsWith("/") && !line.includes("\n")) await command(line);
        else if (line.trim() !== "") await answerTo(line.trim());
      } catch (error) {
        if (error instanceof UsageError) note(error.message);
        else reportError(error);
      }
    }
  } finally {
    printTotal();
    process.off("SIGINT", interrupt).off("SIGTERM", terminate);
    if (target !== first) await target.close();
  }
  return left ?? exitCode.done;
}
