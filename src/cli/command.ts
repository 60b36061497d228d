import { type Command, InvalidArgumentError } from "commander";
import { redact } from "../secrets/redact.js";
import type { ExitCode } from "./exit-code.js";

/** Adds a command with the usual help. */
export function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .helpOption("-h, --help", "print help")
    .configureHelp({ showGlobalOptions: true });
}

/** Masks what a message about wrong usage repeats: the value of an unknown option, and whatever looks like a secret. */
export function withoutValues(text: string): string {
  return redact(text.replace(/(unknown option '[^'=]*=)[^']*/g, "$1…"));
}

/** Formats examples for the end of a help text. */
export const examples = (...lines: readonly string[]) =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;

/** Makes the action of a command whose modules load when it runs; its result becomes the exit code. */
export function lazily<Given extends unknown[]>(handler: (...given: Given) => Promise<ExitCode>) {
  return async (...given: unknown[]): Promise<void> => {
    const called = given.pop() as Command; // Commander's last arguments are the options and the command
    const values = [...given.slice(0, -1), called.optsWithGlobals()];
    process.exitCode = await handler(...(values as unknown as Given));
  };
}

/** Reads a whole number from 1. */
export function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("Give a whole number from 1.");
  return Number(text);
}

/** Reads an amount of money above 0. */
export function dollarAmount(text: string): number {
  if (!/^\d*\.?\d+$/.test(text) || Number(text) === 0) throw new InvalidArgumentError("Give dollars above 0: 2.50.");
  return Number(text);
}

export function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("Give a number from 0 to 65535.");
  return Number(text);
}
