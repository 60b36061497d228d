import {
  ConfigError,
  InvalidModelError,
  InvalidOptionError,
  MissingPackageError,
  OrchestrationError,
  UnavailableModelError,
} from "../errors/index.js";
import { redact } from "../secrets/redact.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { paint, withoutKeys } from "./terminal/terminal.js";

/** Prints an error to stderr, with its stack only under `DEBUG=multimodel`. */
export function reportError(error: unknown): ExitCode {
  process.stderr.write(`${paint(process.stderr, "red", "multimodel:")} ${explain(error)}\n`);
  if (debugging()) process.stderr.write(`${stackOf(error)}\n`);
  else if (!isExpected(error) && !isSystemTrouble(error)) process.stderr.write("DEBUG=multimodel prints its stack.\n");
  return isMisuse(error) ? exitCode.misused : exitCode.failed;
}

/** Words an error for the user of the command. */
export function explain(error: unknown): string {
  return withoutKeys(isExpected(error) ? error.message : explainForeign(error));
}

const isExpected = (error: unknown): error is Error =>
  error instanceof UsageError || OrchestrationError.isInstance(error);

/** Returns whether the machine caused an error, so that a stack would not help. */
const isSystemTrouble = (error: unknown) => error instanceof Error && "syscall" in error;

function explainForeign(error: unknown): string {
  const {
    message = String(error),
    code,
    syscall,
    address,
    port,
    path,
  } = Object(error) as NodeJS.ErrnoException & {
    address?: string;
    port?: number;
  };
  if (code === "EPIPE") return "the reader closed the output before all answers were written";
  if (code === "EADDRINUSE")
    return `${address}:${port} is in use; stop the process that listens there, or give another --port`;
  if (code === "EADDRNOTAVAIL") return `${address} is not an address of this machine; give another --host`;
  if (code === "EACCES" && syscall === "listen") return `port ${port} requires more rights; give a --port above 1023`;
  const trouble = fileTrouble[code ?? ""];
  if (syscall !== undefined && path !== undefined) return `${path}: ${trouble ?? redact(message)}`;
  if (syscall === "write" && trouble !== undefined) return `the output cannot be written: ${trouble}`;
  return redact(message);
}

const fileTrouble: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file or folder",
  EACCES: "you may not read or write it",
  ENOTDIR: "a part of its path is not a folder",
  EISDIR: "it is a folder, not a file",
  EPERM: "you may not read or write it",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

function isMisuse(error: unknown): boolean {
  const kinds = [ConfigError, MissingPackageError, InvalidOptionError, InvalidModelError, UnavailableModelError];
  return error instanceof UsageError || kinds.some((kind) => kind.isInstance(error));
}

const debugging = () => /(^|,)(multimodel|\*)($|,)/.test(process.env.DEBUG ?? "");

function stackOf(error: unknown): string {
  const { stack = "", cause } = Object(error) as Error;
  const lines = stack.split("\n").filter((line) => /^\s+at /.test(line));
  return [
    ...lines,
    ...(cause === undefined ? [] : [`caused by ${withoutKeys(redact(String(cause)))}`, stackOf(cause)]),
  ].join("\n");
}
