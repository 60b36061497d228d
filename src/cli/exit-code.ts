/** Exit codes of the command. */
export const exitCode = { done: 0, failed: 1, misused: 2, interrupted: 130 } as const;
export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/** A mistake of the user, shown without a stack trace; exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
