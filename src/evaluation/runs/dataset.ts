import { existsSync, readFileSync } from "node:fs";
import { type BaseMessage, coerceMessageLikeToMessage, isBaseMessage } from "@langchain/core/messages";
import { InvalidOptionError } from "../../errors/index.js";
import { linesOf } from "../recordings/lines.js";
import { csvRows } from "./csv.js";

/** A question of a dataset. Lines of recordings are examples as they are. */
export interface Example {
  /** Name that reports are compared by. @default made from the input */
  readonly id?: string;
  /** A question, or a conversation: messages, or `{ role, content }` as files have them. */
  readonly input: string | readonly (BaseMessage | { readonly role: string; readonly content: unknown })[];
  /** What scorers compare the answer with. */
  readonly expected?: unknown;
  /** Groups, such as `{ conversation: "c-7", topic: "billing" }`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/** Examples in memory, from a generator, or of a file: `.jsonl` with one a line, `.csv` with a head. */
export type Dataset = string | Iterable<Example> | AsyncIterable<Example>;

/**
 * Yields the examples of a dataset, one at a time.
 *
 * @param option name of the dataset, for errors
 * @throws {InvalidOptionError} for a missing file, or with the position of an example without input
 */
export async function* examplesOf(dataset: Dataset, option: string): AsyncGenerator<Example> {
  let position = 0;
  for await (const row of rowsOf(dataset, option)) yield exampleOf(row, `${option}[${position++}]`);
  if (position === 0) throw new InvalidOptionError(option, dataset, "it has no example; give at least one { input }");
}

async function* rowsOf(dataset: Dataset, option: string): AsyncGenerator<unknown> {
  if (typeof dataset !== "string") {
    const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: later } = Object(dataset);
    if (typeof (sync ?? later) === "function") return yield* dataset as Iterable<unknown>;
    throw new InvalidOptionError(option, dataset, "give a list of { input, expected? }, or a .jsonl or .csv file");
  }
  if (!existsSync(dataset)) throw new InvalidOptionError(option, dataset, "there is no such file");
  if (/\.csv$/i.test(dataset)) return yield* fromCsv(dataset, option);
  for (const { text, number } of linesOf(dataset)) {
    try {
      yield JSON.parse(text);
    } catch {
      throw new InvalidOptionError(option, dataset, `line ${number} is no JSON; write {"input":"…","expected":"…"}`);
    }
  }
}

/** Reads `input`, `expected` and `id` of a CSV file; every other column is a tag. */
function* fromCsv(file: string, option: string): Generator<Example> {
  let rows: string[][];
  try {
    rows = csvRows(readFileSync(file, "utf8"));
  } catch (error) {
    throw new InvalidOptionError(option, file, (error as Error).message);
  }
  const [head = [], ...lines] = rows;
  const names = head.map((name) => name.trim());
  if (!names.includes("input")) {
    throw new InvalidOptionError(option, file, `it needs a column "input"; its head is ${names.join(", ")}`);
  }
  for (const line of lines) {
    const cells = names.flatMap((name, column) => (line[column] ? [[name, line[column]] as const] : []));
    const { id, input = "", expected, ...tags } = Object.fromEntries(cells);
    yield { ...(id && { id }), input, ...(expected !== undefined && { expected }), tags };
  }
}

function exampleOf(row: unknown, at: string): Example {
  const { id, input, tags } = Object(row) as Partial<Record<keyof Example, unknown>>;
  const isText = typeof input === "string" && input.trim() !== "";
  if (!isText && !(Array.isArray(input) && input.length > 0)) {
    const fields = typeof row === "object" && input === undefined ? Object.keys(Object(row)) : [];
    const others = fields.length > 0 ? `; the example has ${fields.join(", ")}` : "";
    throw new InvalidOptionError(`${at}.input`, input, `give a question, or a list of messages${others}`);
  }
  if (id !== undefined && typeof id !== "string" && typeof id !== "number") {
    throw new InvalidOptionError(`${at}.id`, id, "give a text");
  }
  if (tags !== undefined && (typeof tags !== "object" || tags === null || Array.isArray(tags))) {
    throw new InvalidOptionError(`${at}.tags`, tags, 'give texts by name: { topic: "billing" }');
  }
  const example = row as Example;
  return typeof id === "number" ? { ...example, id: String(id) } : example;
}

/** Returns the messages of an example. */
export function messagesOf(input: Example["input"]): BaseMessage[] {
  const list = typeof input === "string" ? [input] : input;
  return list.map((message) =>
    isBaseMessage(message) ? message : coerceMessageLikeToMessage(message as { role: string; content: string }),
  );
}
