import { createInterface } from "node:readline";
import { type BaseMessage, HumanMessage } from "@langchain/core/messages";
import type { Config } from "../config/index.js";
import type { ModelCall } from "../state/ledger.js";
import { answer } from "./answer.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { costOf, plural } from "./outcome-note.js";
import { endLine, liveText, note, tell } from "./show-answer.js";
import { openTarget, type Target, type Wanted } from "./target.js";
import { paint } from "./terminal.js";

const help = `/new          forget the conversation
/use NAME     another model or graph; the conversation goes on
/cost         what this session cost
/exit         leave (Ctrl-D too); Ctrl-C stops an answer, and leaves at the prompt`;

/** A conversation at the terminal. Every answer sees what was said before, whoever gave it. */
export async function chatLoop(config: Config, first: Target): Promise<ExitCode> {
  const { stdin, stdout } = process;
  const terminal = createInterface({ input: stdin, output: stdout, historySize: 500 });
  const calls: ModelCall[] = [];
  let target = first;
  let messages: readonly BaseMessage[] = [];
  let running: AbortController | undefined;
  let left: ExitCode | undefined;
  const leave = (code: ExitCode) => {
    left ??= code;
    terminal.close();
  };
  const interrupt = () => {
    if (running !== undefined && !running.signal.aborted) running.abort();
    else leave(exitCode.interrupted);
  };
  terminal.on("SIGINT", interrupt);
  terminal.on("close", () => {
    left ??= exitCode.done; // Ctrl-D
    running?.abort();
  });
  process.on("SIGINT", interrupt);

  async function use(name: string): Promise<void> {
    const wanted: Wanted = Object.hasOwn(config.graphs, name) ? { graph: name } : { model: name };
    const other = await openTarget(config, wanted);
    if (target !== first) await target.close();
    target = other;
    note(`${name} answers from here on.`);
  }

  async function command(line: string): Promise<void> {
    const [word, ...rest] = line.split(/\s+/);
    if (word === "/exit" || word === "/quit") leave(exitCode.done);
    else if (word === "/new") {
      messages = [];
      note("A new conversation.");
    } else if (word === "/cost") note(`${costOf(calls)} for ${plural(calls.length, "call")} so far.`);
    else if (word === "/use") await use(rest.join(" "));
    else stdout.write(`${help}\n`);
  }

  async function ask(line: string): Promise<void> {
    running = new AbortController();
    const asked = [...messages, new HumanMessage(line)];
    const outcome = await answer(target.graph, { messages: asked, signal: running.signal, ...liveText() });
    endLine(outcome.text);
    calls.push(...outcome.calls);
    if (outcome.error === undefined) messages = outcome.messages;
    tell(outcome, running.signal.aborted);
    running = undefined;
  }

  note(`${target.name} answers. /help tells more, Ctrl-D leaves.`);
  terminal.setPrompt(paint(stdout, "bold", "> "));
  terminal.prompt();
  for await (const line of terminal) {
    try {
      if (line.trim().startsWith("/")) await command(line.trim());
      else if (line.trim() !== "") await ask(line);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      note(error.message);
    }
    if (left !== undefined) break;
    terminal.prompt();
  }
  process.off("SIGINT", interrupt);
  if (target !== first) await target.close();
  stdout.write("\n");
  note(calls.length === 0 ? "Nothing was asked." : `${costOf(calls)} for ${plural(calls.length, "call")}.`);
  return left ?? exitCode.done;
}
