// One contender in a process of its own: asks all questions, and reports what it got and what stays behind.
import { setTimeout as sleep } from "node:timers/promises";
import { contenders } from "./contenders.js";
import { type Got, judge, type Outcome, type Urls } from "./protocol.js";

interface Task {
  readonly name: string;
  readonly urls: Urls;
  readonly requests: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
}

const task: Task = JSON.parse(process.argv[2]!);
let rejections = 0;
let warnings = 0;
process.on("unhandledRejection", () => rejections++);
process.on("warning", () => warnings++);
for (const method of ["error", "warn", "log"] as const) console[method] = () => {};

const ask = await contenders[task.name]!(task.urls, task);
await askAll(1_000_000, Math.max(task.concurrency * 4, 100)); // compiles, and opens connections
const before = await remains();
rejections = 0;
const started = performance.now();
const got = await askAll(0, task.requests);
const seconds = (performance.now() - started) / 1_000;
const after = await remains();
process.send!({
  ...{ got, seconds, rejections, warnings },
  handles: after.handles - before.handles,
  heapMb: (after.heap - before.heap) / 2 ** 20,
} satisfies Outcome);
process.disconnect();
process.exit();

async function askAll(from: number, count: number): Promise<Got[]> {
  const all: Got[] = [];
  let next = from;
  const lane = async () => {
    while (next < from + count) all.push(await askOne(next++));
  };
  await Promise.all(Array.from({ length: task.concurrency }, lane));
  return all;
}

async function askOne(question: number): Promise<Got> {
  const patience = new AbortController();
  const never = sleep(task.timeoutMs * 12, "never" as const, { signal: patience.signal }).catch(() => "never" as const);
  try {
    const reply = await Promise.race([ask(`Question ${question}: what is it?`), never]);
    if (reply === "never") return { question, verdict: "never ended" };
    const { text, error, lines, timeouts } = reply;
    const verdict = error === undefined ? judge(text ?? "", question) : text ? "cut" : "failed";
    return { question, verdict, ...(lines === undefined ? {} : { lines, timeouts: timeouts ?? 0 }) };
  } catch {
    return { question, verdict: "failed" };
  } finally {
    patience.abort();
  }
}

/** Waits until connections and timers of ended requests are gone, or twenty seconds. */
async function remains() {
  let handles = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 20; round++) {
    await sleep(1_000);
    globalThis.gc?.();
    const now = process.getActiveResourcesInfo().length;
    if (now >= handles && round > 6) break; // kept connections are closed after some seconds
    handles = now;
  }
  globalThis.gc?.();
  return { handles, heap: process.memoryUsage().heapUsed };
}
