import type { z } from "zod";
import { RunParameters } from "../../state/run-context.js";
import { didYouMean } from "../../text/nearest-name.js";
import type { Remark } from "./problems.js";
import type { Path } from "./read-document.js";
import { isObject, valueAt } from "./value-at.js";

/** A value that a schema rejects. */
export interface Issue extends Remark {
  /** Known field that an unknown one probably meant. */
  readonly meant?: string;
}

type ZodIssue = z.ZodError["issues"][number];

/** Returns the issues of a schema at their exact places; of a union, those of the form that was probably meant. */
export function issuesOf({ issues }: z.ZodError, data: unknown): Issue[] {
  return issues.flatMap((issue) => flatten(issue, [], data));
}

const isParameter = (key: string) => camelCase(key) in RunParameters.shape;
const asParameter = (key: string) => `; it is a parameter: write parameters: { ${camelCase(key)}: … }`;
const camelCase = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

function flatten(issue: ZodIssue, base: Path, data: unknown): Issue[] {
  const path = [...base, ...(issue.path as Path)];
  const value = valueAt(data, path);
  if (issue.code === "unrecognized_keys") {
    const known = issue.message.split(", "); // see `fields`
    return issue.keys.map((key) => {
      const hint = didYouMean(key, known);
      const meant = known.find((name) => hint.endsWith(` ${name}?`));
      const instead = known.includes("parameters") && isParameter(key) ? asParameter(key) : hint;
      const message = `is an unknown field${instead || `; write one of ${issue.message}`}`;
      return { path: [...path, key], message, ...(meant && { meant }) };
    });
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const meant = closest(issue.errors, value);
    if (meant !== undefined) return meant.flatMap((inner) => flatten(inner, path, data));
    const written = isObject(value) ? Object.keys(value)[0] : value;
    return [
      {
        path,
        message: `${value === undefined ? "is missing" : "is unknown here"}; ${issue.message}${didYouMean(written, longWords(issue.message))}`,
      },
    ];
  }
  return [{ path, message: sentence(issue, value) }];
}

/** Returns the issues of the form that was probably meant: a matching scalar, or the form that knows most keys of the value. */
function closest(forms: readonly (readonly ZodIssue[])[], value: unknown): readonly ZodIssue[] | undefined {
  if (!isObject(value)) {
    return forms.find(
      (issues) =>
        !issues.some(({ path, code }) => path.length === 0 && (code === "invalid_type" || code === "invalid_value")),
    );
  }
  const keys = Object.keys(value).length;
  const ranked = forms
    .filter((issues) => !issues.some(({ path, code }) => path.length === 0 && code !== "unrecognized_keys"))
    .map((issues) => {
      const unknown = issues.reduce(
        (sum, issue) => (issue.code === "unrecognized_keys" && issue.path.length === 0 ? issue.keys.length : sum),
        0,
      );
      const missing = issues.filter(
        ({ path, code }) => path.length === 1 && code === "invalid_type" && !Object.hasOwn(value, String(path[0])),
      );
      return { issues, known: keys - unknown, lacks: missing.length };
    })
    .sort(
      (one, other) => other.known - one.known || one.lacks - other.lacks || one.issues.length - other.issues.length,
    );
  const [best] = ranked;
  return best !== undefined && (best.known > 0 || keys === 0) ? best.issues : undefined;
}

function sentence(issue: ZodIssue, value: unknown): string {
  switch (issue.code) {
    case "invalid_type":
      return value === undefined
        ? `is missing; write ${kinds[issue.expected] ?? issue.expected}`
        : `is ${nameOfValue(value)}; write ${kinds[issue.expected] ?? issue.expected}${quoted(issue.expected, value)}`;
    case "invalid_value":
      return issue.message.startsWith("write ") // the schema's own message
        ? `is not known; ${issue.message}`
        : oneOfThese(value, issue.values);
    case "invalid_union":
      return oneOfThese(value, (issue as { options?: readonly unknown[] }).options ?? []);
    case "too_small":
      if (issue.origin !== "number")
        return issue.origin === "array"
          ? `has too few entries; write at least ${issue.minimum}`
          : "is empty; write something, or remove it";
      return issue.inclusive
        ? `is too small; write ${issue.minimum} or more`
        : `is too small; write more than ${issue.minimum}`;
    case "too_big":
      return `${issue.origin === "array" ? "has too many entries" : "is too large"}; write at most ${issue.maximum}`;
    case "invalid_key":
      return issue.issues[0]?.code === "too_small"
        ? "a name cannot be empty"
        : (issue.issues[0]?.message ?? "cannot be a name");
    default:
      return issue.message;
  }
}

function oneOfThese(value: unknown, options: readonly unknown[]): string {
  const names = options.map(String);
  const choice = names.length === 1 ? names[0] : `one of ${names.join(", ")}`;
  return value === undefined
    ? `is missing; write ${choice}`
    : `is not known; write ${choice}${didYouMean(value, names)}`;
}

const kinds: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  tuple: "a list of two: [1, 10]",
  object: "fields, one per line",
  record: "entries by name",
};

const quoted = (expected: string, value: unknown) =>
  expected === "string" && typeof value === "number" ? " (in quotes)" : "";

function nameOfValue(value: unknown): string {
  if (value === null) return "empty";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "string") return "a text";
  if (typeof value === "number" && !Number.isFinite(value)) return "not a finite number";
  return typeof value === "object" ? "a set of fields" : `a ${typeof value}`;
}

const longWords = (forms: string) => forms.split(/[^\w]+/).filter((word) => word.length > 3);
