import { once } from "node:events";
import { loadConfig } from "../config/index.js";
import { MissingPackageError } from "../errors/index.js";
import type { Store } from "../index.js";
import { bullWorker } from "../queue/index.js";
import { redisStore } from "../redis/index.js";
import { type ExitCode, exitCode, UsageError } from "./exit-code.js";
import { findConfig } from "./find-config.js";
import { noteWarnings } from "./open-config.js";
import { note } from "./show-answer.js";
import { openTarget, type TargetOptions } from "./target.js";
import { plural } from "./terminal/outcome-note.js";
import { nothingPaid, paidText } from "./terminal/paid.js";

export interface WorkerOptions extends TargetOptions {
  readonly config?: string;
  readonly redis?: string;
  readonly postgres?: string;
  readonly queue: string;
  readonly concurrency: number;
  /** Seconds. */
  readonly lock: number;
  /** Seconds. */
  readonly drain: number;
  readonly forgetThreads?: boolean;
}

/** Runs `multimodel worker`: answers items of a queue until Ctrl-C or SIGTERM. */
export async function worker(options: WorkerOptions): Promise<ExitCode> {
  const redis = options.redis ?? process.env.REDIS_URL;
  if (redis === undefined) throw new UsageError("give --redis redis://host:6379, or set REDIS_URL");
  const shared = await openStore(redis);
  try {
    return await work(options, redis, shared);
  } catch (error) {
    shared.end(); // it would connect again forever
    throw error;
  }
}

async function work(options: WorkerOptions, redis: string, shared: SharedStore): Promise<ExitCode> {
  const { queue: name, concurrency, lock, drain, forgetThreads = false } = options;
  const postgres = options.postgres ?? process.env.POSTGRES_URL;
  const saver = await openCheckpointer(postgres);
  const config = await loadConfig(findConfig(options.config), { store: shared.store });
  noteWarnings(config);
  const target = await openTarget(config, options, saver && { checkpointer: saver });
  const counts = { answered: 0, failed: 0, paid: nothingPaid };
  const running = await bullWorker(redis, {
    ...{ graph: target.graph, name, concurrency, lockMs: lock * 1_000, forgetThreads },
    ...(target.task !== undefined && { context: { task: target.task } }),
    onItem: ({ error, costUsd }) => {
      counts[error === undefined ? "answered" : "failed"]++;
      const { known, complete } = counts.paid;
      counts.paid = { known: known + (costUsd ?? 0), complete: complete && costUsd !== null };
    },
  });
  const stop = stopSignal();
  note(`${target.name} answers items of ${name}, ${concurrency} at once. Ctrl-C drains and stops it.`);
  await stop;
  note(
    `Stopping: items under way have ${plural(drain, "second")}, then they are handed back. Ctrl-C again ends it now.`,
  );
  const again = stopSignal().then(() => exitCode.interrupted);
  const code = await Promise.race([running.close(drain * 1_000).then(() => exitCode.done), again]);
  if (code === exitCode.interrupted)
    setImmediate(() => process.exit(code)); // despite open connections
  else await Promise.all([target.close(), shared.close(), saver?.end()]);
  note(`Stopped: ${counts.answered} answered, ${counts.failed} failed, ${paidText(counts.paid)}.`);
  return code;
}

interface SharedStore {
  readonly store: Store;
  close(): Promise<unknown>;
  /** Ends the connection, open or not. */
  end(): void;
}

/** Opens the store by which the workers share budgets and limits. */
async function openStore(url: string): Promise<SharedStore> {
  const { Redis } = await needed("A worker", ["bullmq", "ioredis"], () => import("ioredis"));
  const client = new Redis(url);
  client.on("error", () => {}); // it connects again by itself
  return { store: redisStore(client), close: () => client.quit(), end: () => client.disconnect() };
}

/** Opens the checkpointer that keeps half-done items; without one they start over when a worker dies. */
async function openCheckpointer(url: string | undefined) {
  if (url === undefined) {
    note("Without --postgres, an item whose worker dies starts over, and is paid again.");
    return undefined;
  }
  const name = "@langchain/langgraph-checkpoint-postgres";
  const { PostgresSaver } = await needed(
    "--postgres",
    [name],
    () => import("@langchain/langgraph-checkpoint-postgres"),
  );
  const saver = PostgresSaver.fromConnString(url);
  for (let attempt = 1; ; attempt++) {
    try {
      await saver.setup();
      return saver;
    } catch (error) {
      if (attempt === 5 || !racing.has((error as { code?: string }).code ?? "")) throw error;
    }
  }
}

/** Codes of Postgres when several workers make the tables at once: unique_violation, duplicate_table, duplicate_column. */
const racing = new Set(["23505", "42P07", "42701"]);

async function needed<Module>(by: string, packages: readonly string[], load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    throw new MissingPackageError(by, packages, error);
  }
}

async function stopSignal(): Promise<void> {
  const listening = new AbortController();
  const { signal } = listening;
  await Promise.race([once(process, "SIGINT", { signal }), once(process, "SIGTERM", { signal })]).finally(() =>
    listening.abort(),
  );
}
