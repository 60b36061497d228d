import type { Path } from "./read-document.js";

/** An object of a file. */
export type Data = Readonly<Record<string, unknown>>;

/** What is to be said about a place of the file. */
export interface Remark {
  readonly path: Path;
  readonly message: string;
}

/** A file of another system in our own form. */
export interface Translated {
  readonly data: Record<string, unknown>;
  /** The place in the file of a place in our data. */
  readonly place: (path: Path) => Path;
  /** What cannot be translated, at places of the file. */
  readonly problems: readonly Remark[];
  /** What is left out, at places of the file. */
  readonly warnings: readonly Remark[];
}

export const isObject = (value: unknown): value is Data =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A text, or nothing: what else stands there is told by the schema. */
export const textIn = (value: unknown): string => (typeof value === "string" ? value : "");
