// Kills runs at random points and resumes them in a new process: npm run test:kill -- --kills 200 --seed 1
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { seeded } from "../../src/testing/seeded.js";
import { noPostgres, startPostgres } from "../support/postgres.js";
import { bundleChild } from "./bundle-child.js";
import { checkRun, type Killed } from "./check-run.js";
import { type Row, table } from "./table.js";
import { startUpstream } from "./upstream.js";
import { type Job, Worker } from "./worker.js";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    store: { type: "string" },
    pattern: { type: "string" },
  },
});
const wanted = Number(values.kills);
const all = ["cascade", "ensemble", "pipeline", "mapReduce", "nested"];
const patterns = all.filter((pattern) => values.pattern === undefined || pattern === values.pattern);
const requestsOf: Record<string, number> = { cascade: 5, ensemble: 4, pipeline: 3, mapReduce: 6, nested: 10 };
const durabilities = ["sync", "async", "exit"] as const;

if (noPostgres !== undefined && values.store !== "sqlite") throw new Error(`There is no Postgres: ${noPostgres}`);
const folder = mkdtempSync(join(tmpdir(), "killed-"));
const postgres = values.store === "sqlite" ? undefined : await startPostgres();
const upstream = await startUpstream();
const url = upstream.server.openaiUrl;
const stores = [...(values.store === "postgres" ? [] : ["sqlite"]), ...(postgres === undefined ? [] : ["postgres"])];
if (postgres !== undefined) {
  const saver = PostgresSaver.fromConnString(postgres.url);
  await saver.setup();
  await saver.end();
}
const jobs = Array.from({ length: wanted * 2 }, (_, index): Job & { readonly kind: string } => {
  const kind = stores[index % stores.length]!;
  const thread = `thread-${index}`;
  const pattern = patterns[Math.floor(index / stores.length) % patterns.length]!;
  const durability = durabilities[Math.floor(index / stores.length / patterns.length) % durabilities.length]!;
  return { kind, thread, pattern, durability, store: kind === "sqlite" ? join(folder, `${thread}.db`) : postgres!.url };
});

const program = await bundleChild();
const rows = new Map<string, Row>();
const problems: string[] = [];
const answers = new Map<string, string>();
let kills = 0;
let interrupted = false;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => {
    interrupted = true; // the run at hand ends, and what was counted is printed
  });
}
let worker = new Worker(program, url);

try {
  for (const pattern of patterns) answers.set(pattern, await answerOf(pattern));
  for (const job of jobs) {
    if (kills >= wanted || interrupted) break;
    await runAndKill(job);
  }
} finally {
  worker.kill();
  await upstream.server.close();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
  rmSync(program, { force: true });
}
console.log(table([...rows.values()], "store"));
console.log(`\n${table([...rows.values()], "pattern")}\n`);
console.log(`${kills} kills, seed ${values.seed}, ${problems.length} problems`);
for (const problem of problems) console.log(`- ${problem}`);
process.exitCode = problems.length === 0 && kills >= wanted ? 0 : 1;

/** Answer of a run that is never killed. */
async function answerOf(pattern: string): Promise<string> {
  const thread = `thread-ref${pattern}`;
  await worker.next("ready");
  worker.start({ pattern, thread, store: join(folder, `${thread}.db`), durability: "sync" });
  await worker.next("began");
  const done = await worker.next("done");
  worker.kill();
  worker = new Worker(program, url);
  return done!.text;
}

/** Runs a thread to its end, and kills its process on the way. */
async function runAndKill(job: Job & { readonly kind: string }): Promise<void> {
  const random = seeded(`${values.seed} ${job.thread}`);
  const killed: Killed[] = [];
  for (;;) {
    const mine = () => upstream.paid.filter(({ thread }) => thread === job.thread).length;
    const before = mine();
    const at = before + Math.floor(random() * (requestsOf[job.pattern]! + 1));
    const afterMs = Math.floor(random() * 40);
    const held = random() < 0.4; // killed while the request is on its way
    const spare = killed.length > 0 && random() < 0.6; // most resumed runs may end, the others are killed again
    let timer: NodeJS.Timeout | undefined;
    const dying = worker;
    const arm = () => {
      if (!spare) timer ??= setTimeout(() => dying.kill(), afterMs);
    };
    upstream.onRequest = ({ thread }) => {
      if (thread !== job.thread || mine() < at) return undefined;
      arm();
      return held && !spare ? "hold" : undefined;
    };
    const following = new Worker(program, url); // starts while this one runs
    await worker.next("ready");
    worker.start(job);
    const began = await worker.next("began");
    const resumed = killed.at(-1);
    if (resumed !== undefined && began !== undefined) Object.assign(resumed, { began });
    if (at === before) arm();
    const done = await worker.next("done");
    clearTimeout(timer);
    worker.kill();
    worker = following;
    const row = rowOf(job);
    if (done !== undefined) {
      row.runs++;
      problems.push(...checkRun({ job, killed, done, paid: upstream.paid, answer: answers.get(job.pattern)!, row }));
      return;
    }
    await upstream.server.settled();
    kills++;
    row.kills++;
    killed.push({ requests: mine() });
  }
}

function rowOf({ kind, pattern, durability }: Job & { readonly kind: string }): Row {
  const key = `${kind} ${pattern} ${durability}`;
  const row = rows.get(key) ?? {
    pattern,
    store: kind,
    durability,
    kills: 0,
    runs: 0,
    finished: 0,
    twice: 0,
    answered: 0,
    inFlight: 0,
    empty: 0,
  };
  rows.set(key, row);
  return row;
}
