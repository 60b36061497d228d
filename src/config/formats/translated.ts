import type { Path } from "../text/read-document.js";

/** An object of a file. */
export type Data = Readonly<Record<string, unknown>>;

/** What is to be said about a place of the file. */
export interface Remark {
  readonly path: Path;
  readonly message: string;
}

/** A remark about something that is left out, unless it is `used` all the same. */
export interface Warning extends Remark {
  readonly used?: true;
}

/** A file of another system in our own form. */
export interface Translated {
  readonly data: Record<string, unknown>;
  /** The place in the file of a place in our data. */
  readonly place: (path: Path) => Path;
  /** What cannot be translated, at places of the file. */
  readonly problems: readonly Remark[];
  /** What is left out, at places of the file. */
  readonly warnings: readonly Warning[];
}

/** Where an object stands in the file, and where in our data. */
export interface Places {
  readonly theirs: Path;
  readonly ours: Path;
}

export const notRead = "is not read";

export const isObject = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Other systems write a field empty that is not there. */
export const isThere = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** A text, or nothing: what else stands there is told by the schema. */
export const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

/** A number, as one or as the text of a variable. */
export function numberIn(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
