import { realpathSync } from "node:fs";
import { UsageError } from "../exit-code.js";
import { explain } from "../report-error.js";

/** Errors that the user can fix by another file name or permissions. */
const mistakes = new Set(["ENOENT", "ENOTDIR", "EISDIR", "EACCES", "EPERM", "EROFS", "ELOOP", "ENAMETOOLONG"]);

/**
 * Runs an action on a file that the user named, and adds the name to its errors.
 *
 * @throws {UsageError} when the file is missing or not accessible
 */
export function withFile<Value>(file: string, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    throw namedError(file, error);
  }
}

/** Returns the error of a file that the user named, with the name; a `UsageError` if the file is missing or not accessible. */
export function namedError(file: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  const named = Object.assign(error, { path: file }) as NodeJS.ErrnoException; // errors of reads and writes have no path
  return mistakes.has(named.code ?? "") ? new UsageError(explain(named), { cause: error }) : named;
}

/** Returns whether two paths lead to one file. */
export function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false; // a file is missing
  }
}
