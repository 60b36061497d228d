// CPU and wall time of our patterns beside the same graphs written by hand; docs/benchmarks.md says how and why.
//   npm run bench                                everything, about 15 minutes
//   npm run bench -- --quick                     a first impression in two minutes; its figures are noise
//   npm run bench -- --suite invoke --processes 9
//   npm run bench -- --json
//   npm run bench -- --write                     also into docs/benchmarks.md and docs/images/benchmarks.svg
//   npm run bench -- --profile "router"
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { barChart } from "./bar-chart.js";
import { factsApart, measureApart, startUpstream } from "./processes.js";
import { profile } from "./profile.js";
import { type Effort, type Fact, type Measured, type Suite, suites } from "./protocol.js";
import { factTableOf, type Row, rowsOf, tableOf, tooNoisy } from "./report.js";

const full: Record<Suite, Effort> = {
  invoke: { rounds: 81, least: 21, runs: 10, warmUp: 100, cpuSeconds: 90 },
  stream: { rounds: 81, least: 21, runs: 5, warmUp: 50, cpuSeconds: 40 },
  long: { rounds: 41, least: 11, runs: 2, warmUp: 10, cpuSeconds: 40 },
  large: { rounds: 21, least: 7, runs: 1, warmUp: 3, cpuSeconds: 60 },
  beside: { rounds: 21, least: 7, runs: 1, warmUp: 3, cpuSeconds: 40 },
};
const quick: Record<Suite, Effort> = {
  invoke: { rounds: 9, least: 3, runs: 5, warmUp: 20, cpuSeconds: 10 },
  stream: { rounds: 9, least: 3, runs: 5, warmUp: 10, cpuSeconds: 8 },
  long: { rounds: 5, least: 3, runs: 1, warmUp: 3, cpuSeconds: 8 },
  large: { rounds: 3, least: 1, runs: 1, warmUp: 1, cpuSeconds: 8 },
  beside: { rounds: 5, least: 3, runs: 1, warmUp: 1, cpuSeconds: 8 },
};
const titles: Record<Suite, string> = {
  invoke: "graph.invoke(…)",
  stream: 'graph.stream(…, { streamMode: "messages" }), 26 tokens',
  long: 'graph.stream(…, { streamMode: "messages" }), 500 tokens',
  large: "graph.invoke(…): long conversations, many lanes, many items",
  beside: "graph.invoke(…), 64 runs at once",
};

const { values } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    suite: { type: "string" },
    processes: { type: "string" },
    profile: { type: "string" },
  },
});
const effort = values.quick ? quick : full;
const chosen = suites.filter((suite) => values.suite === undefined || values.suite === suite);
const withFacts = values.suite === undefined || values.suite === "facts";
if (chosen.length === 0 && !withFacts)
  throw new Error(`--suite is "${values.suite}"; give one of ${suites.join(", ")}, facts`);
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
  const facts = withFacts ? await factsApart(upstream.port, values.quick ? 1_000 : 10_000) : [];
  const text = pageOf(results, facts);
  console.log(values.json ? JSON.stringify({ ...machine, processes: count, results, facts }, null, 2) : text);
  if (Object.values(results).some((rows) => tooNoisy(rows) !== undefined)) process.exitCode = 1;
  if (!values.write) return;
  if (process.exitCode === 1 || values.suite !== undefined)
    throw new Error("Not written: give every suite, on a quiet machine");
  write(text, results.invoke!);
}

/** Makes the tables of a measurement; a suite without ratios says why. */
function pageOf(results: Partial<Record<Suite, Row[]>>, facts: readonly Fact[]): string {
  const day = machine.date.slice(0, 10);
  const parts = [
    `Node ${machine.node}, ${machine.cores} x ${machine.cpu}, ${day}. CPU and wall are ratios to the same graph by hand.`,
  ];
  for (const suite of chosen) {
    const rows = results[suite]!;
    const rounds = `${rows[0]!.rounds.join("/")} rounds of ${effort[suite].runs} runs`;
    parts.push(
      `**${titles[suite]}**, ${rounds}`,
      [tooNoisy(rows), tableOf(rows)].filter((part) => part !== undefined).join("\n\n"),
    );
  }
  if (facts.length > 0) parts.push("**Memory, first tokens, checkpoints**", factTableOf(facts));
  return parts.join("\n\n");
}

function write(text: string, rows: readonly Row[]): void {
  const page = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
  const [start, end] = ["<!-- measured by npm run bench -->", "<!-- until here -->"];
  const before = readFileSync(page, "utf8");
  const [head, rest] = before.split(start);
  const [, tail] = (rest ?? "").split(end);
  if (tail === undefined) throw new Error(`${page} lacks the lines ${start} and ${end}`);
  writeFileSync(page, `${head}${start}\n\n${text}\n\n${end}${tail}`);
  writeFileSync(fileURLToPath(new URL("../docs/images/benchmarks.svg", import.meta.url)), barChart(rows));
}
