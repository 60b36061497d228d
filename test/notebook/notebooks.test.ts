import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { linkPackage } from "../../scripts/notebooks/link-package.mjs";
import { type Cell, readNotebook, shown, textOf } from "../../scripts/notebooks/notebook.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = `${root}notebooks/`;
const names = readdirSync(folder).filter((name) => name.endsWith(".ipynb"));
const scratch = mkdtempSync(`${tmpdir()}/notebooks-`);
afterAll(() => rmSync(scratch, { recursive: true }));

function code(source: string, metadata: Cell["metadata"] = {}): Cell {
  return { cell_type: "code", source, metadata, execution_count: null, outputs: [] };
}

function write(name: string, ...cells: readonly Cell[]): string {
  const file = `${scratch}/${name}.ipynb`;
  writeFileSync(file, JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 4 }));
  return file;
}

/** How many pictures `drawSteps` put side by side; one drawing alone has none. */
function framesOf(svg: string): number {
  return svg.split("<svg ").length - 2;
}

async function run(...parameters: readonly string[]): Promise<{ code: number; stdout: string }> {
  const command = ["--import", "tsx", "scripts/notebooks/run.ts", ...parameters];
  const ended = await promisify(execFile)(process.execPath, command, { cwd: root }).catch((error) => error);
  return { code: ended.code ?? 0, stdout: ended.stdout };
}

describe("the notebooks", () => {
  it("begin with words, name their kernel, and are committed with what they show", () => {
    expect(names.length).toBeGreaterThanOrEqual(13);
    for (const name of names) {
      const { cells, metadata } = readNotebook(`${folder}${name}`);
      expect([name, cells[0]!.cell_type, metadata.kernelspec]).toMatchObject([name, "markdown", { name: "tslab" }]);
      const ran = cells.filter(({ cell_type }) => cell_type === "code");
      expect([name, ran.map(({ execution_count }) => execution_count)]).toEqual([
        name,
        ran.map((_, index) => index + 1),
      ]);
      const outputs = ran.flatMap(({ outputs }) => outputs ?? []);
      expect([name, outputs.some((output) => output.output_type === "display_data")]).toEqual([name, true]);
      expect([name, outputs.some((output) => output.output_type === "stream" && output.name === "stderr")]).toEqual([
        name,
        false,
      ]);
      expect([name, shown(outputs).includes(root)]).toEqual([name, false]);
    }
  });

  it("each show a run step by step in pictures that stay, and a ledger as a table", () => {
    for (const name of names) {
      const outputs = readNotebook(`${folder}${name}`).cells.flatMap(({ outputs }) => outputs ?? []);
      const shownAs = (mime: string) =>
        outputs.map((output) => (output.output_type === "display_data" ? textOf(output.data[mime] ?? "") : ""));
      const steps = shownAs("image/svg+xml").map(framesOf);
      expect([name, Math.max(...steps)]).toEqual([name, expect.toSatisfy((count: number) => count >= 2)]);
      const ledgers = shownAs("text/html").filter((html) => html.includes("<th") && html.includes("cost USD"));
      expect([name, ledgers.length]).toEqual([name, expect.toSatisfy((count: number) => count >= 1)]);
    }
  });

  it("draw the curve of cost and accuracy with each model that a graph of it asks, alone", () => {
    const { cells } = readNotebook(`${folder}what-it-costs.ipynb`);
    const shownBy = shown(cells.flatMap(({ outputs }) => outputs ?? []));
    const described = /<title>Cost and accuracy on 79 .*\n<desc>(.*)/.exec(shownBy)?.[1];
    for (const point of ["flash", "gpt-4o-mini", "gpt-4o"]) expect(described).toContain(`always ${point}:`);
    for (const point of ["agreement cascade", "vote of three"]) expect(described).toContain(`${point}:`);
  });

  it("link to files that exist, and are all named by the first", () => {
    for (const name of names) {
      const text = readNotebook(`${folder}${name}`)
        .cells.map(({ source }) => textOf(source))
        .join("\n");
      for (const [, target] of text.matchAll(/\]\(([^)]+)\)/g))
        expect(() => readFileSync(`${folder}${target}`)).not.toThrow();
    }
    const first = readFileSync(`${folder}start-here.ipynb`, "utf8");
    for (const name of names.filter((name) => name !== "start-here.ipynb")) expect(first).toContain(`(${name})`);
  });
});

