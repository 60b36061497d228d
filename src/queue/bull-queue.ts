import type { Job, Queue, QueueEvents } from "bullmq";
import { type BatchInput, type BatchItem, readInput } from "../batch/batch-input.js";
import type { BatchQueue } from "../batch/batch-queue.js";
import { notRun, type RowData } from "../batch/batch-row.js";
import { keyOf } from "../batch/key-of.js";
import { checkKeys } from "../errors/check-keys.js";
import { totalCost } from "../ledger/totals.js";
import type { DeadLetter, JobData } from "./job-data.js";
import { type BullConnection, checkCount, checkName, connectionOf, loadBull } from "./load-bull.js";

/** Options of `bullQueue`. */
export interface BullQueueOptions {
  /** Name of the queue in Redis; its workers have the same. @default "multimodel" */
  readonly name?: string;
  /** Attempts of an item before it is a dead letter; retries of single calls are beside them. @default 3 */
  readonly attempts?: number;
  /** Milliseconds before the second attempt, doubled before each further one. @default 1,000 */
  readonly backoffMs?: number;
  /** Seconds that answers stay in Redis, where a batch that is run again finds them. @default 86,400, a day */
  readonly keepSeconds?: number;
  /** Milliseconds between checks of items whose end was not reported by an event, for example after a restart of Redis. @default 5,000 */
  readonly pollMs?: number;
}

/** A queue of items for workers. */
export interface BullQueue extends BatchQueue {
  /**
   * Puts an input and does not wait for it. The same input of the same batch is one job, even from several producers.
   *
   * @returns id of the job
   */
  add(batch: string, input: BatchInput, number?: number): Promise<string>;
  /** Lists items that failed in all of their attempts, the newest first. */
  deadLetters(most?: number): Promise<readonly DeadLetter[]>;
  /** Puts dead letters into the queue again, with all of their attempts, and returns how many. */
  retryDead(): Promise<number>;
  /** Closes its connections; items in the queue stay there. */
  close(): Promise<void>;
}

interface Opened {
  readonly queue: Queue<JobData, RowData>;
  readonly events: QueueEvents;
}

/** Seconds that dead letters stay. */
const deadSeconds = 14 * 86_400;

/**
 * Puts the items of a batch into a queue of BullMQ in Redis, for workers on any machine.
 *
 * **When to use** - as `queue` of `runBatch`, when one process is too slow, or must be able to end while the batch goes on.
 *
 * **Gotchas** - workers are started with `bullWorker` or `multimodel worker`. An item is one job by the name of its batch, its id and its
 * question: a batch that is run again waits for jobs that are under way, and takes what is answered from Redis. Needs `bullmq` and
 * `ioredis`. Redis must keep its data (`appendonly yes`, `maxmemory-policy noeviction`). When `runBatch` is aborted, what no worker has
 * taken leaves the queue, and what is under way goes on there.
 *
 * @param connection address of a Redis, or a client of `ioredis` with `maxRetriesPerRequest: null`
 * @example
 * ```ts
 * import { runBatch } from "langgraph-multimodel";
 * import { bullQueue } from "langgraph-multimodel/queue";
 *
 * const queue = bullQueue("redis://127.0.0.1:6379", { name: "night", attempts: 5 });
 * const rows = runBatch({ queue, inputs: ["What is 2 + 2?"], name: "exam" });
 * ```
 * @throws {InvalidOptionError} when an option is unknown or out of its range
 */
