import type { Outcome } from "./answer.js";
import { type ExitCode, exitCode } from "./exit-code.js";
import { reportError } from "./report-error.js";
import { outcomeNote, paidNote } from "./terminal/outcome-note.js";
import { columnsOf, fill, paint, printable, withoutKeys } from "./terminal/terminal.js";

/** Shows an answer in a terminal as it streams. */
export function liveText() {
  return {
    onText: (text: string) => void process.stdout.write(printable(text)),
    onDiscarded: (reason: string) => {
      process.stdout.write("\n");
      note(`The answer above is discarded (${reason}); trying again.`);
    },
  };
}

/** Ends the last line of an answer. */
export function endLine(text: string): void {
  if (!text.endsWith("\n")) process.stdout.write("\n");
}

/** Reports an outcome on stderr, so that stdout has only the answer. */
export function reportOutcome(outcome: Outcome, aborted: boolean): ExitCode {
  if (outcome.error === undefined) {
    note(outcomeNote(outcome));
    return exitCode.done;
  }
  if (!aborted) reportError(outcome.error);
  note(`${aborted ? "Stopped; " : ""}${paidNote(outcome.calls)}`);
  return aborted ? exitCode.interrupted : exitCode.failed;
}

/** Prints a remark to stderr. */
export function note(text: string): void {
  const { stderr } = process;
  process.stderr.write(`${paint(stderr, "dim", fill(withoutKeys(printable(text)), columnsOf(stderr)))}\n`);
}
