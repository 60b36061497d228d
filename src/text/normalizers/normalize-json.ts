import type { AIMessage } from "@langchain/core/messages";
import type { z } from "zod";
import { InvalidOptionError } from "../../errors/index.js";
import { type JsonFound, jsonFoundIn } from "../answer-json.js";
import { exactSign, roundedNumbers, withExactNumbers } from "./exact-numbers.js";
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
    return (
      jsonFoundIn(checked(answer))
        .map(read)
        .find((key) => key !== undefined) ?? ""
    );
  };
}

/** Returns the key of a JSON value; undefined where it has nothing that is wanted. */
type Read = (found: JsonFound) => string | undefined;

function readerOf(form: string | z.ZodType | undefined): Read {
  if (form === undefined) return (found) => keyOf(exactValue(found));
  if (typeof form === "string" && form !== "")
    return (found) => keyOf(form.split(".").reduce(partOf, exactValue(found)));
  if (typeof form === "object" && typeof form?.safeParse === "function") {
    return ({ value, source = "" }) => {
      const key = keyOf(form.safeParse(value).data);
      return key && [key, ...roundedNumbers(source)].join(" "); // a schema sees them rounded
    };
  }
  const expected = 'name a field ("answer"), give a zod schema, or leave it out to compare all of the JSON';
  throw new InvalidOptionError("normalizeJson.form", form, expected);
}

function partOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}

/** Parses the JSON again with all digits of its numbers. */
const exactValue = ({ value, source }: JsonFound): unknown =>
  source === undefined ? value : JSON.parse(withExactNumbers(source));

function keyOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? normalizeText(value) : sortedJson(comparable(value));
}

function checked(answer: string | AIMessage): string | AIMessage {
  textOf(answer); // refuses what is no answer
  return answer;
}

/** Converts a value to JSON that is equal for equal values: texts as they are compared, and what schemas make of them (dates, sets). */
function comparable(value: unknown): unknown {
  if (typeof value === "string") return value.startsWith(exactSign) ? value : normalizeText(value);
  if (typeof value === "bigint") return String(value);
  if (value instanceof Date) return value.getTime();
  if (value instanceof Map) return [...value].map(comparable).sort(byText);
  if (value instanceof Set) return [...value].map(comparable).sort(byText);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, comparable(part)]));
}

const byText = (one: unknown, other: unknown) => (sortedJson(one) < sortedJson(other) ? -1 : 1);