describe("npm run test:notebooks", { timeout: 600_000 }, () => {
  it("passes what shows what is committed, on both kernels, after it has written it", async () => {
    const file = write("good", code("const answer: number = 42;"), code("console.log(answer)"));
    expect(await run("--write", file)).toMatchObject({ code: 0 });
    expect(shown(readNotebook(file).cells[1]!.outputs!)).toBe("42\n");
    const again = await run(file);
    for (const kernel of ["kernel", "stock"]) expect(again.stdout).toMatch(new RegExp(`ok .* ${kernel} +2 cells`));
    expect(again.stdout).toMatch(/\n2 passed, 0 failed\n$/);
    expect(again.code).toBe(0);
  });

  it("has a kernel of its own that takes `{ name }` of an earlier cell and `for await` alone, which stock tslab does not", async () => {
    const first = code("const answer: number = 42; async function* answers() { yield answer; }");
    const short = write("short", first, code("const box = { answer };"));
    const alone = write("alone", first, code("for await (const each of answers()) each;"));
    const { stdout } = await run(short, alone);
    for (const name of ["short", "alone"]) {
      expect(stdout).toMatch(new RegExp(`ok +${name}.ipynb +kernel`));
      expect(stdout).toMatch(new RegExp(`FAILED +${name}.ipynb +stock`));
    }
  });

  it("prints what a failing cell complains of, and counts it", async () => {
    const { code: status, stdout } = await run(write("bad", code('const answer: number = "42";'), code("1")));
    expect(stdout).toContain("Type 'string' is not assignable to type 'number'");
    expect(stdout).toMatch(/\n0 passed, 2 failed\n$/);
    expect(status).toBe(1);
  });

  it("fails where something else is shown than committed, and where a notebook reaches for the network", async () => {
    const drifted = {
      ...code("console.log(2)"),
      outputs: [{ output_type: "stream", name: "stdout", text: "1\n" }],
    } as const;
    const reaching = code('import { connect } from "net";\nconnect(80, "example.com");');
    const { stdout } = await run(write("drifted", drifted), write("reaching", reaching));
    expect(stdout).toContain("- 1");
    expect(stdout).toContain("+ 2");
    expect(stdout).toContain("a notebook may not use the network");
    expect(stdout).toMatch(/\n0 passed, 4 failed\n$/);
  });

  it("fails where a picture gives a step other calls than it made, or was not drawn in its cell", async () => {
    linkPackage();
    const file = `${folder}support/untrue-${process.pid}.ipynb`; // beside what it imports
    const first = code(
      'import { createFallback } from "langgraph-multimodel";\n' +
        'import { drawSteps, step, type Step } from "langgraph-multimodel/notebook";\n' +
        'import { display } from "tslab";\n' +
        'import { openai } from "./models";\n' +
        'const graph = createFallback({ models: { a: await openai("gpt-4o-mini", { Hi: "Hello." }) } });\n' +
        "const steps: Step[] = [];\n" +
        'for await (const done of step(graph, { messages: "Hi" })) steps.push(done);\n' +
        "const drawn = await drawSteps(graph, steps);",
    );
    const untrue = code("Object.assign(steps[0]!, { calls: [] });\nawait drawSteps(graph, steps);");
    const foreign = code("display.svg(drawn);");
    try {
      writeFileSync(
        file,
        JSON.stringify({ cells: [first, untrue, foreign], metadata: {}, nbformat: 4, nbformat_minor: 4 }),
      );
      const { stdout, code: status } = await run("--write", file);
      expect(stdout).toContain("cell 1 draws steps of 0 calls that made 1");
      expect(stdout).toContain("cell 2 shows steps that `drawSteps` did not draw in it");
      expect(stdout).not.toContain("cell 0 draws");
      expect(status).toBe(1);
    } finally {
      rmSync(file, { force: true });
    }
  });
});

const hasJupyter = spawnSync("jupyter", ["nbconvert", "--version"]).status === 0;

describe("Jupyter", () => {
  it.skipIf(!hasJupyter)(
    `runs a notebook on the kernel of this repository, and shows what is committed${hasJupyter ? "" : " (Jupyter is not installed)"}`,
    { timeout: 600_000 },
    async () => {
      linkPackage();
      const execute = ["nbconvert", "--to", "notebook", "--execute", "--ExecutePreprocessor.record_timing=False"];
      await promisify(execFile)("jupyter", [...execute, "--output-dir", scratch, `${folder}router.ipynb`], {
        env: { ...process.env, JUPYTER_PATH: `${folder}.jupyter` },
      });
      const textsOf = (file: string) => readNotebook(file).cells.map(({ outputs }) => shown(outputs ?? []));
      expect(textsOf(`${scratch}/router.ipynb`)).toEqual(textsOf(`${folder}router.ipynb`));
    },
  );
});
