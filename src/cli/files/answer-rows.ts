import { type Data, isObject } from "../../config/text/value-at.js";
import type { BatchRow } from "../../index.js";
import type { ModelCall } from "../../ledger/model-call.js";
import { UsageError } from "../exit-code.js";
import { jsonOrUndefined } from "./json-or-undefined.js";
import type { Prompt } from "./prompts.js";

/** A row of an output file. */
export interface AnswerRow {
  readonly line: string;
  readonly answered: boolean;
  /** All calls for its prompt, including earlier attempts. */
  readonly calls: readonly ModelCall[];
  /** The row itself, with calls that can be counted. */
  readonly row: BatchRow;
}

/** The prompts and target whose rows an output may have. */
export interface Expected {
  /** Name of the file in errors. */
  readonly file: string;
  readonly prompts: ReadonlyMap<Prompt["id"], Prompt>;
  /** Name of the model or graph that answers. */
  readonly target: string;
}

/**
 * Reads the last row of each prompt, which includes the cost of earlier attempts. Drops a last line that a killed run cut off.
 *
 * @throws {UsageError} at a row of another prompt or target, which must not be dropped since it was paid for
 */
export function readAnswerRows(content: string, expected: Expected): Map<Prompt["id"], AnswerRow> {
  const rows = new Map<Prompt["id"], AnswerRow>();
  const lines = content.split("\n");
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    const data = jsonOrUndefined(line);
    if (data === undefined && index === lines.length - 1) break;
    try {
      const id = idOf(data, expected);
      rows.delete(id); // moves the prompt to the place of its last row
      const calls = callsIn(data as Data);
      const row = { ...(data as object), id, earlierCalls: [], calls } as object as BatchRow;
      rows.set(id, { line, answered: isAnswer(data as Data), calls, row });
    } catch (error) {
      const { message } = error as Error;
      throw new UsageError(
        `${expected.file}:${index + 1} ${message}; give another --output, or delete what is not needed`,
      );
    }
  }
  return rows;
}

function idOf(row: unknown, { prompts, target }: Expected): Prompt["id"] {
  if (!isObject(row)) throw new Error("is not a row of answers");
  const prompt = prompts.get(row.id as Prompt["id"]);
  if (prompt === undefined) throw new Error(`has the id ${JSON.stringify(row.id)}, which no prompt has`);
  const [[field, asked]] = Object.entries(prompt.asked) as [[string, unknown]];
  if (JSON.stringify(row[field]) !== JSON.stringify(asked)) throw new Error("answers another prompt of the same id");
  if (!isAnswer(row) && row.error === undefined) throw new Error("has neither an answer nor an error");
  if (row.target !== undefined && row.target !== target) throw new Error(`is of ${row.target}, not of ${target}`);
  return prompt.id;
}

const isAnswer = ({ text, error }: Data) => typeof text === "string" && error === undefined;

function callsIn({ earlierCalls, calls }: Data): ModelCall[] {
  const made = [earlierCalls, calls].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []));
  return made.filter((call): call is ModelCall => isObject(call) && call.costUsd !== undefined);
}
