import {
  AIMessage,
  type AIMessageFields,
  type BaseMessage,
  coerceMessageLikeToMessage,
  isBaseMessage,
} from "@langchain/core/messages";
import { describeValue } from "../errors/describe-value.js";
import { InvalidInputError } from "../errors/index.js";

type Written = Readonly<Record<string, unknown>>;
/** Returns what a value must be; `undefined` if the value is valid. */
type Rule = (value: unknown) => string | undefined;

const text: Rule = (value) => (typeof value === "string" ? undefined : "a text");
const number: Rule = (value) => (typeof value === "number" ? undefined : "a number");
const verdict: Rule = (value) =>
  typeof Object(value).pass === "boolean" ? undefined : "{ pass: true } or { pass: false }";
const texts: Rule = (value) =>
  Array.isArray(value) && value.every((item) => typeof item === "string") ? undefined : "a list of texts";
const record: Rule = (value) => (typeof value === "object" && !Array.isArray(value) ? undefined : "an object");
/** Accepts `null` too, which is how a value is removed over HTTP. */
const optional =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || value === null ? undefined : rule(value);

/** Fields of the entries of a list that nodes read. */
const entries: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  candidates: { name: text, verdict: optional(verdict) },
  outputs: { stage: text, item: optional(text) },
  calls: { id: text, path: text, model: text, status: text, latencyMs: number, costUsd: optional(number) },
  decisions: { node: text, kind: text, chosen: text, reason: text },
  failures: { name: text, class: text, message: text, budget: optional(record) },
};
/** Fields of the state that are not lists of entries. */
const fields: Readonly<Record<string, Rule>> = {
  verdict: optional(verdict),
  route: optional(text),
  next: optional(text),
  modelUsed: optional(text),
  confidence: optional(number),
  items: optional(texts),
  aggregate: optional(record),
};
/** Entries already checked, because a run reads its own at every step. */
const checked = new WeakSet<object>();

/**
 * Checks every field that may be written from outside, through Studio or the HTTP API.
 *
 * @throws {InvalidInputError} that names the field and says what may stand there
 */
export function checkWritten(state: object): void {
  const written = state as Written;
  for (const key of Object.keys(entries)) checkList(written[key], key);
  checkFields(written, fields, "");
}

function checkList(value: unknown, key: string): void {
  if (!Array.isArray(value)) throw new InvalidInputError(`${key} must be a list; ${typeName(value)} was written there`);
  for (const [index, entry] of value.entries()) {
    if (typeof entry !== "object" || entry === null) {
      throw new InvalidInputError(`${key}[${index}] must be an object, as those beside it; it is ${typeName(entry)}`);
    }
    if (checked.has(entry)) continue;
    checkFields(entry as Written, entries[key]!, `${key}[${index}].`);
    checked.add(entry);
  }
}

function checkFields(written: Written, rules: Readonly<Record<string, Rule>>, before: string): void {
  for (const [field, rule] of Object.entries(rules)) {
    const expected = rule(written[field]);
    if (expected === undefined) continue;
    throw new InvalidInputError(
      `${before}${field} must be ${expected}; ${describeValue(written[field])} was written there`,
    );
  }
}

/** Returns whether an entry of a list can be read. */
export function isEntry(value: unknown, key: string): boolean {
  if (typeof value !== "object" || value === null) return false;
  return checked.has(value) || Object.entries(entries[key]!).every(([field, rule]) => !rule((value as Written)[field]));
}

/** Converts an entry to its own form; an unreadable one is kept, so that the next node reports it. */
export function revived<Value>(value: Value, key: string, revive: (value: Value, at: string) => Value): Value {
  if (!isEntry(value, key)) return value;
  try {
    return revive(value, key);
  } catch {
    return value;
  }
}

function typeName(value: unknown): string {
  return value === null ? "null" : typeof value;
}

/** Ensures that `value.message` is an AIMessage; it converts JSON written from outside. */
export function withMessage<Value extends { message: AIMessage }>(value: Value, at: string): Value {
  return isAnswer(value.message) ? value : { ...value, message: parseAnswer(value.message, `${at}.message`) };
}

/** True for an AIMessage or AIMessageChunk, of any copy of LangChain. */
export function isAnswer(message: unknown): message is AIMessage {
  return isBaseMessage(message) && message.type === "ai";
}

/** Converts a text, `{ content }` or a message as JSON to an AIMessage. */
function parseAnswer(written: unknown, at: string): AIMessage {
  try {
    const bare = typeof written === "object" && written !== null && !("type" in written || "role" in written);
    const message = bare
      ? new AIMessage(written as AIMessageFields)
      : coerceMessageLikeToMessage(written as BaseMessage);
    return isAnswer(message) ? message : new AIMessage(message.text);
  } catch {
    throw new InvalidInputError(`${at} is no answer; write { type: "ai", content: "…" }, or the text alone`);
  }
}
