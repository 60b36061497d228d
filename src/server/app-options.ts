import { InvalidOptionError } from "../errors/index.js";
import type { MessagesGraph, MessagesGraphBuilder, Models } from "../models/model.js";
import { checkOptions as checkNames } from "../patterns/options.js";

/** The request an error belongs to. */
export interface FailedRequest {
  /** `id` of its reply, and its `x-request-id`. */
  readonly id: string;
  /** What answered it; missing where that was not known yet. */
  readonly model: string | undefined;
}

/** Options of `createApp`. */
export interface AppOptions {
  /** Models by the name requests choose them by. */
  readonly models?: Models;
  /** Graphs by the name requests choose them by: patterns and agents, without a checkpointer. */
  readonly graphs?: Readonly<Record<string, MessagesGraph | MessagesGraphBuilder>>;
  /** Answers requests that name no `model`. @default the first graph, else the first model */
  readonly defaultModel?: string;
  /** Callers must send one of them: `Authorization: Bearer …`. @default everybody may call */
  readonly apiKeys?: readonly string[];
  /** Bytes of a request's body. @default 10 MiB */
  readonly bodyLimit?: number;
  /** Messages of a request, its tools, and the parts and calls of its messages; ten times as many values of any kind. @default 10,000 */
  readonly itemLimit?: number;
  /** Milliseconds until a request is given up, however much of it has come or streamed. @default 300,000 */
  readonly timeout?: number;
  /**
   * Milliseconds a stream may be silent until a comment is sent, which proxies and clients pass over. A request that fails
   * before the first one has a status of its own; one that fails later ends in an error event.
   * @default 15,000
   */
  readonly keepAlive?: number;
  /**
   * Is told of every error that is not one of the request, keys removed, and of the request. What it throws is logged, no more.
   * @default `console.error` of its message
   */
  readonly onError?: (error: unknown, request: FailedRequest) => void;
}

/** Milliseconds until a request is given up, unless an option says otherwise. */
export const usualTimeout = 300_000;

/** The longest time a timer can hold, in ms. */
export const longest = 2 ** 31 - 1;

const names = [
  ...(["models", "graphs", "defaultModel", "apiKeys", "bodyLimit", "itemLimit", "timeout", "keepAlive"] as const),
  "onError",
] as const;

/** @throws {InvalidOptionError} when an option does not exist or is out of range */
export function checkOptions(options: AppOptions): void {
  checkNames(options, "createApp", names);
  const { models, graphs, apiKeys, bodyLimit, itemLimit, timeout, keepAlive, onError } = options;
  for (const [name, named] of Object.entries({ models, graphs })) {
    if (named === undefined || (isNamed(named) && !Object.hasOwn(named, ""))) continue;
    throw new InvalidOptionError(
      `createApp.${name}`,
      named,
      "give an object: what is served, by names that are not empty",
    );
  }
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
  if (itemLimit !== undefined && !(Number.isInteger(itemLimit) && itemLimit > 0)) {
    throw new InvalidOptionError("createApp.itemLimit", itemLimit, "give a whole number above 0");
  }
  for (const [name, value] of Object.entries({ timeout, keepAlive })) {
    if (value === undefined || above(value, longest)) continue;
    throw new InvalidOptionError(`createApp.${name}`, value, `give ms above 0, at most ${longest}`);
  }
  if (onError !== undefined && typeof onError !== "function") {
    throw new InvalidOptionError("createApp.onError", onError, "give a function");
  }
}

function isNamed(named: unknown): named is object {
  return typeof named === "object" && named !== null && !Array.isArray(named);
}

function isKeys(keys: unknown): boolean {
  return Array.isArray(keys) && keys.length > 0 && keys.every(isKey);
}

/** True for a key that fits a header. */
export function isKey(key: unknown): boolean {
  return typeof key === "string" && /^\S+$/.test(key);
}
