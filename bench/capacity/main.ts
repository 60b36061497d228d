// What a run costs in CPU, memory, Redis and Postgres, and what a rate of runs needs by it.
//   npm run bench:capacity                prints inputs, check and arithmetic
//   npm run bench:capacity -- --record    also keeps them in inputs.json and docs/production.md
//   npm run bench:capacity -- --print     arithmetic of the recorded inputs, without measuring
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { parseArgs } from "node:util";
import { noPostgres, startPostgres } from "../../test/support/postgres.js";
import { noRedis, startRedis } from "../../test/support/redis.js";
import { capacityText, type Inputs, lineThrough } from "./arithmetic.js";
import { cpuOfRun, heapInFlight, queued, redisOfShared } from "./measure.js";
import { startSlowUpstream } from "./start-slow-upstream.js";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "400" },
    record: { type: "boolean", default: false },
    print: { type: "boolean", default: false },
  },
});
const file = new URL("./inputs.json", import.meta.url);
const page = new URL("../../docs/production.md", import.meta.url);

async function measured(runs: number): Promise<Inputs> {
  const missing = noRedis ?? noPostgres;
  if (missing !== undefined) throw new Error(missing);
  await using redis = await startRedis();
  await using postgres = await startPostgres();
  using upstream = await startSlowUpstream();
  const cpu: number[] = [];
  const shared: number[] = [];
  const items: Awaited<ReturnType<typeof queued>>[] = [];
  const heap: number[] = [];
  await queued({ baseUrl: upstream.baseUrl, redis: redis.url, postgres: postgres.url, calls: 1, runs: 50 }); // compiles, and makes the tables
  for (const calls of [1, 4, 2]) {
    cpu.push(await cpuOfRun(upstream.baseUrl, calls, runs));
    shared.push(await redisOfShared(upstream.baseUrl, redis.url, calls, runs));
    items.push(await queued({ baseUrl: upstream.baseUrl, redis: redis.url, postgres: postgres.url, calls, runs }));
  }
  await heapInFlight(upstream, 500);
  for (const inFlight of [500, 2_000, 1_000]) heap.push(await heapInFlight(upstream, inFlight));
  const line = ([one, four, two]: readonly number[]) => lineThrough([1, one!], [4, four!], two!);
  const of = (name: keyof (typeof items)[number]) => line(items.map((item) => item[name]));
  return {
    date: new Date().toISOString().slice(0, 10),
    load: Math.round(loadavg()[0]!),
    cores: availableParallelism(),
    cpuMs: line(cpu),
    workerCpuMs: of("cpuMs"),
    redisQueue: of("redisCommands"),
    redisCpuMs: of("redisCpuMs"),
    redisShared: line(shared),
    postgres: of("transactions"),
    postgresKb: of("diskKb"),
    heapKb: lineThrough([500, heap[0]!], [2_000, heap[1]!], heap[2]!),
  };
}

const inputs = values.print ? (JSON.parse(readFileSync(file, "utf8")) as Inputs) : await measured(Number(values.runs));
const text = capacityText(inputs);
console.log(text);
if (values.record) {
  writeFileSync(file, `${JSON.stringify(inputs, undefined, 2)}\n`);
  const [before, , after] = readFileSync(page, "utf8").split(/^<!-- (?:capacity|end of capacity) -->$/m);
  writeFileSync(page, `${before}<!-- capacity -->\n${text}\n<!-- end of capacity -->${after}`);
}
process.exit(); // despite sockets that clients keep open
