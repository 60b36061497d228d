import { fstatSync } from "node:fs";
import { text } from "node:stream/consumers";
import { UsageError } from "./exit-code.js";

/**
 * The question of a one-shot chat: the argument, what is piped in, or both (`git diff | multimodel chat "Review this"`).
 *
 * @returns nothing where somebody sits at a terminal and is to be asked
 * @throws {UsageError} when there is nothing to ask
 */
export async function readQuestion(argument: string | undefined): Promise<string | undefined> {
  const { stdin, stdout } = process;
  if (argument === undefined && stdin.isTTY && stdout.isTTY) return undefined;
  const piped = argument === undefined || isPipeOrFile() ? await text(stdin) : "";
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
