import type { Interface } from "node:readline";

/** Questions somebody types, in their order. */
export interface Questions {
  /** The next one; nothing once the terminal is closed. */
  next(): Promise<string | undefined>;
  /** Forgets those that were typed while another was answered, and says how many there were. */
  drop(): number;
}

/** Reads questions off a terminal: a line each, and a text that is pasted is one, with all its lines. */
export function createQuestions(terminal: Interface, { stdin, stdout }: NodeJS.Process): Questions {
  const waiting: string[] = [];
  let lines: string[] = []; // of a paste, to which the rest is typed
  let pasting = false;
  let closed = false;
  let wake = () => {};
  const marksPastes = process.env.TERM !== "dumb";
  if (marksPastes) stdout.write("\u001b[?2004h"); // the terminal marks what is pasted
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
