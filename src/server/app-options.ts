import type { EmbeddingsInterface } from "@langchain/core/embeddings";
import { InvalidOptionError } from "../errors/index.js";
import type { MessagesGraph, MessagesGraphBuilder, Models } from "../models/model.js";
import { checkOptions as checkNames } from "../patterns/options.js";
import { checkPageOptions, isKeys, type MetricsOptions, type UiOptions } from "./page-options.js";

/** The request an error belongs to. */
export interface FailedRequest {
  /** `id` of the reply, also sent as `x-request-id`. */
  readonly id: string;
  /** Name of the model or graph that answered; undefined when the request failed before it was chosen. */
  readonly model: string | undefined;
}

/**
 * How a streamed reply comes: `committed` sends tokens of an answer that is certain to be returned if it completes, `whole` an answer
 * that is complete, as one chunk.
 */
export const replyStreams = ["committed", "whole"] as const;
export type ReplyStream = (typeof replyStreams)[number];

/** Options of `createApp`. */
export interface AppOptions {
  /** Models by the name requests choose them by. */
  readonly models?: Models;
  /** Graphs by the name requests choose them by: patterns and agents, without a checkpointer. */
  readonly graphs?: Readonly<Record<string, MessagesGraph | MessagesGraphBuilder>>;
  /** Embedders by the name requests choose them by, for `POST /v1/embeddings`. @default the path answers 404 */
  readonly embeddings?: Readonly<Record<string, EmbeddingsInterface>>;
  /** Model or graph for requests without `model`. @default the first graph, else the first model */
  readonly defaultModel?: string;
  /**
   * Tasks a request may name in `metadata.task`, each with the model or graph for requests without `model`. Another task is refused
   * with 400. @default every word is a task
   */
  readonly tasks?: Readonly<Record<string, { readonly model?: string }>>;
  /** Keys; callers must send one as `Authorization: Bearer …`. @default no key is needed */
  readonly apiKeys?: readonly string[];
  /** Maximum bytes of a request body. @default 10 MiB */
  readonly bodyLimit?: number;
  /** Maximum messages, tools, and parts and calls of messages in a request; ten times as many JSON values. @default 10,000 */
  readonly itemLimit?: number;
  /** Milliseconds until a request is aborted, even while its body or its stream is in progress. @default 300,000 */
  readonly timeout?: number;
  /**
   * Milliseconds of silence after which a stream sends a comment, which proxies and clients skip. A request that fails before the
   * first comment gets an HTTP status; one that fails later ends in an error event.
   * @default 15,000
   */
  readonly keepAlive?: number;
  /**
   * `"whole"` sends the answer of a streamed request as one chunk once it is complete, for clients that cannot take tokens back: a
   * model that breaks off after its first words is followed by the next one, instead of ending the stream in `answer_discarded`. A
   * request chooses otherwise with `"orchestration": { "stream": "committed" }`.
   * @default "committed"
   */
  readonly stream?: ReplyStream;
  /** Serves a page of the latest runs, spending and a prompt box at `/ui`. @default false */
  readonly ui?: boolean | UiOptions;
  /** Serves counters of the runs at `/metrics`, for Prometheus; needs the optional package `prom-client`. @default false */
  readonly metrics?: boolean | MetricsOptions;
  /**
   * Receives every error the request did not cause, with keys removed. An error it throws is logged only.
   * @default `console.error` of the message
   */
  readonly onError?: (error: unknown, request: FailedRequest) => void;
}

export const defaultTimeoutMs = 300_000;

export const longestTimerMs = 2 ** 31 - 1;

const names = [
  ...([
    "models",
    "graphs",
    "embeddings",
    "defaultModel",
    "tasks",
    "stream",
    "apiKeys",
    "bodyLimit",
    "itemLimit",
    "timeout",
    "keepAlive",
    "ui",
    "metrics",
  ] as const),
  "onError",
] as const;

/** @throws {InvalidOptionError} when an option is unknown or out of range */
export function checkAppOptions(options: AppOptions): void {
  checkNames(options, "createApp", names);
  const { models, graphs, embeddings, apiKeys, bodyLimit, itemLimit, timeout, keepAlive, stream, onError } = options;
  for (const [name, named] of Object.entries({ models, graphs })) {
    if (named === undefined || (isNamed(named) && !Object.hasOwn(named, ""))) continue;
    throw new InvalidOptionError(`createApp.${name}`, named, "give an object of models or graphs by non-empty name");
  }
  if (embeddings !== undefined && !(isNamed(embeddings) && Object.values(embeddings).every(isEmbedder))) {
    throw new InvalidOptionError(
      "createApp.embeddings",
      embeddings,
      "give an object of LangChain's embeddings by name",
    );
  }
  if (apiKeys !== undefined && !isKeys(apiKeys)) {
    throw new InvalidOptionError(
      "createApp.apiKeys",
      apiKeys,
      "give at least one key without spaces, or leave it out to allow calls without a key",
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
    if (value === undefined || above(value, longestTimerMs)) continue;
    throw new InvalidOptionError(`createApp.${name}`, value, `give ms above 0, at most ${longestTimerMs}`);
  }
  if (stream !== undefined && !replyStreams.includes(stream)) {
    throw new InvalidOptionError(
      "createApp.stream",
      stream,
      'give "committed" or "whole"; clients cannot take drafts back',
    );
  }
  if (onError !== undefined && typeof onError !== "function") {
    throw new InvalidOptionError("createApp.onError", onError, "give a function");
  }
  checkPageOptions(options);
}

function isNamed(named: unknown): named is object {
  return typeof named === "object" && named !== null && !Array.isArray(named);
}

function isEmbedder(given: unknown): boolean {
  return typeof (Object(given) as { readonly embedDocuments?: unknown }).embedDocuments === "function";
}
