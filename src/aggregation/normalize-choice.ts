import type { AIMessage } from "@langchain/core/messages";
import { InvalidOptionError } from "../errors.js";
import { parseJson } from "../models/structured.js";
import { type Normalize, normalizeText } from "./normalize.js";

const textOf = (answer: string | AIMessage): string => (typeof answer === "string" ? answer : answer.text);

/**
 * Reads the letter of a multiple-choice answer: "The answer is (C).", "C", "**C)**".
 *
 * **When to use** - votes and agreement on multiple-choice questions.
 * **Gotchas** - a stated answer ("the answer is", "answer:") wins over a letter standing alone, and the last one over those before
 * it. A letter inside a word or the article "a" in a sentence is none; none found is `""`.
 *
 * @param letters those there are, in capitals: `"ABCD"`
 * @example
 * ```ts
 * normalizeChoice("ABCD")("So the answer is (b)."); // "B"
 * ```
 * @throws {InvalidOptionError} when `letters` is not a row of different capital letters
 */
export function normalizeChoice(letters: string): Normalize {
  if (typeof letters !== "string" || !/^[A-Z]+$/.test(letters) || new Set(letters).size !== letters.length) {
    throw new InvalidOptionError("normalizeChoice.letters", letters, 'give different capital letters: "ABCD"');
  }
  const both = `${letters}${letters.toLowerCase()}`;
  const mark = "[*_`(\\[\"'\\s]{0,6}";
  const stated = new RegExp(
    `\\b(?:answer|choice|option)\\b(?:\\s{0,3}(?:is|are|would be|=|:|->))?[:\\s]{0,3}${mark}(?:option\\s{0,3})?${mark}([${both}])(?![\\w'])`,
    "gi",
  );
  const boxed = new RegExp(`\\\\boxed\\{\\s{0,3}(?:\\\\text\\{)?\\s{0,3}([${both}])\\b`, "g");
  const alone = new RegExp(`(?:^|\\n)${mark}([${both}])[*_\`)\\].:"'\\s]{0,6}(?=$|\\n)`, "g");
  const bracketed = new RegExp(`\\(([${both}])\\)`, "g");
  return function normalizeChoice(answer) {
    const text = textOf(answer).slice(-20_000);
    const found = [boxed, stated, alone, bracketed]
      .map((pattern) => [...text.matchAll(pattern)].at(-1)?.[1])
      .find((match) => match !== undefined);
    return (found ?? new RegExp(`^\\s*([${letters}])[).:]\\s`).exec(text)?.[1] ?? "").toUpperCase();
  };
}

const verdict = /(?<![\p{L}\p{N}'])(yes|yeah|yep|true|correct|no|nope|false|incorrect)(?![\p{L}\p{N}'])/giu;
const negative = new Set(["no", "nope", "false", "incorrect"]);

/**
 * Reads "yes" or "no" out of an answer; "true" and "correct" are yes, "false" and "incorrect" no.
 *
 * **When to use** - votes and agreement on yes-no questions.
 * **Gotchas** - a word at the very start decides; else the last one does; neither is `""`.
 *
 * @example
 * ```ts
 * normalizeYesNo("Yes, 91 = 7 * 13, so it is not prime."); // "yes"
 * ```
 */
export function normalizeYesNo(answer: string | AIMessage): string {
  const text = textOf(answer).slice(0, 20_000);
  const words = [...text.matchAll(verdict)];
  const first = words[0] !== undefined && /^[\s*_"'(]*$/.test(text.slice(0, words[0].index)) ? words[0] : undefined;
  const word = (first ?? words.at(-1))?.[1]?.toLowerCase();
  return word === undefined ? "" : negative.has(word) ? "no" : "yes";
}

/**
 * Reads one field of a JSON answer.
 *
 * **When to use** - models reply in JSON and only one field is to be compared.
 * **Gotchas** - fenced JSON is accepted; texts are compared as `normalizeText` does, other values by their JSON with sorted keys. No
 * JSON or no such field is `""`.
 *
 * @param field name of the field; dots go deeper: `"result.total"`
 * @example
 * ```ts
 * normalizeJson("answer")('{"reasoning": "6 * 3", "answer": "18"}'); // "18"
 * ```
 * @throws {InvalidOptionError} when `field` is empty
 */
export function normalizeJson(field: string): Normalize {
  if (typeof field !== "string" || field === "")
    throw new InvalidOptionError("normalizeJson.field", field, "name a field");
  return function normalizeJson(answer) {
    const value = field.split(".").reduce<unknown>(
      (part, key) => {
        return typeof part === "object" && part !== null && Object.hasOwn(part, key)
          ? (part as Record<string, unknown>)[key]
          : undefined;
      },
      parseJson(textOf(answer)),
    );
    if (value === undefined || value === null) return "";
    return typeof value === "string" ? normalizeText(value) : JSON.stringify(sorted(value));
  };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}
