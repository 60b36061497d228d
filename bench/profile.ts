import { mkdtempSync, readdirSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { measureApart } from "./processes.js";
import type { Task } from "./protocol.js";

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Profiles one contender in a process of its own; resolves to where its CPU went, by package and by function. */
export async function profile(task: Task & { readonly only: string }): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "langgraph-multimodel-"));
  await measureApart(task, ["--cpu-prof", `--cpu-prof-dir=${folder}`]);
  const files = readdirSync(folder).map((name) => join(folder, name)); // tsx compiles in a thread of its own
  const largest = files.sort((one, other) => statSync(other).size - statSync(one).size)[0]!;
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(largest, "utf8")) as CpuProfile;
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const packages = new Map<string, number>();
  const functions = new Map<string, number>();
  let total = 0;
  samples.forEach((id, index) => {
    const { functionName, url, lineNumber } = frames.get(id)!;
    const time = timeDeltas[index]!;
    if (functionName === "(idle)" || functionName === "(program)") return;
    total += time;
    add(packages, packageOf(url), time);
    add(functions, `${functionName || "(anonymous)"} ${url.split("/").slice(-3).join("/")}:${lineNumber + 1}`, time);
  });
  const top = (shares: Map<string, number>, count: number) =>
    [...shares]
      .sort(([, one], [, other]) => other - one)
      .slice(0, count)
      .map(([name, time]) => `${((time / total) * 100).toFixed(1).padStart(6)} %  ${name}`);
  return [`${largest} (open it in a browser's developer tools)`, ...top(packages, 12), "", ...top(functions, 25)].join(
    "\n",
  );
}

function add(shares: Map<string, number>, name: string, time: number): void {
  shares.set(name, (shares.get(name) ?? 0) + time);
}

function packageOf(url: string): string {
  if (url === "" || url.startsWith("node:")) return "node";
  const inside = url.split("/node_modules/").at(-1)!;
  if (inside !== url) return inside.split("/", inside.startsWith("@") ? 2 : 1).join("/");
  return url.includes("/dist/") ? "langgraph-multimodel" : "bench";
}
