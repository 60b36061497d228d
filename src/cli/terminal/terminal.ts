import { styleText } from "node:util";
import { keepEnvironment } from "../../secrets/keep-secrets.js";
import { maskKeys } from "../../secrets/redact.js";
import { widthOf } from "./text-width.js";

/** Where text is written: `process.stdout`, or its like. */
export type Stream = NodeJS.WriteStream;

type Paint = Parameters<typeof styleText>[0];

/** Colours a text where the stream shows colours; `NO_COLOR` and `TERM=dumb` are obeyed. */
export function paint(stream: Stream, color: Paint, text: string): string {
  return stream.isTTY && stream.hasColors() ? styleText(color, text) : text;
}

/** Columns of a terminal; a file or a pipe has as many as it takes. */
export function columnsOf(stream: Stream): number {
  return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
}

/**
 * Drops control characters other than line feed and tab, and those that turn the direction of what follows, so that no answer of a
 * model can steer the terminal.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, "");
}

/** Breaks a text between words into lines of at most `columns` characters beside the indent, which the first one lacks. */
export function fill(text: string, columns: number, indent = ""): string {
  const lines: string[] = [];
  for (const word of text.split(/ +/).filter(Boolean)) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join(`\n${indent}`);
}

/** Takes the keys of the environment, and those of the file that was read, out of a text, whatever they look like. */
export function withoutKeys(text: string): string {
  keepEnvironment();
  return maskKeys(text);
}
