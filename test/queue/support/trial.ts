import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BatchRow, runBatch } from "../../../src/index.js";
import { bullQueue } from "../../../src/queue/index.js";
import { startLoopbackServer } from "../../../src/testing/index.js";
import { startWorker } from "./worker-process.js";

/** How many items, by how many workers, and which of them die. */
export interface TrialOptions {
  readonly redis: string;
  readonly postgres: string;
  readonly items: number;
  readonly workers: number;
  readonly concurrency: number;
  /** Milliseconds that a call takes. */
  readonly delayMs: number;
  /** Requests between two kills; the next one waits until the worker in place of the last one answers. @default no kills */
  readonly killEvery?: number;
  /** Most kills. @default no limit */
  readonly mostKills?: number;
  /** Minutes after which the trial fails. @default no limit */
  readonly minutes?: number;
  /** Seconds after which items of a worker that died are given to another. */
  readonly lockSeconds: number;
  /** Name of the queue. */
  readonly queue: string;
}

/** What a trial showed. */
export interface TrialResult {
  readonly rows: readonly BatchRow[];
  /** Requests that the upstream answered or had begun to answer. */
  readonly requests: number;
  /** Items with two lines of one stage in their ledger: calls that were saved and paid again. */
  readonly paidTwice: readonly (string | number)[];
  /** Requests in no ledger: they were under way, or answered and not saved yet, when their worker died. */
  readonly lost: number;
  readonly kills: number;
  readonly seconds: number;
}

const stages = ["draft", "edit"];

/** Lets processes of `multimodel worker` answer items in two stages, kills some of them, and starts others in their place. */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const { redis, postgres, items, workers, concurrency, delayMs, lockSeconds, queue: name } = options;
  const { killEvery = Number.POSITIVE_INFINITY, mostKills = Number.POSITIVE_INFINITY, minutes } = options;
  const failed = new AbortController();
  let requests = 0;
  let kills = 0;
  let nextKill = killEvery;
  let kill = () => {};
  const server = await startLoopbackServer({
    reply: ({ model }) => {
      const number = ++requests;
      if (number >= nextKill && kills < mostKills) kill();
      return { text: `${model} ${number}`, usage: { inputTokens: number, outputTokens: 1 }, delayMs };
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "workers-"));
  const model = (id: string) =>
    `  ${id}: { provider: openai, model: ${id}, baseUrl: "${server.openaiUrl}", apiKey: test }`;
  const graph = `graphs:\n  edited: { pattern: pipeline, stages: { draft: draft, edit: edit } }`;
  writeFileSync(join(folder, "models.yaml"), ["models:", ...stages.map(model), graph, ""].join("\n"));
  const addresses = ["--redis", redis, "--postgres", postgres];
  const given = ["--graph", "edited", ...addresses, "--queue", name, "--lock", `${lockSeconds}`];
  const start = () => startWorker(folder, [...given, "-c", `${concurrency}`]);
  const running = await Promise.all(Array.from({ length: workers }, start));
  const queue = bullQueue(redis, { name });
  let replaced: Promise<unknown> = Promise.resolve();
  kill = () => {
    kills++;
    nextKill = Number.POSITIVE_INFINITY;
    running.shift()!.child.kill("SIGKILL");
    replaced = start().then(
      (worker) => {
        running.push(worker);
        nextKill = requests + killEvery;
      },
      (error: unknown) => failed.abort(error),
    );
  };
  const limits = minutes === undefined ? [] : [AbortSignal.timeout(minutes * 60_000)];
  const signal = AbortSignal.any([failed.signal, ...limits]);
  const rows: BatchRow[] = [];
  const inputs = Array.from({ length: items }, (_, index) => ({ id: index, prompt: `Item ${index}` }));
  const started = performance.now();
  try {
    const batch = runBatch({ queue, inputs, signal, name: `batch of ${name}`, concurrency: 400 });
    for await (const row of batch) rows.push(row);
    const seconds = (performance.now() - started) / 1_000;
    const okOf = ({ calls, earlierCalls = [] }: BatchRow) =>
      [...earlierCalls, ...calls].filter(({ status }) => status === "ok");
    const paidTwice = rows.filter((row) => okOf(row).length > stages.length).map(({ id }) => id);
    const inLedgers = new Set(rows.flatMap((row) => okOf(row).map(({ usage }) => usage?.inputTokens)));
    return { rows, requests, paidTwice, lost: requests - inLedgers.size, kills, seconds };
  } finally {
    nextKill = Number.POSITIVE_INFINITY;
    await replaced;
    await queue.close();
    await Promise.all(running.map((worker) => worker.stop()));
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
