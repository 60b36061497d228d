import { InvalidOptionError, MissingPackageError } from "../errors/index.js";
import { rememberNamed } from "../secrets/remember-secrets.js";

/** Address of a Redis (`redis://…`, `rediss://…`), or a client of `ioredis`. */
export type BullConnection = string | object;

/** Connection as BullMQ takes it. */
export type OpenConnection = { readonly url: string } | object;

/**
 * Checks a connection, and keeps its password out of errors.
 *
 * @throws {InvalidOptionError} when it is neither an address of a Redis nor a client
 */
export function connectionOf(connection: BullConnection, option: string): OpenConnection {
  if (typeof connection === "string" && /^rediss?:\/\//.test(connection) && URL.canParse(connection)) {
    rememberNamed("redis", connection);
    return { url: connection };
  }
  const { duplicate } = Object(connection) as { readonly duplicate?: unknown };
  if (typeof connection === "object" && typeof duplicate === "function") return connection;
  if (typeof connection === "string") rememberNamed("redis", connection); // also the password of `host:6379,password=…`
  const shown = typeof connection === "string" ? connection.replace(/^.*@/s, "…@") : connection; // without a password
  throw new InvalidOptionError(option, shown, "give redis://host:6379, or a client: new Redis(url) of ioredis");
}

/** Throws unless a value is a whole number above 0. */
export function checkCount(value: unknown, option: string): void {
  if (value === undefined || (Number.isInteger(value) && (value as number) > 0)) return;
  throw new InvalidOptionError(option, value, "give a whole number above 0");
}

/** Throws unless a value can name a queue. */
export function checkName(name: unknown, option: string): void {
  if (typeof name === "string" && /^[^:]+$/.test(name)) return;
  throw new InvalidOptionError(option, name, "give a text without a colon");
}

/** Loads BullMQ, an optional package. */
export async function loadBull(): Promise<typeof import("bullmq")> {
  try {
    return await import("bullmq");
  } catch (error) {
    throw new MissingPackageError("A queue", ["bullmq", "ioredis"], error);
  }
}
