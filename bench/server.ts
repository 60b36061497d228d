// What the endpoint costs over a direct call, and what is left behind when a fifth of the calls fail and clients go away.
//   npm run bench:server                     about 4 minutes
//   npm run bench:server -- --requests 2000  a shorter soak
import { type ChildProcess, fork } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startUpstream } from "./processes.js";
import type { ServerQuestion, ServerReady, ServerState, SoakResult, SoakTask } from "./server-protocol.js";
import { shuffled } from "./statistics.js";

const { values } = parseArgs({
  options: { requests: { type: "string", default: "10000" }, seconds: { type: "string", default: "10" } },
});
const upstream = await startUpstream();
const faulty = start("./server-faults.ts");
const { url: faultyUrl } = await told<ServerReady>(faulty);
const child = start("./server-worker.ts", String(upstream.port), faultyUrl);
const { url: server } = await told<ServerReady>(child);

const messages = [{ role: "user", content: "Hi" }];
/** Who is asked, from the nearest to the one measured. */
const contenders = {
  "the upstream itself": {
    url: `http://127.0.0.1:${upstream.port}/v1/chat/completions`,
    body: { model: "gpt-4o-mini", messages },
  },
  "Hono and ChatOpenAI by hand": { url: `${server}/by-hand/chat/completions`, body: { model: "by-hand", messages } },
  "the same graph in process": { url: `${server}/in-process/chat/completions`, body: { model: "plain", messages } },
  "a model of createApp": { url: `${server}/v1/chat/completions`, body: { model: "plain", messages } },
  "the same as messages": { url: `${server}/v1/messages`, body: { model: "plain", max_tokens: 1_000, messages } },
  "the same as responses": { url: `${server}/v1/responses`, body: { model: "plain", input: "Hi", store: false } },
};
/** Bars of the ratio of the server's CPU: one contender over another. */
const ratios = [
  ["a model of createApp", "the same graph in process", 1.3],
  ["the same as messages", "a model of createApp", 1.1],
  ["the same as responses", "a model of createApp", 1.1],
] as const;
type Contender = keyof typeof contenders;
const names = Object.keys(contenders) as Contender[];

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)}\n`);
console.log(`${"".padEnd(50)} ms a request        over the upstream   ms CPU of`);
console.log(`${"".padEnd(50)}     p50     p99       p50       p99   the server`);
for (const stream of [false, true]) {
  for (const concurrency of [1, 64]) await compare(stream, concurrency);
}
const missed = await leftBehind(Number(values.requests));
for (const bar of missed) console.error(`The bar is missed: ${bar}`);
process.exitCode = missed.length === 0 ? 0 : 1;
child.disconnect();
faulty.disconnect();
upstream.end();

/** What a contender took: ms of each request, and the server's CPU for all of them. */
interface Taken {
  readonly times: number[];
  cpuMs: number;
}

/** Measures all contenders in turns of one block each, in an order that is new each time. */
async function compare(stream: boolean, concurrency: number): Promise<void> {
  const taken = Object.fromEntries(names.map((name) => [name, { times: [], cpuMs: 0 }])) as unknown as Record<
    Contender,
    Taken
  >;
  const end = performance.now() + Number(values.seconds) * 1_000;
  for (let round = 0; round < 8 || performance.now() < end; round++) {
    for (const name of shuffled(names)) {
      const before = await asked<number>("cpu");
      const times = await measureBlock(name, stream, concurrency);
      if (round < 3) continue; // the first rounds compile
      taken[name].times.push(...times);
      taken[name].cpuMs += (await asked<number>("cpu")) - before;
    }
  }
  const direct = percentiles(taken[names[0]!].times);
  for (const name of names) {
    const { times, cpuMs } = taken[name];
    const { p50, p99 } = percentiles(times);
    const what = `${stream ? "stream" : "plain"}, ${concurrency} at once: ${name}`;
    const cells = [p50.toFixed(2).padStart(7), p99.toFixed(2).padStart(7)];
    if (name !== names[0]) {
      cells.push(`${(p50 / direct.p50).toFixed(2)} x`.padStart(9), `${(p99 / direct.p99).toFixed(2)} x`.padStart(9));
      cells.push((cpuMs / times.length).toFixed(2).padStart(12));
    }
    console.log(`${what.padEnd(50)} ${cells.join(" ")}`);
  }
  const cpu = (name: Contender) => taken[name].cpuMs / taken[name].times.length;
  for (const [one, other, bar] of ratios) {
    console.log(`  CPU of ${one} over ${other}: ${(cpu(one) / cpu(other)).toFixed(2)} x (bar: ${bar})`);
  }
}

/** Four rounds of requests, so many at once. */
async function measureBlock(name: Contender, stream: boolean, concurrency: number): Promise<number[]> {
  const { url, body: asked } = contenders[name];
  const body = JSON.stringify({ ...asked, stream });
  const times: number[] = [];
  let left = concurrency * 4;
  const lane = async () => {
    while (left-- > 0) {
      const started = performance.now();
      const reply = await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body });
      const text = await reply.text();
      times.push(performance.now() - started);
      if (!reply.ok || !text.includes("scripted")) throw new Error(`${name} answered ${reply.status}: ${text}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
  return times;
}

