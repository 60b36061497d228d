import type { ModelCall } from "../ledger/model-call.js";
import type { Outcome } from "./answer.js";
import { type ExitCode, exitCode } from "./exit-code.js";
import { reportError } from "./report-error.js";
import { outcomeNote, paidNote } from "./terminal/outcome-note.js";
import { columnsOf, fill, paint, printable, withoutKeys } from "./terminal/terminal.js";
import { timelineLines } from "./terminal/timeline-lines.js";

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

const colours = {
  answer: "blue",
  router: "green",
  judge: "yellow",
  aggregator: "magenta",
  summary: "cyan",
  embedding: "gray",
  shadow: "gray",
  failed: "red",
  soft: "dim",
} as const;

/** Prints the calls of a run as bars, to stderr. */
export function showTimeline(calls: readonly ModelCall[]): void {
  const { stderr } = process;
  const columns = Math.min(columnsOf(stderr), 120);
  const lines = timelineLines(calls, columns, (part, text) => (text === "" ? "" : paint(stderr, colours[part], text)));
  for (const line of lines) stderr.write(`${line}\n`);
}

/** Prints a remark to stderr. */
export function note(text: string): void {
  const { stderr } = process;
  process.stderr.write(`${paint(stderr, "dim", fill(withoutKeys(printable(text)), columnsOf(stderr)))}\n`);
}
