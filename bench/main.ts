// CPU and wall time of our patterns beside the same graphs written by hand; docs/benchmarks.md says how and why.
//   npm run bench                                everything, about 15 minutes
//   npm run bench -- --quick                     a first impression in two minutes; its figures are noise
//   npm run bench -- --suite invoke --processes 9
//   npm run bench -- --json
//   npm run bench -- --write                     also into docs/benchmarks.md and docs/images/benchmarks.svg, suite by suite
//   npm run bench -- --profile "router"
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { barChart } from "./bar-chart.js";
import { factsApart, measureApart, startUpstream } from "./processes.js";
import { profile } from "./profile.js";
import { type Effort, type Measured, type Suite, suites } from "./protocol.js";
import { factTableOf, type Row, rowsOf, tableOf, tooNoisy } from "./report.js";

const full: Record<Suite, Effort> = {
  invoke: { rounds: 81, least: 21, runs: 10, warmUp: 100, cpuSeconds: 90 },
  stream: { rounds: 81, least: 21, runs: 5, warmUp: 50, cpuSeconds: 40 },
  long: { rounds: 41, least: 11, runs: 2, warmUp: 10, cpuSeconds: 40 },
  conversations: { rounds: 81, least: 21, runs: 5, warmUp: 20, cpuSeconds: 40 },
  wide: { rounds: 21, least: 7, runs: 1, warmUp: 1, cpuSeconds: 60 },
  beside: { rounds: 21, least: 7, runs: 1, warmUp: 3, cpuSeconds: 40 },
};
const quick: Record<Suite, Effort> = {
  invoke: { rounds: 9, least: 3, runs: 5, warmUp: 20, cpuSeconds: 10 },
  stream: { rounds: 9, least: 3, runs: 5, warmUp: 10, cpuSeconds: 8 },
  long: { rounds: 5, least: 3, runs: 1, warmUp: 3, cpuSeconds: 8 },
  conversations: { rounds: 9, least: 3, runs: 3, warmUp: 5, cpuSeconds: 8 },
  wide: { rounds: 3, least: 1, runs: 1, warmUp: 1, cpuSeconds: 8 },
  beside: { rounds: 5, least: 3, runs: 1, warmUp: 1, cpuSeconds: 8 },
};
const titles: Record<Suite, string> = {
  invoke: "graph.invoke(…)",
  stream: 'graph.stream(…, { streamMode: "messages" }), 26 tokens',
  long: 'graph.stream(…, { streamMode: "messages" }), 500 tokens',
  conversations: "graph.invoke(…), long conversations",
  wide: "graph.invoke(…), many lanes and many items",
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
const measuredOn = `Node ${machine.node}, ${machine.cores} x ${machine.cpu}, ${machine.date.slice(0, 10)}`;
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
  const sections: Section[] = [];
  for (const suite of chosen) {
    const processes: Measured[][] = [];
    for (let index = 1; index <= count; index++) {
      process.stderr.write(`${suite}: process ${index} of ${count}\n`);
      processes.push(await measureApart({ port: upstream.port, suite, ...effort[suite] }));
    }
    results[suite] = rowsOf(processes);
    sections.push(sectionOf(suite, results[suite]));
  }
  const facts = withFacts ? await factsApart(upstream.port, values.quick ? 1_000 : 10_000) : [];
  if (withFacts) {
    const text = `**Memory, first tokens, checkpoints**; ${measuredOn}\n\n${factTableOf(facts)}`;
    sections.push({ name: "facts", text, isNoisy: false });
  }
  const page = sections.map(({ text }) => text).join("\n\n");
  console.log(values.json ? JSON.stringify({ ...machine, processes: count, results, facts }, null, 2) : page);
  if (values.write) write(sections, results.invoke);
  if (sections.some(({ isNoisy }) => isNoisy)) process.exitCode = 1;
}

/** The table of a suite, as it stands in the page. */
interface Section {
  readonly name: Suite | "facts";
  readonly text: string;
  /** Whether the machine was too busy for ratios. */
  readonly isNoisy: boolean;
}

/** Makes the table of a suite; one without ratios says why. */
function sectionOf(suite: Suite, rows: readonly Row[]): Section {
  const rounds = `${rows[0]!.rounds.join("/")} rounds of ${effort[suite].runs} runs`;
  const noisy = tooNoisy(rows);
  const parts = [`**${titles[suite]}**; ${rounds}, ${measuredOn}`, noisy, tableOf(rows)];
  const text = parts.filter((part) => part !== undefined).join("\n\n");
  return { name: suite, text, isNoisy: noisy !== undefined };
}

/** Replaces the sections of the page that were measured without too much noise, and the picture of the first. */
function write(sections: readonly Section[], invoked: readonly Row[] | undefined): void {
  const file = fileURLToPath(new URL("../docs/benchmarks.md", import.meta.url));
  let page = readFileSync(file, "utf8");
  for (const { name, text, isNoisy } of sections) {
    if (isNoisy) {
      process.stderr.write(`${name}: not written, the machine was too busy\n`);
      continue;
    }
    const [start, end] = [`<!-- npm run bench -- --suite ${name} --write -->`, `<!-- end of ${name} -->`];
    const [head, rest] = page.split(start);
    const [, tail] = (rest ?? "").split(end);
    if (tail === undefined) throw new Error(`${file} lacks the lines ${start} and ${end}`);
    page = `${head}${start}\n\n${text}\n\n${end}${tail}`;
    if (name === "invoke")
      writeFileSync(fileURLToPath(new URL("../docs/images/benchmarks.svg", import.meta.url)), barChart(invoked!));
  }
  writeFileSync(file, page);
}
