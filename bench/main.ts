// CPU and wall time of our patterns beside the same graphs written by hand; docs/benchmarks.md says how and why.
//   npm run bench                                everything, under 4 minutes
//   npm run bench -- --quick                     a first impression in half a minute; its figures are noise
//   npm run bench -- --suite invoke --processes 9
//   npm run bench -- --json
//   npm run bench -- --profile "createRouter"
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { measureApart, startUpstream } from "./processes.js";
import { profile } from "./profile.js";
import { type Effort, type Measured, type Suite, suites } from "./protocol.js";
import { type Row, rowsOf, tableOf } from "./report.js";

const full: Record<Suite, Effort> = {
  invoke: { rounds: 81, runs: 10, warmUp: 100, seconds: 42 },
  stream: { rounds: 81, runs: 5, warmUp: 50, seconds: 30 },
};
const quick: Record<Suite, Effort> = {
  invoke: { rounds: 15, runs: 5, warmUp: 20, seconds: 12 },
  stream: { rounds: 9, runs: 5, warmUp: 10, seconds: 12 },
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    suite: { type: "string" },
    processes: { type: "string" },
    profile: { type: "string" },
  },
});
const effort = values.quick ? quick : full;
const chosen = suites.filter((suite) => values.suite === undefined || values.suite === suite);
if (chosen.length === 0) throw new Error(`--suite is "${values.suite}"; give one of ${suites.join(", ")}`);
const count = Number(values.processes ?? (values.quick ? 1 : 3));
if (!(Number.isInteger(count) && count > 0)) throw new Error("--processes needs a whole number above 0");

const machine = { node: process.version, cpu: cpus()[0]!.model, cores: cpus().length, date: new Date().toISOString() };
const upstream = await startUpstream();
try {
  if (values.profile === undefined) await compare();
  else {
    const only = { port: upstream.port, suite: chosen[0]!, ...effort[chosen[0]!], only: values.profile };
    console.log(await profile(only));
  }
} finally {
  upstream.end();
}

async function compare(): Promise<void> {
  const results: Partial<Record<Suite, Row[]>> = {};
  for (const suite of chosen) {
    const processes: Measured[][] = [];
    for (let index = 1; index <= count; index++) {
      process.stderr.write(`${suite}: process ${index} of ${count}\n`);
      processes.push(await measureApart({ port: upstream.port, suite, ...effort[suite] }));
    }
    results[suite] = rowsOf(processes);
  }
  if (values.json) {
    console.log(JSON.stringify({ ...machine, processes: count, results }, null, 2));
    return;
  }
  console.log(`Node ${machine.node}, ${machine.cores} x ${machine.cpu}, ${machine.date.slice(0, 10)}`);
  console.log("CPU and wall are ratios to the row's graph written by hand; ms are those of this machine at this hour.");
  for (const suite of chosen) {
    const rows = results[suite]!;
    const call = suite === "invoke" ? "graph.invoke(…)" : 'graph.stream(…, { streamMode: "messages" })';
    console.log(`\n${call}, ${rows[0]!.rounds.join("/")} rounds of ${effort[suite].runs} runs\n${tableOf(rows)}`);
  }
}
