#!/usr/bin/env node
import { CommanderError } from "commander";
import { exitCode } from "./exit-code.js";
import { createProgram } from "./program.js";

let lost: NodeJS.ErrnoException | undefined;
process.stdout.on("error", (error) => {
  lost ??= error;
});
process.stderr.on("error", () => {}); // without stderr, it cannot be reported

const failures = new Set<unknown>();
try {
  await createProgram().parseAsync(process.argv.length > 2 ? process.argv : [...process.argv, "--help"]);
} catch (error) {
  const isReported = error instanceof CommanderError;
  if (isReported) process.exitCode = error.exitCode === 0 ? exitCode.done : exitCode.misused;
  else failures.add(error);
}
await new Promise(setImmediate); // a failed write emits its error later
if (lost !== undefined && lost.code !== "EPIPE") failures.add(lost); // EPIPE: the reader (`| head`) closed the pipe
if (failures.size > 0) {
  const { reportError } = await import("./report-error.js"); // not loaded at every start
  for (const failure of failures) process.exitCode = Math.max(Number(process.exitCode ?? 0), reportError(failure));
}
