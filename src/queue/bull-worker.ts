import type { BaseCheckpointSaver } from "@langchain/langgraph";
import type { Job, Worker } from "bullmq";
import { batchGraph } from "../batch/batch-graph.js";
import { messagesOf } from "../batch/batch-input.js";
import { type RowData, rowData } from "../batch/batch-row.js";
import { keyOf } from "../batch/key-of.js";
import { runItem } from "../batch/run-item.js";
import { checkKeys } from "../errors/check-keys.js";
import { type ErrorClass, InvalidInputError, InvalidOptionError } from "../errors/index.js";
import type { ModelCall } from "../ledger/model-call.js";
import type { Budget } from "../ledger/purse.js";
import { totalCost } from "../ledger/totals.js";
import type { MessagesGraph, MessagesGraphBuilder } from "../models/model.js";
import { checkBudget } from "../resilience/budget.js";
import { rememberEnvironment } from "../secrets/remember-secrets.js";
import type { RunContext } from "../state/run-context.js";
import { noteGraph } from "./graph-of-workers.js";
import type { JobData, WorkedData } from "./job-data.js";
import { type BullConnection, checkCount, checkName, connectionOf, loadBull } from "./load-bull.js";

/** Options of `bullWorker`. */
export interface BullWorkerOptions {
  /** A pattern or another graph over messages, compiled or not. */
  readonly graph: MessagesGraph | MessagesGraphBuilder;
  /** Name of the queue. @default "multimodel" */
  readonly name?: string;
  /** Items at once in this process. @default 8 */
  readonly concurrency?: number;
  /** Keeps each item's run, so that another worker goes on where this one died: a `PostgresSaver`. @default none, it starts over */
  readonly checkpointer?: BaseCheckpointSaver;
  /** What all items may cost, over all workers with a budget of this name and a shared `store`. @default no limit */
  readonly budget?: Budget;
  /** Run context of items without one of their own. @default none */
  readonly context?: RunContext;
  /** Milliseconds after which an item of a worker that died is given to another. @default 30,000 */
  readonly lockMs?: number;
  /** Workers that may die over one item before it is a dead letter. @default 5 */
  readonly crashes?: number;
  /** Deletes the thread of an item that is answered. @default false */
  readonly forgetThreads?: boolean;
  /** Called after each attempt of an item. */
  readonly onItem?: (item: WorkedItem) => void;
}

/** An attempt of an item. */
export interface WorkedItem {
  readonly batch: string;
  readonly id: string | number;
  readonly error?: { readonly name: string; readonly message: string };
  readonly costUsd: number | null;
}

/** A running worker. */
export interface BullWorker {
  /**
   * Takes nothing new, waits for what is under way, and closes the connections.
   *
   * @param drainMs milliseconds after which items under way are aborted and handed back. @default no limit
   */
  close(drainMs?: number): Promise<void>;
}

/** Classes of errors that another attempt would meet again. */
const final: readonly ErrorClass[] = [
  "invalid_request",
  "context_overflow",
  "too_large",
  "refusal",
  "budget",
  "not_allowed",
];

/**
 * Answers items of a queue of BullMQ.
 *
 * **When to use** - one process of many that work on batches of `runBatch({ queue })`; `multimodel worker` does it with a file.
 *
 * **Gotchas** - with a `checkpointer` that all workers share, an item of a worker that died goes on at the node where it was: calls whose
 * node was saved are not paid again, calls under way are. `limit`, `breaker` and `budget` count over all workers only with a `store` of
 * theirs. A worker whose event loop is blocked longer than `lockMs` loses its items to others; its own runs are then aborted. Needs
 * `bullmq` and `ioredis`.
 *
 * @param connection address of a Redis, or a client of `ioredis` with `maxRetriesPerRequest: null`
 * @example
 * ```ts
 * import { bullWorker } from "langgraph-multimodel/queue";
 *
 * const worker = bullWorker("redis://127.0.0.1:6379", { graph, name: "night", concurrency: 32 });
 * process.once("SIGTERM", async () => (await worker).close(30_000));
 * ```
 * @throws {InvalidOptionError} when an option is unknown or out of its range
 * @throws {MissingPackageError} when `bullmq` is not installed
 */
