import type { Remark } from "../text/problems.js";
import type { Path } from "../text/read-document.js";

/** A remark about a value that is dropped, or partly `used`. */
export interface Warning extends Remark {
  readonly used?: true;
}

/** Another system's file, translated to this library's format. */
export interface Translated {
  readonly data: Record<string, unknown>;
  /** Maps a path of the translated data to the path in the file it comes from. */
  readonly place: (path: Path) => Path;
  /** Values that cannot be translated, at paths of the file. */
  readonly problems: readonly Remark[];
  /** Values that mean nothing here and are dropped without a remark, at paths of the file. */
  readonly ignored?: readonly Path[];
  /** Values that are dropped, at paths of the file. */
  readonly warnings: readonly Warning[];
}

/** An object's path in the file, and in the translated data. */
export interface Places {
  readonly theirs: Path;
  readonly ours: Path;
}

export const notRead = "is ignored";

/** Returns whether a field is set; other systems write unset fields as empty ones. */
export const isPresent = (value: unknown): boolean => value !== undefined && value !== null && value !== "";

/** Returns a text, or "" for any other value, which the schema reports. */
export const textOrEmpty = (value: unknown): string => (typeof value === "string" ? value : "");

/** Returns a number, also one written as text, as a variable's value is. */
export function numberOrUndefined(value: unknown): number | undefined {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}
