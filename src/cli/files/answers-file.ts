import { appendFileSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import type { BatchRow } from "../../index.js";
import { nothingPaid, type Paid, withCalls } from "../terminal/paid.js";
import { type AnswerRow, type Expected, readAnswerRows } from "./answer-rows.js";
import { lockFile } from "./lock-file.js";
import { withFile } from "./named-file.js";
import type { Prompt } from "./prompts.js";

/** The output of a run. */
export interface AnswersFile {
  /** Number of all prompts. */
  readonly prompts: number;
  /** Prompts without an answer yet. */
  readonly open: readonly Prompt[];
  /** Cost of its existing rows. */
  readonly paid: Paid;
  /** Aborted, with the error as reason, when a row cannot be written. */
  readonly broken: AbortSignal;
  /** Rows of open prompts: their earlier, failed attempts. */
  readonly failed: readonly BatchRow[];
  /** Writes a row at once, so that a paid answer survives a crash. */
  write(row: object): void;
  close(): void;
}

/**
 * Opens the output of a run, a file or stdout. Keeps its answers, and failed rows until their prompt is tried again; drops a last
 * line that was cut off.
 *
 * @throws {UsageError} when it has rows of another target or other prompts, or another run writes to it
 */
export function openAnswers(file: string | undefined, prompts: readonly Prompt[], target: string): AnswersFile {
  if (file === undefined) return answersToStdout(prompts);
  withFile(file, () => appendFileSync(file, "")); // reports an unusable file before anything is paid
  const real = realpathSync(file); // so that a link is not replaced
  const isFile = statSync(real).isFile(); // a device or a pipe has no rows
  const expected: Expected = { file, target, prompts: new Map(prompts.map((prompt) => [prompt.id, prompt])) };
  const unlock = isFile ? withFile(file, () => lockFile(real)) : () => {};
  try {
    const rows = isFile ? withFile(file, () => tidy(real, expected)) : new Map<Prompt["id"], AnswerRow>();
    const open = prompts.filter(({ id }) => !rows.get(id)?.answered);
    const broken = new AbortController();
    return {
      prompts: prompts.length,
      open,
      paid: [...rows.values()].reduce((paid, { calls }) => withCalls(paid, calls), nothingPaid),
      broken: broken.signal,
      failed: open.flatMap(({ id }) => rows.get(id)?.row ?? []),
      write: (row) => {
        if (broken.signal.aborted) return;
        try {
          appendFileSync(real, `${JSON.stringify(row)}\n`);
        } catch (error) {
          broken.abort(Object.assign(error as Error, { path: file }));
        }
      },
      close: () => {
        try {
          const again = open.some(({ id }) => rows.has(id));
          if (again && !broken.signal.aborted) withFile(file, () => tidy(real, expected));
        } finally {
          unlock();
        }
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Keeps the last row of each prompt. Replaces the file in one step, so that no answer is lost if the process ends. */
function tidy(file: string, expected: Expected): Map<Prompt["id"], AnswerRow> {
  const content = readFileSync(file, "utf8");
  const rows = readAnswerRows(content, expected);
  const kept = [...rows.values()].map(({ line }) => `${line}\n`).join("");
  if (kept !== content) {
    writeFileSync(`${file}.part`, kept, { mode: statSync(file).mode });
    renameSync(`${file}.part`, file);
  }
  return rows;
}

function answersToStdout(prompts: readonly Prompt[]): AnswersFile {
  const { stdout } = process;
  const broken = new AbortController();
  const fail = (error: Error) => broken.abort(error);
  stdout.on("error", fail);
  return {
    prompts: prompts.length,
    open: prompts,
    paid: nothingPaid,
    broken: broken.signal,
    failed: [],
    write: (row) => void stdout.write(`${JSON.stringify(row)}\n`),
    close: () => void stdout.off("error", fail),
  };
}
