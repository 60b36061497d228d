// Many runs that wait at once: 10,000 runs of a router over real sockets to an upstream that takes a second, in one process.
//   npx tsx bench/in-flight.ts
//   npx tsx bench/in-flight.ts --runs 1000
// Ends with 1 where a run fails, or above 1.5 GB or 100 ms of event-loop delay (p99).
import { fork } from "node:child_process";
import { cpus } from "node:os";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ChatOpenAI } from "@langchain/openai";
import { createRouter, runBatch } from "langgraph-multimodel";

const { values } = parseArgs({ options: { runs: { type: "string", default: "10000" } } });
const runs = Number(values.runs);
const child = fork(fileURLToPath(new URL("./slow-upstream.ts", import.meta.url)), { execArgv: process.execArgv });
const { port } = await new Promise<{ port: number }>((resolve) =>
  child.once("message", (said) => resolve(said as { port: number })),
);
const configuration = { baseURL: `http://127.0.0.1:${port}/v1` };
const model = (name: string) => new ChatOpenAI({ model: name, apiKey: "none", configuration, maxRetries: 0 });
const graph = createRouter({
  models: { chat: model("ms-1000-chat"), code: model("ms-1000-code") },
  route: () => "chat",
});

for await (const _ of runBatch({ graph, inputs: Array.from({ length: 50 }, (_, id) => `number ${id}`) })); // warms up

const delay = monitorEventLoopDelay({ resolution: 1 });
let peak = 0;
const meter = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 50);
delay.enable();
const started = performance.now();
const cpu = process.cpuUsage();
let right = 0;
const inputs = Array.from({ length: runs }, (_, id) => ({ id, prompt: `Say number ${id}` }));
for await (const { id, text } of runBatch({ graph, inputs, concurrency: runs })) {
  if (text === `the answer is ${id}`) right++;
}
const seconds = (performance.now() - started) / 1_000;
const { user, system } = process.cpuUsage(cpu);
delay.disable();
clearInterval(meter);
child.kill();

const p99 = delay.percentile(99) / 1e6;
console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]!.model}\n`);
console.log(`${runs} runs in flight, upstream of 1 s: ${right} right, ${seconds.toFixed(1)} s`);
console.log(`CPU                 ${((user + system) / 1_000 / runs).toFixed(2)} ms a run`);
console.log(`memory, peak        ${(peak / 1e6).toFixed(0)} MB of the process (bar: 1500)`);
console.log(`event-loop delay    ${p99.toFixed(0)} ms p99 (bar: 100), ${(delay.max / 1e6).toFixed(0)} ms at most`);
if (right < runs || peak > 1.5e9 || p99 > 100) process.exitCode = 1;
