import { fstatSync } from "node:fs";
import { text } from "node:stream/consumers";
import { UsageError } from "../exit-code.js";
import { note } from "../show-answer.js";

/**
 * Returns the question of a one-shot chat: the argument, piped text, or both (`git diff | multimodel chat "Review this"`).
 *
 * @param wantsStdin whether stdin is read; by default, if it is piped or there is no argument
 * @returns `undefined` at a terminal without an argument
 * @throws {UsageError} when the question is empty
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

/** Returns whether a shell pipes text in; with an argument, any other stdin might stay open forever. */
function isPipeOrFile(): boolean {
  try {
    const status = fstatSync(process.stdin.fd);
    return status.isFIFO() || status.isFile();
  } catch {
    return false; // stdin is closed
  }
}

const reminderMs = 1_000;

/** Reads stdin to its end, with a reminder if that takes long. */
async function readStdin(argument: string | undefined): Promise<string> {
  const hint = argument === undefined ? "" : "; give --no-stdin to send the argument alone";
  const reminder = setTimeout(() => note(`Reading stdin until it ends${hint}.`), reminderMs);
  try {
    return await text(process.stdin);
  } finally {
    clearTimeout(reminder);
  }
}
