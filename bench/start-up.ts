// How long the command takes to start, beside Node itself; and that no package of a provider is loaded on the way.
//   npx tsx bench/start-up.ts              median of 21 rounds, the commands taking turns
//   npx tsx bench/start-up.ts --rounds 51
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { median } from "./statistics.js";

const { values } = parseArgs({ options: { rounds: { type: "string", default: "21" } } });
const main = fileURLToPath(new URL("../dist/esm/cli/main.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "start-up-"));
writeFileSync(
  join(folder, "models.yaml"),
  `models:
  fast: { provider: openai, model: gpt-4o-mini }
  backup: { provider: google-genai, model: gemini-2.5-flash }
  local: { provider: ollama, model: llama3 }
`,
);

const contenders: readonly (readonly [title: string, args: readonly string[], bar?: number])[] = [
  ["node -e 0", ["-e", "0"]],
  ["multimodel --version", [main, "--version"], 300],
  ["multimodel --help", [main, "--help"], 300],
  ["multimodel chat --help", [main, "chat", "--help"], 300],
  ["multimodel models", [main, "models"]],
];

function start(args: readonly string[]): { readonly ms: number; readonly stderr: string } {
  const env = { PATH: process.env.PATH, HOME: folder };
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return { ms: performance.now() - started, stderr };
}

/** Tells every ES module that is loaded on stderr; what a package loads by `require` comes after it. */
const hooks = `import { writeSync } from "node:fs";
export async function load(url, context, next) { writeSync(2, url + "\\n"); return next(url, context); }`;
const registering = `import { register } from "node:module"; register("data:text/javascript,${encodeURIComponent(hooks)}");`;
const watched = ["--import", `data:text/javascript,${encodeURIComponent(registering)}`];

/** Packages of providers, and the libraries all of them stand on. */
const heavy = /node_modules\/(@langchain\/(openai|google-genai|anthropic|ollama|langgraph)|openai|langchain)\//;

try {
  const times = new Map(contenders.map(([title]) => [title, [] as number[]]));
  for (let round = -2; round < Number(values.rounds); round++) {
    for (const [title, args] of contenders) {
      const { ms } = start(args);
      if (round >= 0) times.get(title)!.push(ms); // two rounds warm up the disk
    }
  }
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]!.model}, median of ${values.rounds}\n`);
  const base = median(times.get("node -e 0")!);
  for (const [title, args, bar] of contenders) {
    const taken = times.get(title)!;
    const modules = start([...watched, ...args])
      .stderr.split("\n")
      .filter((url) => url.startsWith("file:"));
    const providers = modules.filter((url) => heavy.test(url));
    if (providers.length > 0) throw new Error(`${title} loaded ${providers[0]}`);
    const beside = title === "node -e 0" ? "" : `, ${(median(taken) - base).toFixed(0)} ms beside Node`;
    const loaded = args.includes(main) ? `; ${modules.length} modules, none of a provider or of LangGraph` : "";
    const limit = bar === undefined ? "" : ` (bar: ${bar} ms)`;
    console.log(`${title.padEnd(24)} ${median(taken).toFixed(0).padStart(4)} ms${beside}${loaded}${limit}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
