import type { Command } from "commander";
import type { ExitCode } from "./exit-code.js";

/** Adds a command to the program. */
export function command(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .helpOption("-h, --help", "print help")
    .configureHelp({ showGlobalOptions: true });
}

/** Formats examples for the help of a command. */
export const examples = (...lines: readonly string[]) =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}`;

/** Makes the action of a command, which loads its module when it runs. */
export function lazily<Given extends unknown[]>(handler: (...given: Given) => Promise<ExitCode>) {
  return async (...given: unknown[]): Promise<void> => {
    const called = given.pop() as Command; // Commander's last arguments are the options and the command
    const values = [...given.slice(0, -1), called.optsWithGlobals()];
    process.exitCode = await handler(...(values as unknown as Given));
  };
}
