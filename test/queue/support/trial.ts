import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type BatchRow, runBatch } from "../../../src/index.js";
import { bullQueue } from "../../../src/queue/index.js";
import { startLoopbackServer } from "../../../src/testing/index.js";

const main = fileURLToPath(new URL("../../../dist/esm/cli/main.js", import.meta.url));

/** How many items, by how many workers, and which of them die. */
export interface TrialOptions {
  readonly redis: string;
  readonly postgres: string;
  readonly items: number;
  readonly workers: number;
  readonly concurrency: number;
  /** Milliseconds that a call takes. */
  readonly delayMs: number;
  /** Milliseconds between two kills. @default none of these */
  readonly killEveryMs?: number;
  /** Number of the request at which one worker is killed. @default none */
  readonly killAtRequest?: number;
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
  const { redis, postgres, items, workers, concurrency, delayMs, killEveryMs, killAtRequest } = options;
  const { lockSeconds, queue: name } = options;
  let requests = 0;
  let kills = 0;
  let killNow = () => {};
  const server = await startLoopbackServer({
    reply: ({ model }) => {
      const number = ++requests;
      if (number === killAtRequest) killNow();
      return { text: `${model} ${number}`, usage: { inputTokens: number, outputTokens: 1 }, delayMs };
    },
  });
  const folder = mkdtempSync(join(tmpdir(), "workers-"));
  const model = (id: string) =>
    `  ${id}: { provider: openai, model: ${id}, baseUrl: "${server.openaiUrl}", apiKey: test }`;
  const graph = `graphs:\n  edited: { pattern: pipeline, stages: { draft: draft, edit: edit } }`;
  writeFileSync(join(folder, "models.yaml"), ["models:", ...stages.map(model), graph, ""].join("\n"));
  const given = [
    "--graph",
    "edited",
    "--redis",
    redis,
    "--postgres",
    postgres,
    "--queue",
    name,
    "--lock",
    `${lockSeconds}`,
  ];
  const start = async () => {
    const child = spawn(process.execPath, [main, "worker", ...given, "-c", `${concurrency}`], {
      ...{ cwd: folder, stdio: ["ignore", "ignore", "pipe"] },
    });
    const said: string[] = [];
    for await (const line of createInterface({ input: child.stderr! })) {
      said.push(line);
      if (line.includes("answers items of")) break;
    }
    if (child.exitCode !== null || !said.at(-1)?.includes("answers items of")) throw new Error(said.join("\n"));
    child.stderr!.resume();
    return child;
  };
  const running: ChildProcess[] = await Promise.all(Array.from({ length: workers }, start));
  const queue = bullQueue(redis, { name, pollMs: 1_000 });
  const starting: Promise<unknown>[] = [];
  killNow = () => {
    kills++;
    running.shift()!.kill("SIGKILL");
    starting.push(start().then((child) => running.push(child)));
  };
  const timer = killEveryMs === undefined ? undefined : setInterval(() => running.length > 1 && killNow(), killEveryMs);
  const rows: BatchRow[] = [];
  const inputs = Array.from({ length: items }, (_, index) => ({ id: index, prompt: `Item ${index}` }));
  const started = performance.now();
  try {
    for await (const row of runBatch({ queue, inputs, name: `batch of ${name}`, concurrency: 400 })) rows.push(row);
    const seconds = (performance.now() - started) / 1_000;
    const okOf = ({ calls, earlierCalls = [] }: BatchRow) =>
      [...earlierCalls, ...calls].filter(({ status }) => status === "ok");
    const paidTwice = rows.filter((row) => okOf(row).length > stages.length).map(({ id }) => id);
    const inLedgers = new Set(rows.flatMap((row) => okOf(row).map(({ usage }) => usage?.inputTokens)));
    return { rows, requests, paidTwice, lost: requests - inLedgers.size, kills, seconds };
  } finally {
    clearInterval(timer);
    await Promise.allSettled(starting);
    await queue.close();
    await Promise.all(running.map(stop));
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Ends a worker as an operator does: it drains and closes its connections. */
async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}
