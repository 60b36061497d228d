// Answers items by worker processes, some of which are killed: npm run test:workers -- --items 2000 --kill-every 200
import { loadavg } from "node:os";
import { parseArgs } from "node:util";
import type { BatchRow } from "../../../src/index.js";
import { noPostgres, startPostgres } from "../../support/postgres.js";
import { noRedis, startRedis } from "../../support/redis.js";
import { runTrial } from "../support/trial.js";

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "2000" },
    "kill-every": { type: "string", default: "200" },
    minutes: { type: "string", default: "20" },
    concurrency: { type: "string", default: "16" },
    delay: { type: "string", default: "200" },
    lock: { type: "string", default: "5" },
    throughput: { type: "string", default: "400" },
  },
});
const missing = noRedis ?? noPostgres;
if (missing !== undefined) throw new Error(missing);
await using redis = await startRedis();
await using postgres = await startPostgres();
const shared = {
  ...{ redis: redis.url, postgres: postgres.url },
  ...{ concurrency: Number(values.concurrency), delayMs: Number(values.delay), lockSeconds: Number(values.lock) },
  minutes: Number(values.minutes),
};
let failed = false;
const load = () => `load ${loadavg()[0]!.toFixed(0)}`;
const reasonsOf = (rows: readonly BatchRow[]) => [...new Set(rows.flatMap(({ error }) => error?.message ?? []))];

for (const workers of [1, 2, 4]) {
  const items = Number(values.throughput);
  const { rows, requests, seconds } = await runTrial({ ...shared, items, workers, queue: `free-${workers}` });
  const rate = (items / seconds).toFixed(1);
  console.log(
    `${workers} worker(s): ${rows.length} items, ${requests} calls, ${seconds.toFixed(1)} s, ${rate} items/s, ${load()}`,
    ...reasonsOf(rows),
  );
  failed ||= rows.length !== items || requests !== 2 * items;
}

const items = Number(values.items);
const { rows, requests, paidTwice, lost, kills, seconds } = await runTrial({
  ...{ ...shared, items, workers: 4, queue: "killed", killEvery: Number(values["kill-every"]) },
});
const ids = new Set(rows.map(({ id }) => id));
const errors = rows.filter(({ error }) => error !== undefined);
console.log(
  [
    `4 workers, ${kills} kills, one in ${(seconds / kills).toFixed(1)} s: ${rows.length} rows of ${ids.size} of ${items} items`,
    `${errors.length} with an error, ${seconds.toFixed(1)} s, ${(items / seconds).toFixed(1)} items/s, ${load()}`,
    `${requests} calls; ${lost} under way or not saved yet when their worker died, paid again`,
    `${paidTwice.length} items with a saved call that was paid twice`,
    ...reasonsOf(rows),
  ].join("\n"),
);
failed ||= rows.length !== items || ids.size !== items || errors.length > 0 || paidTwice.length > 0;
failed ||= rows.some(({ text }) => !text?.startsWith("edit ")); // one that stopped half-way has its draft or its question
process.exitCode = failed ? 1 : 0;