export function bullQueue(connection: BullConnection, options: BullQueueOptions = {}): BullQueue {
  checkKeys(options, "bullQueue", ["name", "attempts", "backoffMs", "keepSeconds", "pollMs"]);
  const { name = "multimodel", attempts = 3, backoffMs = 1_000, keepSeconds = 86_400, pollMs = 5_000 } = options;
  checkName(name, "bullQueue.name");
  for (const [option, value] of Object.entries({ attempts, backoffMs, keepSeconds, pollMs }))
    checkCount(value, `bullQueue.${option}`);
  const redis = connectionOf(connection, "bullQueue.connection");
  const waiting = new Map<string, () => void>();
  const wakeAll = () => {
    for (const wake of [...waiting.values()]) wake();
  };
  let opened: Promise<Opened> | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  async function open(): Promise<Opened> {
    const { Queue, QueueEvents } = await loadBull();
    const queue = new Queue<JobData, RowData>(name, { connection: redis });
    const events = new QueueEvents(name, { connection: redis });
    const ignore = () => {}; // both connect again by themselves
    queue.on("error", ignore);
    events.on("error", ignore);
    const wake = ({ jobId }: { readonly jobId: string }) => waiting.get(jobId)?.();
    events.on("completed", wake);
    events.on("failed", wake);
    await events.waitUntilReady();
    timer = setInterval(wakeAll, pollMs);
    return { queue, events };
  }
  const ready = () => {
    opened ??= open();
    return opened;
  };

  async function put(batch: string, item: BatchItem): Promise<Job<JobData, RowData>> {
    const { queue } = await ready();
    const backoff = { type: "exponential", delay: backoffMs };
    const keep = { removeOnComplete: { age: keepSeconds }, removeOnFail: { age: deadSeconds } };
    return queue.add("item", { batch, ...item }, { jobId: `m${keyOf(batch, item)}`, attempts, backoff, ...keep });
  }

  async function run(batch: string, item: BatchItem, until: AbortSignal): Promise<RowData | undefined> {
    const signal = AbortSignal.any([until]); // a signal of its own, so that listeners do not pile up on that of the batch
    const { queue } = await ready();
    const { id: jobId } = (await put(batch, item)) as { readonly id: string };
    let wake = () => {};
    let mayRetry = true; // of a dead letter that an earlier try left
    let next = new Promise<void>((resolve) => {
      wake = resolve;
    });
    waiting.set(jobId, () => wake());
    const abort = () => wake();
    signal.addEventListener("abort", abort);
    try {
      for (;;) {
        const job = await queue.getJob(jobId);
        const state = job === undefined ? "gone" : job.finishedOn === undefined ? "open" : await job.getState();
        if (state === "completed") return job!.returnvalue;
        if (state === "gone")
          return notRun(new Error("the job is gone from the queue: Redis lost it, or it was removed"));
        if (state === "failed" && !mayRetry) return failureOf(job!);
        if (state === "failed") await job!.retry("failed", { resetAttemptsMade: true });
        mayRetry = false;
        if (signal.aborted) {
          await job!.remove().catch(() => {}); // one that a worker has stays
          return undefined;
        }
        await next;
        next = new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    } finally {
      signal.removeEventListener("abort", abort);
      waiting.delete(jobId);
    }
  }

  return {
    name,
    run,
    add: async (batch, input, number = 1) => (await put(batch, readInput(input, number))).id!,
    deadLetters: async (most = 100) => {
      const jobs = await (await ready()).queue.getFailed(0, most - 1);
      return jobs.map(({ id, data, attemptsMade, ...job }) => {
        const { batch, id: item, asked, context } = data;
        const { error, calls } = failureOf({ data, failedReason: job.failedReason });
        const known = { id: item, asked, ...(context && { context }), batch };
        return { ...known, jobId: id!, attempts: attemptsMade, error: error!, calls };
      });
    },
    retryDead: async () => {
      const jobs = await (await ready()).queue.getFailed(0, -1);
      await Promise.all(jobs.map((job) => job.retry("failed", { resetAttemptsMade: true })));
      return jobs.length;
    },
    close: async () => {
      const { queue, events } = (await opened) ?? {};
      clearInterval(timer);
      await Promise.all([events?.close(), queue?.close()]);
      opened = undefined;
    },
  };
}

/** Returns how a dead letter failed; a worker that dies leaves no more than BullMQ's reason. */
function failureOf({ data, failedReason }: Pick<Job<JobData>, "data" | "failedReason">): RowData {
  const { failed, earlierCalls = [] } = data;
  const isCrash = failed === undefined || /stalled/.test(failedReason);
  if (!isCrash) return failed;
  const error = Object.assign(new Error(failedReason || "the item failed"), { name: "WorkerLostError" });
  return { ...notRun(error), calls: earlierCalls, costUsd: totalCost(earlierCalls) };
}
