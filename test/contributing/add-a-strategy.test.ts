import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "contributing/add-a-strategy.md"), "utf8");
const run = promisify(execFile);

/** The blocks of the page: a file to write, or lines to put after a line of one. */
const blocks = [...page.matchAll(/```ts\n\/\/ ([\w./-]+)(?:, after: (.+))?\n([\s\S]*?)```/g)].map(
  ([, file, after, code]) => ({ file: file!, after, code: code! }),
);

describe("contributing/add-a-strategy.md", () => {
  let copy: string;
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), "add-a-strategy-"));
    for (const path of ["src", "package.json", "test/verification/turn.ts"]) {
      mkdirSync(dirname(join(copy, path)), { recursive: true });
      cpSync(join(root, path), join(copy, path), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(copy, "node_modules"));
    const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
    writeFileSync(
      join(copy, "tsconfig.json"),
      JSON.stringify({ compilerOptions: { ...compilerOptions, noEmit: true }, include: ["src/config", "test"] }),
    );
    for (const { file, after, code } of blocks) {
      const path = join(copy, file);
      if (after === undefined) writeFileSync(path, code);
      else {
        const lines = readFileSync(path, "utf8").split("\n");
        const found = lines.findIndex((line) => line.includes(after));
        expect([file, after, found >= 0]).toEqual([file, after, true]);
        lines.splice(found + 1, 0, code.trimEnd());
        writeFileSync(path, lines.join("\n"));
      }
    }
  });
  afterAll(() => rmSync(copy, { recursive: true, force: true }));

  it("takes one source file, one test, one row, and a line in each list", () => {
    expect(blocks.filter(({ after }) => after === undefined).map(({ file }) => file)).toEqual([
      "src/verification/contains.ts",
      "test/verification/contains.test.ts",
    ]);
    expect(blocks.filter(({ after, code }) => after !== undefined && code.trim().split("\n").length > 1)).toHaveLength(
      1,
    );
  });

  it("compiles, and its test passes, in a copy that followed it", async () => {
    const node = (...command: string[]) =>
      run(process.execPath, command, { cwd: copy }).then(
        () => "ok",
        ({ stdout, stderr }) => `${stdout}${stderr}`,
      );
    const [compiled, tested] = await Promise.all([
      node(join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"),
      node(join(root, "node_modules/vitest/vitest.mjs"), "run", "test/verification/contains.test.ts", "--no-isolate"),
    ]);
    expect(compiled).toBe("ok");
    expect(tested).toBe("ok");
  }, 600_000);
});
