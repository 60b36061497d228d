import { execFile, fork, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CellResult, readNotebook, shown } from "../../scripts/notebooks/notebook.js";
import { type LoopbackServer, startLoopbackServer } from "../../src/testing/index.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const runner = `${root}scripts/notebooks/run-cells.mjs`;
const packages = ["@langchain/core", "@langchain/langgraph", "@langchain/openai", "@viz-js/viz", "tslab", "zod"];
const hasJupyter = spawnSync("jupyter", ["nbconvert", "--version"]).status === 0;

let folder: string;
let server: LoopbackServer;
beforeAll(async () => {
  server = await startLoopbackServer({ reply: "Air scatters blue light most. Score: 8" });
  folder = mkdtempSync(join(tmpdir(), "own-folder-"));
  const dependencies = Object.fromEntries([...packages, "langgraph-multimodel"].map((name) => [name, "*"]));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const name of readdirSync(`${root}node_modules`).filter((name) => !name.startsWith("."))) {
    symlinkSync(`${root}node_modules/${name}`, join(modules, name), "junction");
  }
  for (const part of ["package.json", "dist"]) {
    cpSync(`${root}${part}`, join(modules, "langgraph-multimodel", part), { recursive: true });
  }
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

function write(name: string, sources: readonly string[], tags: readonly string[] = []): string {
  const cells = sources.map((source) => ({
    cell_type: "code",
    source,
    metadata: { tags },
    execution_count: null,
    outputs: [],
  }));
  const metadata = { kernelspec: { name: "multimodel", display_name: "TypeScript", language: "typescript" } };
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 4 }));
  return file;
}

const environment = () => ({ ...process.env, OPENAI_API_KEY: "none", OPENAI_BASE_URL: server.openaiUrl });

function run(file: string, ...flags: readonly string[]): Promise<CellResult[]> {
  const child = fork(runner, [file, ...flags], { env: environment(), execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once("message", (results) => resolve(results as CellResult[]));
    child.once("exit", (code) => reject(new Error(`ended with code ${code}`)));
  });
}

const page = readFileSync(`${root}docs/notebooks.md`, "utf8");
const pageCells = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code!);

/** One cell for each row of the table of what the kernel mends, behind a first one. */
const mended = [
  `import { StateGraph, MessagesAnnotation, START } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import "@langchain/core/messages"; // links: see docs/notebooks.md
const app = new StateGraph(MessagesAnnotation).addNode("a", () => ({})).addEdge(START, "a").compile();
const answer = 42;
async function* answers() { yield answer; }`,
  `for await (const chunk of await app.stream({ messages: [] })) console.log(Object.keys(chunk.a ?? {}).length);`,
  `for await (const each of answers()) console.log(each);`,
  `const box = { answer }; console.log(box.answer);`,
];

describe("a notebook in a folder of one's own", { timeout: 600_000 }, () => {
  it("runs the cells of the page as printed, over real clients", async () => {
    expect(pageCells).toHaveLength(3);
    const results = await run(write("page.ipynb", pageCells));
    expect(results.map(({ ok, outputs }) => (ok ? "ok" : shown(outputs)))).toEqual(["ok", "ok", "ok"]);
    expect(Object.keys(results.flatMap(({ outputs }) => outputs)[0]!)).toContain("data");
    expect(shown(results[2]!.outputs)).toContain("verifier: accept small");
  });

  it("runs what the kernel mends, each of which fails in tslab as it is", async () => {
    const file = write("mended.ipynb", mended);
    expect((await run(file)).map(({ ok }) => ok)).toEqual([true, true, true, true]);
    const [first = "", ...others] = mended;
    const cells = [first, first.replace(/^.*prebuilt.*$/m, ""), ...others];
    const stock = await run(write("stock.ipynb", cells, ["raises-exception"]), "--stock"); // goes on after a failed cell
    expect(stock.map(({ ok }) => ok)).toEqual([false, true, false, false, false]);
  });

  it.skipIf(!hasJupyter)(
    `is run by Jupyter after \`multimodel kernel\`, cells behind a failed one too${hasJupyter ? "" : " (Jupyter is not installed)"}`,
    async () => {
      const env = { ...environment(), JUPYTER_DATA_DIR: join(folder, "jupyter") };
      const started = { cwd: folder, env };
      await promisify(execFile)(
        process.execPath,
        [join(folder, "node_modules/langgraph-multimodel/dist/esm/cli/main.js"), "kernel"],
        started,
      );
      const file = write("failing.ipynb", ["const n: number = 'x';", "console.log('after')", ...mended]);
      const execute = ["nbconvert", "--to", "notebook", "--execute"];
      await promisify(execFile)("jupyter", [...execute, "--allow-errors", "--output", "out", file], started);
      const outputs = readNotebook(join(folder, "out.ipynb")).cells.map((cell) => shown(cell.outputs ?? []));
      expect(outputs).toEqual([expect.stringContaining("not assignable"), "after\n", "", "0\n", "42\n", "42\n"]);
      const stopped = promisify(execFile)("jupyter", [...execute, "--output", "out", file], started);
      await expect(stopped).rejects.toMatchObject({ stderr: expect.stringMatching(/Error: .*not assignable to type/) });
    },
  );
});
