// How long the command takes to start, beside Node itself; and that no package but commander is loaded on the way. Ends with 1
// where a start takes longer than its bar.
//   npx tsx bench/start-up.ts              median of 21 rounds, the commands taking turns
//   npx tsx bench/start-up.ts --rounds 51
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { loadedModules } from "./loaded-modules.js";
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
  ["multimodel models, of a file with three", [main, "models"]],
];

/** Milliseconds a process takes from its start to its end. */
function start(args: readonly string[]): number {
  const env = { PATH: process.env.PATH, HOME: folder };
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return performance.now() - started;
}

/** Files of packages, but for those of the one that parses arguments. */
const foreign = /node_modules\/(?!commander\/)/;

try {
  const times = new Map(contenders.map(([title]) => [title, [] as number[]]));
  for (let round = -2; round < Number(values.rounds); round++) {
    for (const [title, args] of contenders) {
      const ms = start(args);
      if (round >= 0) times.get(title)!.push(ms); // two rounds warm up the disk
    }
  }
  console.log(`Node ${process.version}, ${cpus().length} x ${cpus()[0]!.model}, median of ${values.rounds}\n`);
  const base = median(times.get("node -e 0")!);
  for (const [title, args, bar] of contenders) {
    const taken = times.get(title)!;
    const modules = loadedModules(args, folder);
    const unwanted = bar === undefined ? undefined : modules.find((url) => foreign.test(url));
    if (unwanted !== undefined) throw new Error(`${title} loaded ${unwanted}`);
    if (bar !== undefined && median(taken) > bar) process.exitCode = 1;
    const beside = title === "node -e 0" ? "" : `, ${(median(taken) - base).toFixed(0)} ms beside Node`;
    const loaded = bar === undefined ? "" : `; ${modules.length} modules, none of a package but commander`;
    const limit = bar === undefined ? "" : ` (bar: ${bar} ms)`;
    console.log(`${title.padEnd(24)} ${median(taken).toFixed(0).padStart(4)} ms${beside}${loaded}${limit}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
