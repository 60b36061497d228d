import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { UsageError } from "../exit-code.js";

/**
 * Locks a file against other processes by `<file>.lock`, which holds the process id. Takes over the lock of a process that is gone.
 *
 * @returns a function that releases the lock
 * @throws {UsageError} when another process has it
 */
export function lockFile(file: string): () => void {
  const lock = `${file}.lock`;
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const holder = Number(readFileSync(lock, "utf8"));
    if (isAlive(holder)) {
      throw new UsageError(
        `another run (process ${holder}) writes to ${file}; wait for it, or give another --output. If there is none, delete ${lock}`,
      );
    }
    rmSync(lock, { force: true });
    return lockFile(file);
  }
  const release = () => rmSync(lock, { force: true });
  process.once("exit", release); // at a second Ctrl-C
  return () => {
    process.off("exit", release);
    release();
  };
}

function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH"; // EPERM: the process of another user
  }
}
