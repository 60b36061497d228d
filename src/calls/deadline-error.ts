import { DeadlineExceededError } from "../errors/index.js";
import type { Deadline } from "./means.js";

/** Makes the error of a deadline that has passed. */
export function deadlineError({ ms }: Deadline, path: string, cause?: unknown): DeadlineExceededError {
  const reason = `the deadline of ${ms} ms has passed`;
  return new DeadlineExceededError({ path, reason, ...(cause !== undefined && { cause }) }, ms);
}
