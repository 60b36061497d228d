#!/usr/bin/env node
import { createProgram } from "./program.js";

for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error; // the reader of a pipe (`| head`) has seen enough
    process.exit();
  });
}

try {
  await createProgram().parseAsync(process.argv.length > 2 ? process.argv : [...process.argv, "--help"]);
} catch (error) {
  const { reportError } = await import("./report-error.js"); // loaded only where something went wrong
  process.exitCode = reportError(error);
}
