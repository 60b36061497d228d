import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** What one example printed. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs every example in this one process, so that the compiler and the library load once, and prints what each of them
 * printed as one line of JSON.
 */
const folder = fileURLToPath(new URL("../../examples", import.meta.url));
const printed: Record<string, Printed> = {};
const streams = { stdout: process.stdout, stderr: process.stderr } as const;
const write = process.stdout.write.bind(process.stdout);

for (const name of readdirSync(folder).filter((file) => file.endsWith(".ts"))) {
  const captured = { stdout: "", stderr: "" };
  for (const key of ["stdout", "stderr"] as const) {
    streams[key].write = ((text: string | Uint8Array, ...rest: unknown[]) => {
      captured[key] += typeof text === "string" ? text : Buffer.from(text).toString();
      const written = rest.at(-1);
      if (typeof written === "function") written();
      return true;
    }) as typeof process.stdout.write;
  }
  try {
    await import(`${folder}/${name}`);
    await new Promise(setImmediate);
  } catch (error) {
    captured.stderr += String((error as Error).stack ?? error);
  }
  printed[name] = captured;
}

write(`\u0000${JSON.stringify(printed)}`, () => process.exit(0));
