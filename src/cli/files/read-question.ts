import { fstatSync } from "node:fs";
import { text } from "node:stream/consumers";
import { UsageError } from "../exit-code.js";
import { note } from "../show-answer.js";

/**
 * The question of a one-shot chat: the argument, what is piped in, or both (`git diff | multimodel chat "Review this"`).
 *
 * @param wantsStdin whether stdin is read at all; without it, that is found out
 * @returns nothing where somebody sits at a terminal and is to be asked
 * @throws {UsageError} when there is nothing to ask
 */
export async function readQuestion(
  argument: string | undefined,
  wantsStdin: boolean | undefined,
): Promise<string | undefined> {
  const { stdin, stdout } = process;
  if (argument === undefined && wantsStdin !== true && stdin.isTTY && stdout.isTTY) return undefined;
  const piped = (wantsStdin ?? (argument === undefined || isPipeOrFile())) ? await readStdin(argument) : "";
  const question = [argument ?? "", piped.trim()].filter((part) => part.trim() !== "").join("\n\n");
  if (question === "") throw new UsageError("there is no question; give one, or pipe it in");
  return question;
}

/** Beside an argument only what a shell pipes in is read: other programs leave stdin open, and it would never end. */
function isPipeOrFile(): boolean {
  try {
    const status = fstatSync(process.stdin.fd);
    return status.isFIFO() || status.isFile();
  } catch {
    return false; // it is closed
  }
}

const reminderMs = 1_000;

/** Reads stdin to its end; who waits for that is told what for. */
async function readStdin(argument: string | undefined): Promise<string> {
  const hint = argument === undefined ? "" : "; with --no-stdin only the argument is asked";
  const reminder = setTimeout(() => note(`Reading stdin until it ends${hint}.`), reminderMs);
  try {
    return await text(process.stdin);
  } finally {
    clearTimeout(reminder);
  }
}
