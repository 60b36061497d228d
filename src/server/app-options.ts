import { InvalidOptionError } from "../errors.js";
import type { MessagesGraph, MessagesGraphBuilder, Models } from "../models/model.js";

/** Options of `createApp`. */
export interface AppOptions {
  /** Models by the name requests choose them by. */
  readonly models?: Models;
  /** Graphs by the name requests choose them by: patterns, compiled or not, and agents. */
  readonly graphs?: Readonly<Record<string, MessagesGraph | MessagesGraphBuilder>>;
  /** Answers requests that name no `model`. @default the first graph, else the first model */
  readonly defaultModel?: string;
  /** Callers must send one of them: `Authorization: Bearer …`. @default everybody may call */
  readonly apiKeys?: readonly string[];
  /** Bytes of a request's body. @default 10 MiB */
  readonly bodyLimit?: number;
  /** Milliseconds until a request is given up, however much of it has streamed. @default 300,000 */
  readonly timeout?: number;
  /**
   * Milliseconds a stream may be silent until a comment is sent, which proxies and clients pass over. A request that fails
   * before the first one has a status of its own; one that fails later ends in an error event.
   * @default 15,000
   */
  readonly keepAlive?: number;
  /** Is told of every error behind a reply of 500 and above, keys removed. @default `console.error` of its message */
  readonly onError?: (error: unknown) => void;
}

/** The longest time a timer can hold, in ms. */
const longest = 2 ** 31 - 1;

/** @throws {InvalidOptionError} when an option is out of range */
export function checkOptions({ apiKeys, bodyLimit, timeout, keepAlive, onError }: AppOptions): void {
  if (apiKeys !== undefined && !isKeys(apiKeys)) {
    throw new InvalidOptionError(
      "createApp.apiKeys",
      "[hidden]",
      "give at least one key, each a text without spaces; leave it out to let everybody call",
    );
  }
  const above = (value: unknown, limit: number) => typeof value === "number" && value > 0 && value <= limit;
  if (bodyLimit !== undefined && !above(bodyLimit, Number.POSITIVE_INFINITY)) {
    throw new InvalidOptionError("createApp.bodyLimit", bodyLimit, "give bytes above 0");
  }
  for (const [name, value] of Object.entries({ timeout, keepAlive })) {
    if (value === undefined || above(value, longest)) continue;
    throw new InvalidOptionError(`createApp.${name}`, value, `give ms above 0, at most ${longest}`);
  }
  if (onError !== undefined && typeof onError !== "function") {
    throw new InvalidOptionError("createApp.onError", onError, "give a function");
  }
}

function isKeys(keys: unknown): boolean {
  return Array.isArray(keys) && keys.length > 0 && keys.every((key) => typeof key === "string" && /^\S+$/.test(key));
}
