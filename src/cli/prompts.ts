import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { type BaseMessage, coerceMessageLikeToMessage, HumanMessage } from "@langchain/core/messages";
import { UsageError } from "./exit-code.js";

/** One question of a file of prompts. */
export interface Prompt {
  /** Of the file, else the number of its line. */
  readonly id: string | number;
  /** What was asked, as it is written to the output. */
  readonly asked: { readonly prompt: string } | { readonly messages: readonly unknown[] };
  readonly messages: readonly BaseMessage[];
}

/**
 * Reads a file of prompts: JSONL with `prompt` or `messages` and an optional `id`, else one prompt a line; `-` is stdin.
 *
 * @throws {UsageError} with every line that cannot be used
 */
export async function readPrompts(file: string): Promise<Prompt[]> {
  const content = (file === "-" ? await text(process.stdin) : readFileSync(file, "utf8")).replace(/^\uFEFF/, "");
  const lines = content
    .split(/\r?\n/)
    .flatMap((line, index) => (line.trim() === "" ? [] : [{ line, number: index + 1 }]));
  if (lines.length === 0) throw new UsageError(`${file} has no prompts`);
  const plain = !/\.(jsonl|ndjson)$/i.test(file) && !lines.every(({ line }) => isObject(parsed(line)));
  const problems: string[] = [];
  const prompts = lines.flatMap(({ line, number }): Prompt[] => {
    if (plain) return [{ id: number, asked: { prompt: line }, messages: [new HumanMessage(line)] }];
    try {
      return [promptOf(parsed(line), number)];
    } catch (error) {
      problems.push(`  ${file}:${number}: ${(error as Error).message}`);
      return [];
    }
  });
  problems.push(...repeated(prompts).map((id) => `  ${file}: the id ${JSON.stringify(id)} is there twice`));
  if (problems.length === 0) return prompts;
  const shown = problems.slice(0, 10);
  const more = problems.length > shown.length ? [`  and ${problems.length - shown.length} more`] : [];
  throw new UsageError([`${file} cannot be used:`, ...shown, ...more].join("\n"));
}

function promptOf(row: unknown, number: number): Prompt {
  if (!isObject(row)) throw new Error('is no JSON object; write {"prompt":"…"}');
  const { id = number, prompt, messages } = row;
  if (typeof id !== "string" && typeof id !== "number") throw new Error("id is neither a text nor a number");
  if (typeof prompt === "string" && prompt.trim() !== "" && messages === undefined) {
    return { id, asked: { prompt }, messages: [new HumanMessage(prompt)] };
  }
  if (prompt !== undefined || !Array.isArray(messages) || messages.length === 0) {
    throw new Error('needs either prompt (a text) or messages ([{"role":"user","content":"…"}])');
  }
  return { id, asked: { messages }, messages: messages.map(messageOf) };
}

function messageOf(message: unknown): BaseMessage {
  const { role, content } = Object(message) as { role?: unknown; content?: unknown };
  if (typeof role !== "string" || (typeof content !== "string" && !Array.isArray(content))) {
    throw new Error("a message needs role and content");
  }
  try {
    return coerceMessageLikeToMessage(message as { role: string; content: string });
  } catch {
    throw new Error(`there is no role ${JSON.stringify(role)}; there are system, user and assistant`);
  }
}

function repeated(prompts: readonly Prompt[]): Prompt["id"][] {
  const seen = new Set<Prompt["id"]>();
  const twice = new Set<Prompt["id"]>();
  for (const { id } of prompts) (seen.has(id) ? twice : seen).add(id);
  return [...twice];
}

export function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
