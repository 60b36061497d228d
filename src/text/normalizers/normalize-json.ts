import { InvalidOptionError } from "../../errors/index.js";
import { parseJson } from "../json.js";
import { type Normalize, normalizeText, textOf } from "./normalize.js";
import { sortedJson } from "./sorted-json.js";

/**
 * Reads one field of a JSON answer.
 *
 * **When to use** - models reply in JSON and only one field is to be compared.
 * **Gotchas** - JSON in a code fence is accepted. Texts are compared like `normalizeText`, other values as JSON with sorted keys.
 * Returns `""` without JSON or without the field.
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
    return typeof value === "string" ? normalizeText(value) : sortedJson(value);
  };
}
