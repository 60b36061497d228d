import { isBaseMessage } from "@langchain/core/messages";
import { maskKeys } from "../secrets/redact.js";
import { textsWithin } from "../secrets/texts-within.js";
import { withoutSecrets } from "./without-secrets.js";

/** Levels of lists and records that are written anew. */
const deepest = 8;

/**
 * Masks every text of what a strategy returned, names of fields among them, before it enters the state: user code quotes what providers
 * sent. Messages are left as they are, which models wrote; of errors is kept what may be, and another object with a key is dropped.
 */
export function masked<Value>(value: Value): Value {
  return maskedAt(value, 0) as Value;
}

function maskedAt(value: unknown, depth: number): unknown {
  if (typeof value === "string") return maskKeys(value);
  if (typeof value !== "object" || value === null || isBaseMessage(value as never)) return value;
  if (value instanceof Error) return withoutSecrets(value);
  if (depth < deepest && Array.isArray(value)) return value.map((part) => maskedAt(part, depth + 1));
  if (depth < deepest && isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [maskKeys(name), maskedAt(part, depth + 1)] as const),
    );
  }
  return holdsKeys(value) ? "[redacted]" : value;
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Whether a key is anywhere in an object, or it is too large to know. */
function holdsKeys(value: object): boolean {
  const texts = textsWithin(value);
  for (let next = texts.next(); ; next = texts.next()) {
    if (next.done) return !next.value;
    if (maskKeys(next.value.text) !== next.value.text) return true;
  }
}
