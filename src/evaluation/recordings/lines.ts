import { appendFileSync, closeSync, fstatSync, openSync, readSync } from "node:fs";
import { redacted } from "../../secrets/encodings.js";
import { redactContent } from "../../secrets/redact.js";
import { isSecretName } from "../../secrets/secret-names.js";

/** A line of a file, with its place in bytes. */
export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  readonly at: number;
  readonly bytes: number;
}

const piece = 1 << 20;
const lineFeed = 10;

/** Yields the lines of a file that are not empty, without holding the file. */
export function* linesOf(file: string): Generator<Line> {
  const handle = openSync(file, "r");
  const buffer = Buffer.allocUnsafe(piece);
  try {
    let held: Buffer = Buffer.alloc(0);
    let [at, number] = [0, 0];
    for (;;) {
      const read = readSync(handle, buffer, 0, piece, at + held.length);
      const bytes = read === 0 ? held : Buffer.concat([held, buffer.subarray(0, read)]);
      let from = 0;
      for (let end = bytes.indexOf(lineFeed, held.length); from < bytes.length; end = bytes.indexOf(lineFeed, from)) {
        if (end < 0 && read > 0) break;
        const until = end < 0 ? bytes.length : end;
        const text = bytes.toString("utf8", from, until).trim();
        number++;
        if (text !== "") yield { text, number, at: at + from, bytes: until - from };
        from = until + 1;
      }
      if (read === 0) return;
      held = Buffer.from(bytes.subarray(from));
      at += from;
    }
  } finally {
    closeSync(handle);
  }
}

/** Reads one line by its place. */
export function lineAt(file: string, { at, bytes }: Pick<Line, "at" | "bytes">): string {
  const handle = openSync(file, "r");
  try {
    const buffer = Buffer.allocUnsafe(bytes);
    readSync(handle, buffer, 0, bytes, at);
    return buffer.toString("utf8");
  } finally {
    closeSync(handle);
  }
}

/** Appends a value as one line, without secrets. One write, so that processes may share the file. */
export function appendLine(file: string, value: object): void {
  appendFileSync(file, `${lineOf(value)}\n`);
}

/** Names that hold secrets elsewhere: here arguments of tools, and what providers sign. */
const plainNames: ReadonlySet<string> = new Set(["key", "code", "signature"]);

/** Writes JSON without secrets. */
export function lineOf(value: object): string {
  return JSON.stringify(value, (key, part: unknown) => {
    if (typeof part !== "string") return part;
    return isSecretName(key) && !plainNames.has(key) ? redacted : redactContent(part);
  });
}

/** Ends a last line that a kill cut off, so that the next one is not glued to it. */
export function endLastLine(file: string): void {
  const handle = openSync(file, "a+");
  try {
    const last = Buffer.alloc(1);
    const { size } = fstatSync(handle);
    if (size === 0) return;
    readSync(handle, last, 0, 1, size - 1);
    if (last[0] !== lineFeed) appendFileSync(handle, "\n");
  } finally {
    closeSync(handle);
  }
}
