import { readFileSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { type BaseMessage, coerceMessageLikeToMessage, HumanMessage } from "@langchain/core/messages";
import { isObject } from "../../config/text/value-at.js";
import { UsageError } from "../exit-code.js";
import { jsonOrUndefined } from "./json-or-undefined.js";
import { withFile } from "./named-file.js";

/** A prompt of a file. */
export interface Prompt {
  /** The `id` from the file, otherwise the line number. */
  readonly id: string | number;
  /** The prompt as it is written to the output. */
  readonly asked: { readonly prompt: string } | { readonly messages: readonly unknown[] };
  readonly messages: readonly BaseMessage[];
}

/**
 * Reads a file of prompts: JSONL with `prompt` or `messages` and an optional `id`, else one prompt a line; `-` is stdin.
 *
 * @throws {UsageError} with every line that cannot be used
 */
export async function readPrompts(file: string): Promise<Prompt[]> {
  if (file === "-") return promptsIn("stdin", await buffer(process.stdin));
  return promptsIn(
    file,
    withFile(file, () => readFileSync(file)),
  );
}

function promptsIn(file: string, bytes: Uint8Array): Prompt[] {
  const content = decoded(file, bytes);
  const lines = content
    .split(/\r?\n/)
    .flatMap((line, index) => (line.trim() === "" ? [] : [{ line, number: index + 1 }]));
  if (lines.length === 0) throw new UsageError(`${file} has no prompts`);
  const isJson = /\.(jsonl|ndjson)$/i.test(file) || lines.some(({ line }) => jsonStart.test(line));
  const problems: string[] = [];
  const prompts = lines.flatMap(({ line, number }): Prompt[] => {
    if (!isJson) return [{ id: number, asked: { prompt: line }, messages: [new HumanMessage(line)] }];
    try {
      return [promptOf(jsonOrUndefined(line), number)];
    } catch (error) {
      problems.push(`  ${file}:${number}: ${(error as Error).message}`);
      return [];
    }
  });
  problems.push(...repeated(prompts).map((id) => `  ${file}: the id ${JSON.stringify(id)} is used twice`));
  if (problems.length === 0) return prompts;
  const shown = problems.slice(0, 10);
  const more = problems.length > shown.length ? [`  and ${problems.length - shown.length} more`] : [];
  throw new UsageError([`${file} cannot be used:`, ...shown, ...more].join("\n"));
}

/** Start of a line of JSON. With one such line, the file is JSONL, so a malformed line is reported rather than sent as a prompt. */
const jsonStart = /^\s*(\{\s*("|$)|\[\s*([{["]|$))/;

function decoded(file: string, bytes: Uint8Array): string {
  const refusal = new UsageError(`${file} is not UTF-8 text; save it as UTF-8`);
  let content: string;
  try {
    content = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw refusal;
  }
  if (content.includes("\0")) throw refusal; // UTF-16 without a byte order mark
  return content;
}

const fields = ["id", "prompt", "messages"];

function promptOf(row: unknown, number: number): Prompt {
  if (!isObject(row)) throw new Error('is not a JSON object on one line; write {"prompt":"…"}');
  const { id = number, prompt, messages } = row;
  const unknown = Object.keys(row).find((field) => !fields.includes(field));
  if (unknown !== undefined) throw new Error(`${JSON.stringify(unknown)} is not used; there are ${fields.join(", ")}`);
  if (typeof id !== "string" && !Number.isFinite(id)) throw new Error("id is neither text nor a number");
  if (typeof prompt === "string" && prompt.trim() !== "" && messages === undefined) {
    return { id: id as Prompt["id"], asked: { prompt }, messages: [new HumanMessage(prompt)] };
  }
  if (prompt !== undefined || !Array.isArray(messages) || messages.length === 0) {
    throw new Error('needs either prompt (a text) or messages ([{"role":"user","content":"…"}])');
  }
  return { id: id as Prompt["id"], asked: { messages }, messages: messages.map(messageOf) };
}

function messageOf(message: unknown): BaseMessage {
  const { role, content } = Object(message) as { role?: unknown; content?: unknown };
  if (typeof role !== "string" || (typeof content !== "string" && !isParts(content))) {
    throw new Error('a message needs role and content: a text, or parts as {"type":"text","text":"…"}');
  }
  try {
    return coerceMessageLikeToMessage(message as { role: string; content: string });
  } catch {
    throw new Error(`there is no role ${JSON.stringify(role)}; there are system, user and assistant`);
  }
}

const isParts = (content: unknown) =>
  Array.isArray(content) &&
  content.length > 0 &&
  content.every((part) => isObject(part) && typeof part.type === "string");

function repeated(prompts: readonly Prompt[]): Prompt["id"][] {
  const seen = new Set<Prompt["id"]>();
  const twice = new Set<Prompt["id"]>();
  for (const { id } of prompts) (seen.has(id) ? twice : seen).add(id);
  return [...twice];
}