export async function bullWorker(connection: BullConnection, options: BullWorkerOptions): Promise<BullWorker> {
  const { name = "multimodel", concurrency = 8, lockMs = 30_000, crashes = 5 } = checked(options);
  const { checkpointer, budget, context: shared, forgetThreads = false, onItem } = options;
  const graph = batchGraph(options.graph, checkpointer, "bullWorker");
  const redis = connectionOf(connection, "bullWorker.connection");
  rememberEnvironment();
  const { Worker, UnrecoverableError, WaitingError } = await loadBull();
  const handingBack = new AbortController();

  const work = async (job: Job<JobData, WorkedData>, token?: string, lost?: AbortSignal): Promise<WorkedData> => {
    const item = Object(job.data) as JobData; // a job that others put may hold anything
    const { batch, id, context = shared, earlierCalls: earlier = [] } = item;
    const { messages, threadId } = read(item, context);
    const signal = AbortSignal.any([handingBack.signal, ...(lost === undefined ? [] : [lost])]);
    const outcome = await runItem(graph, { messages, signal, context, budget, threadId });
    const data = withEarlier({ ...rowData(outcome), ...(threadId !== undefined && { threadId }) }, earlier);
    const { error, costUsd, calls, earlierCalls = [] } = data;
    onItem?.({ batch, id, costUsd, ...(error && { error }) });
    if (error === undefined) return { ...data, graph: graph.fingerprint };
    if (lost?.aborted) throw outcome.error; // another worker has it
    await job.updateData({ ...job.data, earlierCalls: [...earlierCalls, ...calls], failed: data });
    if (handingBack.signal.aborted) {
      await job.moveToWait(token);
      throw new WaitingError();
    }
    const { class: kind } = Object(outcome.error) as { readonly class?: ErrorClass };
    const isFinal = InvalidInputError.isInstance(outcome.error) || (kind !== undefined && final.includes(kind));
    throw new (isFinal ? UnrecoverableError : Error)(`${error.name}: ${error.message}`);
  };

  /** Reads an item; one that cannot be read is a dead letter at once. */
  function read({ batch, id, asked }: JobData, context: RunContext | undefined) {
    try {
      const thread = graph.isSaved
        ? keyOf(batch, { id, asked, ...(context && { context }) }, graph.fingerprint)
        : undefined;
      return { messages: messagesOf(asked), threadId: thread };
    } catch (error) {
      throw new UnrecoverableError(`the job is no item of a batch: ${(error as Error).message}`);
    }
  }

  const worker: Worker<JobData, WorkedData> = new Worker(name, (job, token, lost) => work(job, token, lost), {
    ...{ connection: redis, concurrency, lockDuration: lockMs, stalledInterval: lockMs, maxStalledCount: crashes },
  });
  worker.on("error", () => {}); // it connects again by itself
  worker.on("lockRenewalFailed", (ids) => {
    for (const id of ids) worker.cancelJob(id, "its lock is lost");
  });
  if (forgetThreads)
    worker.on("completed", ({ returnvalue }) => {
      const { threadId } = returnvalue ?? {};
      if (threadId !== undefined) checkpointer?.deleteThread(threadId).catch(() => {});
    });
  await worker.waitUntilReady();
  await noteGraph(worker, graph.fingerprint);
  return {
    close: async (drainMs) => {
      const timer = drainMs === undefined ? undefined : setTimeout(() => handingBack.abort(), drainMs);
      await worker.close();
      clearTimeout(timer);
    },
  };
}

/** Adds the calls of earlier attempts that the run's own ledger has not kept on its thread. */
function withEarlier(data: RowData, earlier: readonly ModelCall[]): RowData {
  const own = new Set(data.calls.map(({ id }) => id));
  const earlierCalls = earlier.filter(({ id }) => !own.has(id));
  if (earlierCalls.length === 0) return data;
  return { ...data, earlierCalls, costUsd: totalCost([...earlierCalls, ...data.calls]) };
}

function checked(options: BullWorkerOptions): BullWorkerOptions {
  const names = ["graph", "name", "concurrency", "checkpointer", "budget", "context", "lockMs", "crashes"] as const;
  checkKeys(options, "bullWorker", [...names, "forgetThreads", "onItem"]);
  if (options.graph === undefined)
    throw new InvalidOptionError("bullWorker.graph", undefined, "give a pattern or another graph over messages");
  if (options.name !== undefined) checkName(options.name, "bullWorker.name");
  for (const option of ["concurrency", "lockMs", "crashes"] as const)
    checkCount(options[option], `bullWorker.${option}`);
  checkBudget(options.budget, "bullWorker.budget");
  return options;
}
