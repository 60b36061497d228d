import type { Outcome } from "./answer.js";
import { type ExitCode, exitCode } from "./exit-code.js";
import { reportError } from "./report-error.js";
import { outcomeNote, paidNote } from "./terminal/outcome-note.js";
import { columnsOf, fill, paint, printable, withoutKeys } from "./terminal/terminal.js";

/** Shows an answer in a terminal as it comes. */
export function liveText() {
  return {
    onText: (text: string) => void process.stdout.write(printable(text)),
    onDiscarded: (reason: string) => {
      process.stdout.write("\n");
      note(`The answer above is void (${reason}); asking again.`);
    },
  };
}

/** Ends the line of an answer that does not do so itself. */
export function endLine(text: string): void {
  if (!text.endsWith("\n")) process.stdout.write("\n");
}

/** Tells on stderr what became of a question, so that stdout is the answer alone. */
export function reportOutcome(outcome: Outcome, aborted: boolean): ExitCode {
  if (outcome.error === undefined) {
    note(outcomeNote(outcome));
    return exitCode.done;
  }
  if (!aborted) reportError(outcome.error);
  note(`${aborted ? "Stopped; " : ""}${paidNote(outcome.calls)}`);
  return aborted ? exitCode.interrupted : exitCode.failed;
}

/** A remark beside the answer. */
export function note(text: string): void {
  const { stderr } = process;
  process.stderr.write(`${paint(stderr, "dim", fill(withoutKeys(printable(text)), columnsOf(stderr)))}\n`);
}