function percentiles(times: readonly number[]) {
  const sorted = [...times].sort((one, other) => one - other);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return { p50: at(0.5), p99: at(0.99) };
}

/**
 * Runs the soak once to warm up, and once to see what stays behind.
 *
 * @returns the bars that are missed
 */
async function leftBehind(requests: number): Promise<string[]> {
  await soak(Math.ceil(requests / 2));
  const before = await settled();
  const started = performance.now();
  const { answered, failed, left, wrong } = await soak(requests);
  const seconds = (performance.now() - started) / 1_000;
  const after = await settled();
  console.log(
    `\n${requests} requests in ${seconds.toFixed(0)} s, 64 at once: ${answered} answered, ${failed} ended in an error of OpenAI's shape, ${left} clients went away, ${wrong.length} anything else (bar: 0)`,
  );
  for (const what of new Set(wrong)) console.log(`  ${what}`);
  const line = (title: string, read: (state: ServerState) => string, bar: string) =>
    console.log(
      `${title.padEnd(22)} before ${read(before).padStart(6)}   after ${read(after).padStart(6)}   (bar: ${bar})`,
    );
  line("open sockets", ({ sockets }) => String(sockets), "none more");
  line("timers", ({ timers }) => String(timers), "none more");
  line("heap, collected, MB", ({ heapMb }) => heapMb.toFixed(1), "1 MB more at most");
  const bars = {
    "no request ends in anything else": wrong.length === 0,
    "no socket stays": after.sockets <= before.sockets,
    "no timer stays": after.timers <= before.timers,
    "the heap is at most 1 MB larger": after.heapMb - before.heapMb <= 1,
  };
  return Object.entries(bars).flatMap(([bar, held]) => (held ? [] : [bar]));
}

function soak(requests: number): Promise<SoakResult> {
  const clients = start("./server-soak.ts");
  clients.send({ url: `${server}/v1/chat/completions`, requests } satisfies SoakTask);
  return told<SoakResult>(clients);
}

/** What the server holds once the connections to its provider, kept for the next request, have been given up. */
async function settled(): Promise<ServerState> {
  await sleep(12_000);
  return asked<ServerState>("state");
}

function asked<Answer>(question: ServerQuestion): Promise<Answer> {
  const answer = told<Answer>(child);
  child.send(question);
  return answer;
}

function start(file: string, ...args: readonly string[]): ChildProcess {
  return fork(fileURLToPath(new URL(file, import.meta.url)), args, { execArgv: [...process.execArgv, "--expose-gc"] });
}

function told<Message>(from: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`The server ended with code ${code}`));
    from.once("exit", ended);
    from.once("message", (message) => {
      from.off("exit", ended);
      resolve(message as Message);
    });
  });
}
