import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { ChatOpenAI } from "@langchain/openai";
import { Redis } from "ioredis";
import { budget, createPipeline, type ModelEntry, runBatch } from "langgraph-multimodel";
import { bullQueue, bullWorker } from "langgraph-multimodel/queue";
import { redisStore } from "langgraph-multimodel/redis";
import type { SlowUpstream } from "./start-slow-upstream.js";

const model = (baseURL: string, delayMs: number) =>
  new ChatOpenAI({ model: `ms-${delayMs}`, apiKey: "none", maxRetries: 0, maxTokens: 100, configuration: { baseURL } });

/** A pipeline of as many calls; one client for all stages. */
function pipeline(baseUrl: string, calls: number, entry: Partial<ModelEntry> = {}, delayMs = 20) {
  const stage = { model: model(baseUrl, delayMs), price: { input: 1, output: 1 }, retry: false, ...entry } as const;
  return createPipeline({ stages: Object.fromEntries(Array.from({ length: calls }, (_, at) => [`s${at}`, stage])) });
}

const prompts = (runs: number) => Array.from({ length: runs }, (_, at) => `number ${at}`);

/** Answers prompts; throws when one has no answer, since its figures would be of something else. */
async function answer(graph: ReturnType<typeof pipeline>, runs: number): Promise<void> {
  for await (const { error } of runBatch({ graph, inputs: prompts(runs), concurrency: 64 }))
    if (error !== undefined) throw new Error(error.message);
}

/** Returns milliseconds of CPU since `before`, for each of `runs`. */
function cpuSince(before: NodeJS.CpuUsage, runs: number): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000 / runs;
}

/** Measures milliseconds of CPU of a run: the least of three rounds, since noise only adds. */
export async function cpuOfRun(baseUrl: string, calls: number, runs: number): Promise<number> {
  const graph = pipeline(baseUrl, calls);
  await answer(graph, runs);
  const rounds: number[] = [];
  for (let left = 3; left > 0; left--) {
    globalThis.gc?.();
    const before = process.cpuUsage();
    await answer(graph, runs);
    rounds.push(cpuSince(before, runs));
  }
  return Math.min(...rounds);
}

/** Measures commands of Redis of a run whose calls are under a shared limit and a shared budget. */
export async function redisOfShared(baseUrl: string, url: string, calls: number, runs: number): Promise<number> {
  const client = new Redis(url);
  const store = redisStore(client, { patienceMs: 60_000 }); // waits on a busy machine, too
  const entry = {
    limit: { requestsPerMinute: 1e9, key: `limit of ${calls}`, store },
    budget: budget({ usd: 1e6, per: "day", name: `day of ${calls}`, store }),
  };
  const watch = new Redis(url);
  await answer(pipeline(baseUrl, calls, entry), 20);
  const before = await redisUse(watch);
  await answer(pipeline(baseUrl, calls, entry), runs);
  const used = (await redisUse(watch)).commands - before.commands;
  await Promise.all([client.quit(), watch.quit()]);
  return used / runs;
}

/** What items of a queue are measured with. */
export interface QueuedOptions {
  readonly baseUrl: string;
  readonly redis: string;
  readonly postgres: string;
  readonly calls: number;
  readonly runs: number;
}

/** Measures one worker over a queue that is full: what an item costs it, Redis and Postgres. The producer's part is not counted. */
export async function queued({ baseUrl, redis, postgres, calls, runs }: QueuedOptions) {
  const name = `capacity-${calls}-${crypto.randomUUID()}`; // threads of its own: an item that is done costs nothing
  const queue = bullQueue(redis, { name });
  await Promise.all(prompts(runs).map((prompt, at) => queue.add(name, { id: at, prompt })));
  await queue.close();
  const tables = PostgresSaver.fromConnString(postgres);
  await tables.setup();
  await tables.end();
  const checkpointer = PostgresSaver.fromConnString(postgres);
  const [watch, pool] = [new Redis(redis), poolOf(PostgresSaver.fromConnString(postgres))];
  const [redisBefore, postgresBefore] = [await redisUse(watch), await postgresUse(pool)];
  const cpuBefore = process.cpuUsage();
  let left = runs;
  let worker: Awaited<ReturnType<typeof bullWorker>> | undefined;
  await new Promise<void>((resolve, reject) => {
    const onItem = ({ error }: { readonly error?: { readonly message: string } }) => {
      if (error !== undefined) reject(new Error(error.message));
      else if (--left === 0) resolve();
    };
    const graph = pipeline(baseUrl, calls);
    bullWorker(redis, { graph, name, checkpointer, concurrency: 64, onItem }).then((started) => {
      worker = started;
    }, reject);
  });
  await worker?.close();
  const cpuMs = cpuSince(cpuBefore, runs);
  await checkpointer.end(); // connections have reported all they did once they end
  const [redisAfter, postgresAfter] = [await redisUse(watch), await postgresUse(pool)];
  await Promise.all([watch.quit(), pool.end()]);
  return {
    cpuMs,
    redisCommands: (redisAfter.commands - redisBefore.commands) / runs,
    redisCpuMs: (redisAfter.cpuMs - redisBefore.cpuMs) / runs,
    transactions: (postgresAfter.transactions - postgresBefore.transactions) / runs,
    diskKb: (postgresAfter.bytes - postgresBefore.bytes) / 1_000 / runs,
  };
}

/** Measures KB of heap of as many runs in flight, after a collection. */
export async function heapInFlight({ baseUrl, seen }: SlowUpstream, inFlight: number): Promise<number> {
  const graph = pipeline(baseUrl, 1, {}, 600_000).compile();
  const ending = new AbortController();
  await seen();
  const before = heapKb();
  const runs = prompts(inFlight).map((messages) =>
    graph.invoke({ messages }, { signal: AbortSignal.any([ending.signal]) }),
  );
  const ended = Promise.allSettled(runs);
  for (let arrived = 0; arrived < inFlight; ) arrived += (await seen()).requests;
  const used = heapKb() - before;
  ending.abort();
  await ended;
  return used;
}

function heapKb(): number {
  if (globalThis.gc === undefined) throw new Error("Start it with --expose-gc, as npm run bench:capacity does.");
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_000;
}

/** Reads what Redis did since it started; commands within scripts count. */
async function redisUse(client: Redis): Promise<{ readonly commands: number; readonly cpuMs: number }> {
  const [stats, cpu] = await Promise.all([client.info("commandstats"), client.info("cpu")]);
  const commands = [...stats.matchAll(/^cmdstat_(?!info)[^:]+:calls=(\d+)/gm)].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
  const seconds = [...cpu.matchAll(/^used_cpu_(?:sys|user):([\d.]+)/gm)].reduce((sum, [, n]) => sum + Number(n), 0);
  return { commands, cpuMs: seconds * 1_000 };
}

/** Connections of `pg`, which comes with the saver. */
interface Pool {
  query(text: string): Promise<{ readonly rows: readonly Readonly<Record<string, string>>[] }>;
  end(): Promise<void>;
}

/** Returns the saver's own connections, so that `pg` need not be installed beside it. */
function poolOf(saver: PostgresSaver): Pool {
  return (saver as unknown as { readonly pool: Pool }).pool;
}

/** Reads what Postgres did since it started. */
async function postgresUse(pool: Pool): Promise<{ readonly transactions: number; readonly bytes: number }> {
  const { rows } = await pool.query(
    "select xact_commit + xact_rollback as transactions, pg_database_size(datname) as bytes from pg_stat_database where datname = current_database()",
  );
  const [row] = rows;
  return { transactions: Number(row?.transactions), bytes: Number(row?.bytes) };
}
