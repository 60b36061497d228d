import { getRetryable, stampRetryable } from "@langchain/core/errors";
import { redact, redactError } from "../secrets/redact.js";
import { ForeignError } from "./foreign-error.js";
import { OrchestrationError } from "./orchestration-error.js";

/** Maximum length of the cause chain, and lines and characters of a stack. */
const limits = { causes: 5, frames: 20, frame: 300 };

/** Returns a copy that is safe to keep or log: this library's errors unchanged, others as a `ForeignError`. */
export function safeCause(error: unknown, left = limits.causes): Error {
  if (OrchestrationError.isInstance(error) || ForeignError.isInstance(error)) return error as Error;
  const message = redactError(error);
  const kind = classOf(error);
  const name = word(field(error, "name")) ?? "Error";
  const status = statusOf(error);
  const code = codeOf(error);
  const requestId = requestIdOf(error);
  const cause = left > 0 ? causeOf(error) : undefined;
  const kept = new ForeignError({
    ...{ name, class: kind, message, stack: `${name}: ${message}${framesOf(error)}` },
    ...(status === undefined ? {} : { status }),
    ...(code === undefined ? {} : { code }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(cause === undefined || cause === null ? {} : { cause: safeCause(cause, left - 1) }),
  });
  const stamp = getRetryable(error);
  return stamp === undefined ? kept : stampRetryable(kept, stamp);
}

/** Reads a nested field of any value; a getter that throws yields undefined. */
function field(holder: unknown, ...names: readonly string[]): unknown {
  try {
    return names.reduce<unknown>((inside, name) => (Object(inside) as Record<string, unknown>)[name], holder);
  } catch {
    return undefined;
  }
}

/** Returns a name or id; undefined for other text and for keys. */
function word(value: unknown): string | undefined {
  if (typeof value !== "string" || !/^[\w.:/$-]{1,100}$/.test(value)) return undefined;
  return redact(value) === value ? value : undefined;
}

function classOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return typeof error;
  return word(field(error, "constructor", "name")) ?? "Error";
}

/** Fields where clients keep the HTTP status. */
const statusFields = [
  ["status"],
  ["statusCode"],
  ["status_code"],
  ["response", "status"],
  ["$metadata", "httpStatusCode"],
] as const;

function statusOf(error: unknown): number | undefined {
  const found = statusFields.map((path) => Number(field(error, ...path) ?? Number.NaN));
  return found.find((status) => Number.isInteger(status) && status >= 100 && status < 600);
}

function codeOf(error: unknown): string | number | undefined {
  const codes = [
    field(error, "code"),
    field(error, "error", "code"),
    field(error, "type"),
    field(error, "lc_error_code"),
  ];
  return codes
    .map((code) => (Number.isInteger(code) ? (code as number) : word(code)))
    .find((code) => code !== undefined);
}

const requestIdFields = ["requestID", "requestId", "request_id", "_request_id"];
const requestIdHeaders = ["x-request-id", "request-id", "x-ms-request-id", "apim-request-id"];

function requestIdOf(error: unknown): string | undefined {
  const headers = [field(error, "headers"), field(error, "response", "headers")];
  const ids = [
    ...requestIdFields.map((name) => field(error, name)),
    field(error, "$metadata", "requestId"),
    ...headers.flatMap((each) => requestIdHeaders.map((name) => headerOf(each, name))),
  ];
  return ids.map(word).find((id) => id !== undefined);
}

function headerOf(headers: unknown, name: string): unknown {
  try {
    const { get } = Object(headers) as { get?: unknown };
    return typeof get === "function" ? get.call(headers, name) : field(headers, name);
  } catch {
    return undefined;
  }
}

/** Returns the cause; of an aggregate error (a host with two addresses) its first error. */
function causeOf(error: unknown): unknown {
  return field(error, "cause") ?? field(error, "errors", "0");
}

function framesOf(error: unknown): string {
  const stack = field(error, "stack");
  if (typeof stack !== "string") return "";
  const frames = stack
    .slice(0, 20_000)
    .split("\n")
    .filter((line) => /^\s{1,8}at /.test(line));
  return frames
    .slice(0, limits.frames)
    .map((frame) => `\n${redact(frame.slice(0, limits.frame))}`)
    .join("");
}
