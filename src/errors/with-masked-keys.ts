import { isBaseMessage } from "@langchain/core/messages";
import { maskKeys } from "../secrets/redact.js";
import { textsWithin } from "../secrets/texts-within.js";
import { withoutSecrets } from "./without-secrets.js";

/** Maximum depth of lists and records that are copied. */
const deepest = 8;

/**
 * Masks keys in all texts and field names of a strategy's result before it enters the state, since user code may quote providers.
 * Messages of models stay unchanged; errors are reduced to safe copies, and other objects that hold a key are dropped.
 */
export function withMaskedKeys<Value>(value: Value): Value {
  return maskAt(value, 0) as Value;
}

function maskAt(value: unknown, depth: number): unknown {
  if (typeof value === "string") return maskKeys(value);
  if (typeof value !== "object" || value === null || isBaseMessage(value as never)) return value;
  if (value instanceof Error) return withoutSecrets(value);
  if (depth < deepest && Array.isArray(value)) return value.map((part) => maskAt(part, depth + 1));
  if (depth < deepest && isRecord(value)) {
    return Object.fromEntries(
      Object.entries(value).map(([name, part]) => [maskKeys(name), maskAt(part, depth + 1)] as const),
    );
  }
  return holdsKeys(value) ? "[redacted]" : value;
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** Returns true when an object holds a key or is too large to check. */
function holdsKeys(value: object): boolean {
  const texts = textsWithin(value);
  for (let next = texts.next(); ; next = texts.next()) {
    if (next.done) return !next.value;
    if (maskKeys(next.value.text) !== next.value.text) return true;
  }
}
