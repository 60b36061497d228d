import { maskKeys, mayBeKey } from "../secrets/redact.js";

/** Maximum characters of a shown text. */
const longest = 60;

/** Describes a value for an error message without revealing its contents. */
export function describeValue(value: unknown): string {
  const shown = harmless(value);
  return typeof shown === "string" && typeof value === "string" && !mayBeKey(value)
    ? JSON.stringify(shown)
    : String(shown);
}

/** Returns a number or short text unchanged, and a description of anything else, for an error to keep. */
export function harmless(value: unknown): unknown {
  if (typeof value === "string") {
    if (mayBeKey(value)) return keyLike(value);
    return value.length > longest ? `${value.slice(0, longest)}…` : value;
  }
  if (typeof value === "symbol") return "a symbol";
  if (typeof value === "function") return "a function";
  if (typeof value !== "object" || value === null) return value;
  try {
    return describeObject(value);
  } catch {
    return "an object that cannot be read"; // a proxy that throws
  }
}

/** Describes a text that may be a key. */
export function keyLike(text: string): string {
  return `a text of ${text.length} characters that may be a key`;
}

function describeObject(value: object): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  const prototype: object | null = Object.getPrototypeOf(value);
  const maker: unknown = prototype?.constructor;
  const kind = typeof maker === "function" && maker !== Object ? maskKeys(maker.name) : "";
  if (/^[A-Za-z_$][\w$]{0,60}$/.test(kind)) return `${/^[AEIOU]/i.test(kind) ? "an" : "a"} ${kind}`;
  const keys = Object.keys(value);
  return keys.length === 0 ? "an empty object" : `an object with ${keys.slice(0, 5).map(shownKey).join(", ")}`;
}

const shownKey = (key: string) => (mayBeKey(key) || key.length > longest ? "…" : key);
