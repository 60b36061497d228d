import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { Budget } from "../ledger/purse.js";
import type { MessagesGraph, MessagesGraphBuilder } from "../models/model.js";
import type { RunContext } from "../state/run-context.js";
import type { BatchInput } from "./batch-input.js";
import type { BatchQueue } from "./batch-queue.js";
import type { BatchRow } from "./batch-row.js";

/** Options of `runBatch`. */
export interface BatchOptions {
  /** A pattern or another graph over messages, compiled or not. Give it or `queue`. */
  readonly graph?: MessagesGraph | MessagesGraphBuilder;
  /** Lets workers answer, here or elsewhere: `bullQueue(url)`. */
  readonly queue?: BatchQueue;
  /** Texts, conversations, or either with an id; a list, a generator or a stream. */
  readonly inputs: Iterable<BatchInput> | AsyncIterable<BatchInput>;
  /** Most items under way, or answered and not read yet. @default 16, of a queue 256 */
  readonly concurrency?: number;
  /** What all items may cost: dollars for this batch, or what `budget()` returns. Once it has no room, the rest is not run. @default no limit */
  readonly budget?: number | Budget;
  /** Keeps each item's run on a thread of its own, so that a batch that is run again goes on inside of its items. @default none */
  readonly checkpointer?: BaseCheckpointSaver;
  /** Rows of an earlier try: the questions they answer are not run again, and the calls of those that failed are counted. @default none */
  readonly done?: Iterable<BatchRow> | AsyncIterable<BatchRow>;
  /** Name for rows, threads and jobs: a batch that goes on must have the name it had. @default the name of the graph */
  readonly name?: string;
  /** Run context of every item. @default none */
  readonly context?: RunContext;
  /** Aborts what is under way; the batch then ends in the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called after each row. */
  readonly onProgress?: (progress: BatchProgress) => void;
}

/** State of a batch. */
export interface BatchProgress {
  /** Rows so far, without those of `done`. */
  readonly rows: number;
  /** Rows with an error. */
  readonly failed: number;
  /** USD of the rows so far; `null` when a price is unknown. */
  readonly costUsd: number | null;
}
