import type { AIMessage } from "@langchain/core/messages";
import type { z } from "zod";
import { InvalidOptionError } from "../../errors/index.js";
import { jsonOf } from "../answer-json.js";
import { type Normalize, normalizeText, textOf } from "./normalize.js";
import { sortedJson } from "./sorted-json.js";

/**
 * Reads a JSON answer: one field of it, all of it, or what a schema makes of it.
 *
 * **When to use** - models reply in JSON, as text or by structured output. Name the field that matters where the others are prose.
 * **Gotchas** - JSON in a code fence or amid text is accepted; of several, the last that has the field or fits the schema counts. Texts
 * are compared like `normalizeText`, numbers by value (`1.0` is `1`), objects whatever the order of their keys. Returns `""` without
 * JSON, without the field, or where nothing fits the schema, so such an answer has no vote.
 *
 * @param form name of the field (dots go deeper: `"result.total"`), or a zod schema whose parsed values are compared. @default all of it
 * @example
 * ```ts
 * normalizeJson("answer")('{"reasoning": "6 * 3", "answer": "18"}'); // "18"
 * normalizeJson()('{"b": 1.0, "a": 2}') === normalizeJson()('{"a": 2, "b": 1}'); // true
 * createEnsemble({ models: { a, b, c }, aggregate: majorityVote({ normalize: normalizeJson(z.object({ total: z.coerce.number() })) }) });
 * ```
 * @throws {InvalidOptionError} when `form` is neither the name of a field nor a zod schema
 */
export function normalizeJson(form?: string | z.ZodType): Normalize {
  const read = readerOf(form);
  return function normalizeJson(answer) {
    const value = jsonOf(checked(answer)).map(read).find(isSomething);
    if (value === undefined) return "";
    return typeof value === "string" ? normalizeText(value) : sortedJson(comparable(value));
  };
}

type Read = (value: unknown) => unknown;

function readerOf(form: string | z.ZodType | undefined): Read {
  if (form === undefined) return (value) => value;
  if (typeof form === "string" && form !== "") return (value) => form.split(".").reduce(partOf, value);
  if (typeof form === "object" && typeof form?.safeParse === "function") return (value) => form.safeParse(value).data;
  const expected = 'name a field ("answer"), give a zod schema, or leave it out to compare all of the JSON';
  throw new InvalidOptionError("normalizeJson.form", form, expected);
}

function partOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

const isSomething = (value: unknown) => value !== undefined && value !== null;

function checked(answer: string | AIMessage): string | AIMessage {
  textOf(answer); // refuses what is no answer
  return answer;
}

/** Converts a value to JSON that is equal for equal values: texts as they are compared, and what schemas make of them (dates, sets). */
function comparable(value: unknown): unknown {
  if (typeof value === "string") return normalizeText(value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof Date) return value.getTime();
  if (value instanceof Map) return [...value].map(comparable).sort(byText);
  if (value instanceof Set) return [...value].map(comparable).sort(byText);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, comparable(part)]));
}

const byText = (one: unknown, other: unknown) => (sortedJson(one) < sortedJson(other) ? -1 : 1);
