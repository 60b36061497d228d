import { realpathSync } from "node:fs";
import { UsageError } from "../exit-code.js";
import { explain } from "../report-error.js";

/** What the user can mend by naming another file, or by giving rights to it. */
const mistakes = new Set(["ENOENT", "ENOTDIR", "EISDIR", "EACCES", "EPERM", "EROFS", "ELOOP", "ENAMETOOLONG"]);

/**
 * Does something with a file the user named; what goes wrong is told with its name.
 *
 * @throws {UsageError} when there is no such file, or it may not be used
 */
export function withFile<Value>(file: string, action: () => Value): Value {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    const named = Object.assign(error, { path: file }) as NodeJS.ErrnoException; // a read or a write does not know it
    throw mistakes.has(named.code ?? "") ? new UsageError(explain(named), { cause: error }) : named;
  }
}

/** Whether two names are of one file. */
export function isSameFile(one: string, other: string): boolean {
  try {
    return realpathSync(one) === realpathSync(other);
  } catch {
    return false; // one of them is not there
  }
}
