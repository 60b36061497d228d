import type { Job, Queue, QueueEvents } from "bullmq";
import { type BatchInput, type BatchItem, readInput } from "../batch/batch-input.js";
import type { BatchQueue } from "../batch/batch-queue.js";
import { notRun, type RowData } from "../batch/batch-row.js";
import { keyOf } from "../batch/key-of.js";
import { checkKeys } from "../errors/check-keys.js";
import { totalCost } from "../ledger/totals.js";
import { onAbort } from "../resilience/deadline.js";
import { graphOfWorkers } from "./graph-of-workers.js";
import { type Bell, JobBells } from "./job-bells.js";
import type { DeadLetter, JobData, WorkedData } from "./job-data.js";
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
  readonly queue: Queue<JobData, WorkedData>;
  readonly events: QueueEvents;
}

/** Seconds that dead letters stay. */
const deadSeconds = 14 * 86_400;

/**
 * Puts the items of a batch into a queue of BullMQ in Redis, for workers on any machine.
 *
 * **When to use** - as `queue` of `runBatch`, when one process is too slow, or must be able to end while the batch goes on.
 *
 * **Gotchas** - workers are started with `bullWorker` or `multimodel worker`. An item is one job by the name of its batch, its id, its
 * question and its run context: a batch that is run again waits for jobs that are under way, and takes from Redis what workers of the same
 * graph (nodes, models, prompts) have answered. Needs `bullmq` and `ioredis`. Redis must keep its data (`appendonly yes`,
 * `maxmemory-policy noeviction`). When `runBatch` is aborted, what no worker has taken leaves the queue, and what is under way goes on there.
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
  const bells = new JobBells();
  let opened: Promise<Opened> | undefined;
  let connections: Opened | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;

  async function open(): Promise<Opened> {
    const { Queue, QueueEvents } = await loadBull();
    const queue = new Queue<JobData, WorkedData>(name, { connection: redis });
    const events = new QueueEvents(name, { connection: redis });
    const ignore = () => {}; // both connect again by themselves
    queue.on("error", ignore);
    events.on("error", ignore);
    const ring = ({ jobId }: { readonly jobId: string }) => bells.ring(jobId);
    events.on("completed", ring);
    events.on("failed", ring);
    connections = { queue, events };
    await events.waitUntilReady();
    timer = setInterval(() => bells.ringAll(), pollMs);
    return { queue, events };
  }
  const ready = () => {
    opened ??= open();
    return opened;
  };

  async function put(batch: string, item: BatchItem, jobId = idOf(batch, item)): Promise<Job<JobData, WorkedData>> {
    const { queue } = await ready();
    const backoff = { type: "exponential", delay: backoffMs };
    const keep = { removeOnComplete: { age: keepSeconds }, removeOnFail: { age: deadSeconds } };
    return queue.add("item", { batch, ...item }, { jobId, attempts, backoff, ...keep });
  }

  /** Puts an item and follows its job to the end. */
  async function follow(batch: string, item: BatchItem, signal: AbortSignal, bell: Bell): Promise<RowData | undefined> {
    const { queue } = await ready();
    const jobId = idOf(batch, item);
    let { timestamp } = await put(batch, item, jobId);
    let isFirstLook = true;
    for (;;) {
      const job = await queue.getJob(jobId);
      const isEarlier = isFirstLook && job?.timestamp !== timestamp; // an earlier try has put it
      isFirstLook = false;
      const state = job === undefined ? "gone" : job.finishedOn === undefined ? "open" : await job.getState();
      if (state === "completed") {
        const { graph, ...data } = job!.returnvalue;
        if (!isEarlier || !(await isOfAnotherGraph(queue, graph))) return data;
        await job!.remove();
        ({ timestamp } = await put(batch, item, jobId));
        continue;
      }
      if (state === "gone")
        return notRun(new Error("the job is gone from the queue: Redis lost it, or it was removed"));
      if (state === "failed" && !isEarlier) return failureOf(job!);
      if (state === "failed") await job!.retry("failed", { resetAttemptsMade: true });
      if (signal.aborted) {
        await job!.remove().catch(() => {}); // one that a worker has stays
        return undefined;
      }
      await bell.next();
    }
  }

  async function run(batch: string, item: BatchItem, until: AbortSignal): Promise<RowData | undefined> {
    const signal = AbortSignal.any([until]); // a signal of its own, so that listeners do not pile up on that of the batch
    const bell = bells.hang(idOf(batch, item));
    const followed = follow(batch, item, signal, bell);
    let unlisten = () => {};
    const left = new Promise<void>((resolve) => {
      unlisten = onAbort(signal, resolve);
      if (signal.aborted) resolve();
    });
    const ended = () => {
      unlisten();
      bell.close();
    };
    followed.then(ended, ended);
    const inTime = left.then(() => {
      bell.ring();
      return within(followed, pollMs); // a Redis that is away holds up no batch
    });
    return Promise.race([followed, inTime]);
  }

  return {
    name,
    run,
    add: async (batch, input, number = 1) => (await put(batch, readInput(input, number))).id!,
    deadLetters: async (most = 100) => {
      const jobs = await (await ready()).queue.getFailed(0, most - 1);
      return jobs.map(({ id, data: given, attemptsMade, ...job }) => {
        const data = (given ?? {}) as JobData; // of a job that is no item
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
      clearInterval(timer);
      if (connections === undefined) return;
      const { queue, events } = connections;
      opened = connections = undefined;
      const isAway = (await within(queue.count(), pollMs)) === undefined; // BullMQ would wait for it to come back
      await Promise.all([events, queue].map((each) => (isAway ? each.getBackend().close(true) : each.close())));
    },
  };
}

/** Names the job of an item. */
const idOf = (batch: string, item: BatchItem) => `m${keyOf(batch, item)}`;

/** True for an answer of an earlier try by another graph than the workers have now. */
async function isOfAnotherGraph(queue: Queue, graph: string | undefined): Promise<boolean> {
  const now = graph && (await graphOfWorkers(queue));
  return now !== undefined && now !== graph;
}

/** Waits so many milliseconds for a promise, whose failure then counts as no answer, too. */
async function within<Result>(promise: Promise<Result>, ms: number): Promise<Result | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([promise.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Returns how a dead letter failed; a worker that dies leaves no more than BullMQ's reason. */
function failureOf({ data, failedReason }: Pick<Job<JobData>, "data" | "failedReason">): RowData {
  const { failed, earlierCalls = [] } = data;
  const isCrash = failed === undefined || /stalled/.test(failedReason);
  if (!isCrash) return failed;
  const error = Object.assign(new Error(failedReason || "the item failed"), { name: "WorkerLostError" });
  return { ...notRun(error), calls: earlierCalls, costUsd: totalCost(earlierCalls) };
}
