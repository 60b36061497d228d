import type { Runnable } from "@langchain/core/runnables";
import { toJsonSchema } from "@langchain/core/utils/json_schema";
import { isInteropZodSchema } from "@langchain/core/utils/types";
import { isBinding } from "./client.js";

/** Fields in which clients keep what they send with every request. */
interface Sending {
  readonly kwargs?: object;
  readonly defaultOptions?: object;
  readonly modelKwargs?: object;
}

/** Collects what a client sends beside the messages: tools bound to it, schemas, and fields of the request's body. */
export function boundExtras(runnable: Runnable): readonly unknown[] {
  const { kwargs, defaultOptions, modelKwargs } = runnable as Runnable & Sending;
  const own = [kwargs, defaultOptions, modelKwargs]
    .filter((each) => each && Object.keys(each).length > 0)
    .map((each) => asSent(each));
  return isBinding(runnable) ? [...own, ...boundExtras(runnable.bound as Runnable)] : own;
}

/** Levels of a request that are read. */
const deepest = 100;

/** Converts zod schemas inside a tool or a form to the JSON schema that is sent. */
export function asSent(value: unknown, depth = 0): unknown {
  if (depth > deepest) return undefined; // a cycle, which no client can send
  if (typeof value !== "object" || value === null) return typeof value === "function" ? undefined : value;
  if (isInteropZodSchema(value)) return toJsonSchema(value);
  if (Array.isArray(value)) return value.map((part) => asSent(part, depth + 1));
  const { name, description, schema } = value as { name?: unknown; description?: unknown; schema?: unknown };
  if (typeof name === "string" && schema !== undefined) return { name, description, schema: asSent(schema, depth + 1) }; // a tool object of LangChain
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, asSent(part, depth + 1)]));
}
