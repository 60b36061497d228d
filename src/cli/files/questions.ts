import type { Interface } from "node:readline";

/** A queue of typed questions. */
export interface Questions {
  /** Waits for the next question; `undefined` once the terminal is closed. */
  next(): Promise<string | undefined>;
  /** Drops the waiting questions and returns their number. */
  drop(): number;
}

/** Reads questions from a terminal, one per line; pasted text is one question. */
export function createQuestions(terminal: Interface, { stdin, stdout }: NodeJS.Process): Questions {
  const waiting: string[] = [];
  let lines: string[] = []; // pasted lines, up to the typed end of the last one
  let pasting = false;
  let closed = false;
  let wake = () => {};
  const marksPastes = process.env.TERM !== "dumb";
  if (marksPastes) stdout.write("\u001b[?2004h"); // makes the terminal mark pasted text
  const onKey = (_: unknown, { name }: { readonly name?: string } = {}) => {
    if (name === "paste-start" || name === "paste-end") pasting = name === "paste-start";
  };
  stdin.on("keypress", onKey);
  terminal.on("line", (line) => {
    lines.push(line);
    if (pasting) return;
    waiting.push(lines.join("\n"));
    lines = [];
    wake();
  });
  terminal.once("close", () => {
    closed = true;
    stdin.off("keypress", onKey);
    if (marksPastes) stdout.write("\u001b[?2004l");
    wake();
  });
  return {
    next: async () => {
      while (waiting.length === 0 && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return closed ? undefined : waiting.shift();
    },
    drop: () => waiting.splice(0).length,
  };
}
