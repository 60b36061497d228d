import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isInteropZodSchema } from "@langchain/core/utils/types";
import { sortedJson } from "../text/normalizers/sorted-json.js";

/** Limits values within values, which may also form a circle. */
const maxDepth = 60;

/**
 * Serializes a request or a part of it: equal ones give equal text. Schemas are compared as they are sent, tools by name, description
 * and schema.
 *
 * @throws {RangeError} when a value is nested too deeply
 */
export function canonical(value: unknown): string {
  return sortedJson(plain(value, 0));
}

function plain(value: unknown, depth: number): unknown {
  if (depth > maxDepth) throw new RangeError("The value is nested too deeply");
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
  if (Array.isArray(value)) return value.map((each) => plain(each, depth + 1) ?? null);
  if (ArrayBuffer.isView(value))
    return { bytes: Array.from(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) };
  if (value instanceof Map || value instanceof Set) return plain([...value], depth + 1);
  if (isInteropZodSchema(value)) return plain(toJsonSchema(value), depth + 1);
  if (isTool(value)) {
    const { name, description, schema } = value;
    return { name, description, schema: plain(schema, depth + 1) };
  }
  const { toJSON } = value as { readonly toJSON?: () => unknown };
  if (typeof toJSON === "function") return plain(toJSON.call(value), depth + 1);
  const parts = Object.entries(value).map(([key, part]) => [key, plain(part, depth + 1)] as const);
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined));
}

/** Returns true for a tool with code, of which a model sees only name, description and schema. */
function isTool(
  value: object,
): value is { readonly name: string; readonly description?: string; readonly schema: unknown } {
  const { name, schema, invoke } = value as Readonly<Record<string, unknown>>;
  return typeof name === "string" && typeof schema === "object" && schema !== null && typeof invoke === "function";
}
