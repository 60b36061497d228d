import { styleText } from "node:util";
import { maskKeys } from "../../secrets/redact.js";
import { rememberEnvironment } from "../../secrets/remember-secrets.js";
import { widthOf } from "./text-width.js";

/** An output stream such as `process.stdout`. */
export type Stream = NodeJS.WriteStream;

type Paint = Parameters<typeof styleText>[0];

/** Colours text if the stream shows colours; obeys `NO_COLOR` and `TERM=dumb`. */
export function paint(stream: Stream, color: Paint, text: string): string {
  return stream.isTTY && stream.hasColors() ? styleText(color, text) : text;
}

/** Returns the columns of a terminal; a file or pipe has no limit. */
export function columnsOf(stream: Stream): number {
  return stream.isTTY ? stream.columns || 80 : Number.POSITIVE_INFINITY;
}

/** Drops control and text-direction characters, except line feed and tab, so that no answer can control the terminal. */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]|[\u202a-\u202e\u2066-\u2069]/gu, "");
}

/** Wraps text at `columns`, not counting the indent, which all lines but the first get. */
export function fill(text: string, columns: number, indent = ""): string {
  const lines: string[] = [];
  for (const word of text.split(/ +/).filter(Boolean)) {
    const longer = `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer) <= columns) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines.join(`\n${indent}`);
}

/** Masks the keys of the environment and of the loaded file, whatever they look like. */
export function withoutKeys(text: string): string {
  rememberEnvironment();
  return maskKeys(text);
}
