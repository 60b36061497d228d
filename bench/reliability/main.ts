// 10,000 questions to a chain of three providers, each of which fails 30 % of the time in every way: npm run bench:reliability
//   npm run bench:reliability -- --requests 1000 --others 300   a shorter run
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { contenders } from "./contenders.js";
import type { Outcome, Report, Urls, Verdict } from "./protocol.js";

const { values } = parseArgs({
  options: {
    requests: { type: "string", default: "10000" },
    others: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    rate: { type: "string", default: "0.3" },
    timeout: { type: "string", default: "4000" },
    concurrency: { type: "string", default: "8" },
    only: { type: "string" },
  },
});
const rate = Number(values.rate);
const names = Object.keys(contenders).filter((name) => name.includes(values.only ?? ""));
const ours = Object.keys(contenders).filter((name) => name.startsWith("createFallback"));
const verdicts: readonly Verdict[] = ["right", "failed", "never ended", "empty", "cut", "glued", "wrong"];
const missed: string[] = [];

console.log(
  `Node ${process.version}, ${cpus().length} x ${cpus()[0]!.model}, load ${loadavg()[0]!.toFixed(1)}, seed ${values.seed}\n`,
);
console.log(
  `| | questions | possible | answered of these | ${verdicts.slice(1).join(" | ")} | double | ledger: equal, never left, other | rejections | handles | heap MB | seconds |`,
);
console.log(
  `|---|--:|--:|--:|${verdicts
    .slice(1)
    .map(() => "--:|")
    .join("")}--:|--:|--:|--:|--:|--:|`,
);
for (const name of names) await measure(name);
for (const bar of missed) console.error(`The bar is missed: ${bar}`);
process.exitCode = missed.length === 0 ? 0 : 1;

async function measure(name: string): Promise<void> {
  const isOurs = ours.includes(name);
  const requests = isOurs ? Math.ceil(Number(values.requests) / ours.length) : Number(values.others);
  const upstream = start("./upstream.ts", [values.rate, values.seed, String(Number(values.timeout) * 4)]);
  const urls = await message<Urls>(upstream);
  const task = { name, urls, requests, concurrency: Number(values.concurrency), timeoutMs: Number(values.timeout) };
  const worker = start("./worker.ts", [JSON.stringify(task)], ["--expose-gc"]);
  const outcome = await message<Outcome>(worker);
  await once(worker, "exit");
  upstream.send("report");
  const { byQuestion } = await message<Report>(upstream);
  upstream.disconnect();

  const possible = outcome.got.filter(({ question }) => !byQuestion[question]?.mistake);
  const count = (verdict: Verdict) => possible.filter((got) => got.verdict === verdict).length;
  const share = count("right") / possible.length;
  const double = outcome.got.filter(({ question }) => (byQuestion[question]?.good ?? 0) > 1).length;
  const ledger = { equal: 0, neverLeft: 0, other: 0 };
  for (const { question, lines, timeouts = 0 } of outcome.got) {
    if (lines === undefined) continue;
    const extra = lines - (byQuestion[question]?.requests ?? 0);
    if (extra === 0) ledger.equal++;
    else if (extra > 0 && extra <= timeouts) ledger.neverLeft++;
    else ledger.other++;
  }
  const compared = ledger.equal + ledger.neverLeft + ledger.other > 0;
  const cells = [
    ...[name, requests, possible.length, `${(share * 100).toFixed(2)} %`, ...verdicts.slice(1).map(count), double],
    compared ? `${ledger.equal}, ${ledger.neverLeft}, ${ledger.other}` : "-",
    ...[outcome.rejections, outcome.handles, outcome.heapMb.toFixed(1), outcome.seconds.toFixed(0)],
  ];
  console.log(`| ${cells.join(" | ")} |`);
  if (!isOurs) return;
  const bad = count("wrong") + count("glued") + count("cut") + count("empty") + count("never ended");
  // a client of the endpoint cannot take back what it was streamed: such a stream ends in an error that it may repeat
  if (share < 1 - rate ** 3 && !name.endsWith("streaming"))
    missed.push(`${name}: ${(share * 100).toFixed(2)} % answered`);
  if (bad > 0) missed.push(`${name}: ${bad} answers are not right`);
  if (ledger.other > 0) missed.push(`${name}: ${ledger.other} ledgers differ from the upstream`);
  if (outcome.rejections > 0) missed.push(`${name}: ${outcome.rejections} unhandled rejections`);
}

function start(file: string, given: readonly string[], options: readonly string[] = []): ChildProcess {
  const env = { ...process.env, LANGCHAIN_TRACING_V2: "false", LANGSMITH_TRACING: "false" };
  const execArgv = [...process.execArgv, ...options];
  return fork(fileURLToPath(new URL(file, import.meta.url)), given, { env, execArgv });
}

async function message<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    child.once("message", (value) => resolve(value as Message));
    child.once("exit", (code) => reject(new Error(`A process of the benchmark ended with code ${code}.`)));
  });
}
