// `npm run test:notebooks`: runs every notebook without Jupyter, on the kernel of this repository and on tslab as it is, and compares
// what it shows with what is committed. `-- --write` commits what it shows now; `-- router cascade` runs those alone;
// `-- --kernel` leaves the tslab as it is out.
import { fork } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import pLimit from "p-limit";
import { firstDifference } from "./first-difference.js";
import { linkPackage } from "./link-package.mjs";
import { type CellResult, type Notebook, readNotebook, shown, textOf, writeNotebook } from "./notebook.js";

const folder = fileURLToPath(new URL("../../notebooks/", import.meta.url));
const runner = fileURLToPath(new URL("run-cells.mjs", import.meta.url));
const kernels = ["kernel", "stock"] as const;
type Kernel = (typeof kernels)[number];

async function main(parameters: readonly string[]): Promise<number> {
  if (!existsSync(new URL("../../dist/cjs/index.js", import.meta.url))) {
    process.stderr.write("The notebooks use the built package. Run: npm run build\n");
    return 1;
  }
  linkPackage();
  const unknown = parameters.find((word) => word.startsWith("--") && !["--write", "--kernel"].includes(word));
  if (unknown !== undefined) {
    process.stderr.write(`${unknown} is no option: write --write, --kernel, or names of notebooks\n`);
    return 2;
  }
  const write = parameters.includes("--write");
  const one = write || parameters.includes("--kernel");
  const files = notebooksNamed(parameters.filter((word) => !word.startsWith("--")));
  const limit = pLimit(cpus().length);
  const jobs = files.flatMap((file) => (one ? kernels.slice(0, 1) : kernels).map((kernel) => ({ file, kernel })));
  const passed = await Promise.all(
    jobs.map(({ file, kernel }) => limit(() => runOne(file, kernel, write).catch(failed))),
  );
  const failures = passed.filter((ok) => !ok).length;
  process.stdout.write(`${passed.length - failures} passed, ${failures} failed\n`);
  return failures === 0 ? 0 : 1;
}

/** A notebook that ends its own process, or is no notebook, is one that failed. */
function failed(error: unknown): boolean {
  process.stdout.write(`FAILED ${error instanceof Error ? error.message : String(error)}\n`);
  return false;
}

/** Paths of notebooks; a name alone is one of this repository, and no name means all of them. */
function notebooksNamed(names: readonly string[]): string[] {
  const all = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
  return (names.length === 0 ? all : names.map((name) => (name.endsWith(".ipynb") ? name : `${name}.ipynb`))).map(
    (name) => (name.includes("/") ? name : `${folder}${name}`),
  );
}

async function runOne(file: string, kernel: Kernel, write: boolean): Promise<boolean> {
  const notebook = readNotebook(file);
  const results = await runCells(file, kernel);
  const problems = problemsOf(notebook, results, write);
  if (write && problems.length === 0) writeNotebook(file, notebook, results);
  const [first = 0, ...later] = results.map(({ cpuSeconds }) => cpuSeconds);
  const times = `first cell ${first.toFixed(1)} s CPU, then at most ${Math.max(0, ...later).toFixed(1)} s`;
  const verdict = problems.length === 0 ? "ok    " : "FAILED";
  process.stdout.write(
    `${verdict} ${file.slice(file.lastIndexOf("/") + 1).padEnd(24)} ${kernel.padEnd(6)} ${String(results.length).padStart(2)} cells, ${times}\n`,
  );
  for (const problem of problems) process.stdout.write(`${problem.trimEnd().replace(/^/gm, "  ")}\n`);
  return problems.length === 0;
}

/** Runs the cells in a process of their own, without the keys of this shell and without tracing. */
function runCells(file: string, kernel: Kernel): Promise<CellResult[]> {
  const secrets = /API_KEY|^LANGSMITH|^LANGCHAIN|_BASE_URL$/;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !secrets.test(name)));
  const child = fork(runner, [file, ...(kernel === "stock" ? ["--stock"] : [])], { env, execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once("message", (results) => resolve(results as CellResult[]));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${file} ended with code ${code} before its last cell`)));
  });
}

/** What is wrong, cell by cell: an error, words on stderr, steps that did not make the calls they show, or something else than what is committed. */
function problemsOf({ cells }: Notebook, results: readonly CellResult[], write: boolean): string[] {
  return results.flatMap((result) => {
    const { index, ok, outputs } = result;
    const cell = cells[index]!;
    const complaint = shown(outputs.filter((output) => output.output_type === "stream" && output.name === "stderr"));
    const isExpected = cell.metadata.tags?.includes("raises-exception") === true;
    if ((!ok || complaint !== "") && !isExpected) {
      return [`cell ${index} ${ok ? "complains" : "fails"}:\n${textOf(cell.source)}\n${complaint}`];
    }
    const untrue = untrueDrawings(result);
    if (untrue.length > 0) return untrue;
    const difference = write ? undefined : firstDifference(shown(cell.outputs ?? []), shown(outputs));
    return difference === undefined
      ? []
      : [`cell ${index} shows something else than what is committed:\n${difference}`];
  });
}

/** Pictures that give a step other calls than it made. */
function untrueDrawings({ index, outputs, drawings }: CellResult): string[] {
  const untrue = drawings.filter(({ made, drawn }) => made.join() !== drawn.join());
  const pictures = shown(outputs).split(/^<svg[^>]* data-calls=/m).length - 1;
  return [
    ...untrue.map(
      ({ made, drawn }) => `cell ${index} draws steps of ${drawn.join(", ")} calls that made ${made.join(", ")}`,
    ),
    ...(pictures > drawings.length ? [`cell ${index} shows steps that \`drawSteps\` did not draw in it`] : []),
  ];
}

process.exitCode = await main(process.argv.slice(2));
