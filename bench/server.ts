// What the endpoint costs over a direct call, and what is left behind when a fifth of the calls fail and clients go away.
//   npm run bench:server                     about 3 minutes
//   npm run bench:server -- --requests 2000  a shorter soak
import { type ChildProcess, fork } from "node:child_process";
import { cpus, loadavg } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { startUpstream } from "./processes.js";
import type { ServerReady, ServerState } from "./server-protocol.js";
import { soak } from "./server-soak.js";
import { shuffled } from "./statistics.js";

const { values } = parseArgs({
  options: { requests: { type: "string", default: "10000" }, seconds: { type: "string", default: "10" } },
});
const upstream = await startUpstream();
const child = fork(fileURLToPath(new URL("./server-worker.ts", import.meta.url)), [String(upstream.port)], {
  execArgv: [...process.execArgv, "--expose-gc"],
});
const { port } = await told<ServerReady>(child);

/** Who is asked, from the nearest to the one measured. */
const contenders = {
  "the upstream itself": { url: `http://127.0.0.1:${upstream.port}/v1/chat/completions`, model: "gpt-4o-mini" },
  "Hono and ChatOpenAI by hand": { url: `http://127.0.0.1:${port}/by-hand/chat/completions`, model: "by-hand" },
  "a model of createApp": { url: `http://127.0.0.1:${port}/v1/chat/completions`, model: "plain" },
};
type Contender = keyof typeof contenders;
const names = Object.keys(contenders) as Contender[];

console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)}\n`);
console.log("ms a request                                          p50     p99   over the upstream: p50     p99");
for (const stream of [false, true]) {
  for (const concurrency of [1, 64]) await compare(stream, concurrency);
}
await leftBehind(Number(values.requests));
child.disconnect();
upstream.end();

/** Measures all contenders in turns of one block each, in an order that is new each time. */
async function compare(stream: boolean, concurrency: number): Promise<void> {
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Contender, number[]>;
  const block = concurrency * 4;
  const end = performance.now() + Number(values.seconds) * 1_000;
  for (let round = 0; round < 8 || performance.now() < end; round++) {
    for (const name of shuffled(names)) {
      const taken = await measureBlock(name, stream, concurrency, block);
      if (round >= 3) times[name].push(...taken); // the first rounds compile
    }
  }
  const [direct] = names.map((name) => percentiles(times[name]));
  for (const name of names) {
    const { p50, p99 } = percentiles(times[name]);
    const what = `${stream ? "stream" : "plain"}, ${concurrency} at once: ${name}`;
    const over =
      name === names[0]
        ? ""
        : `${(p50 / direct!.p50).toFixed(2).padStart(24)} x ${(p99 / direct!.p99).toFixed(2).padStart(5)} x`;
    console.log(`${what.padEnd(50)} ${p50.toFixed(2).padStart(7)} ${p99.toFixed(2).padStart(7)} ${over}`);
  }
}

async function measureBlock(
  name: Contender,
  stream: boolean,
  concurrency: number,
  requests: number,
): Promise<number[]> {
  const { url, model } = contenders[name];
  const body = JSON.stringify({ model, stream, messages: [{ role: "user", content: "Hi" }] });
  const times: number[] = [];
  let left = requests;
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

/** Runs the soak once to warm up, and once to see what stays behind. */
async function leftBehind(requests: number): Promise<void> {
  const url = `http://127.0.0.1:${port}/v1/chat/completions`;
  await soak(url, Math.ceil(requests / 5));
  const before = await settled();
  const started = performance.now();
  const { answered, failed, left, wrong } = await soak(url, requests);
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
}

/** What the server holds once idle connections, kept for the next request, have been given up by both sides. */
async function settled(): Promise<ServerState> {
  await sleep(12_000);
  child.send("state");
  return told<ServerState>(child);
}

function told<Message>(from: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    from.once("message", (message) => resolve(message as Message));
    from.once("exit", (code) => reject(new Error(`The server ended with code ${code}`)));
  });
}
