import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { exportPaths } from "../../src/cli/kernel/export-paths.js";
import { fitHandler, type Handler } from "../../src/cli/kernel/fit-handler.js";
import { findTslab } from "../../src/cli/kernel/load-tslab.js";
import { main, openPlace, type Place } from "./command.js";

const scratch = mkdtempSync(join(tmpdir(), "kernel-"));
afterAll(() => rmSync(scratch, { recursive: true }));

function file(path: string, content: unknown = ""): void {
  mkdirSync(dirname(join(scratch, path)), { recursive: true });
  writeFileSync(join(scratch, path), typeof content === "string" ? content : JSON.stringify(content));
}

describe("multimodel kernel", () => {
  let place: Place;
  beforeEach(async () => {
    place = await openPlace();
  });
  afterEach(() => place[Symbol.asyncDispose]());

  const argvOf = (spec: string) => (JSON.parse(readFileSync(spec, "utf8")) as { argv: string[] }).argv;

  it("installs for the user, with the Node and the package that run now", async () => {
    const data = join(place.folder, "data");
    const { code, stdout } = await place.run(["kernel"], { env: { JUPYTER_DATA_DIR: data } });
    const argv = argvOf(join(data, "kernels", "multimodel", "kernel.json"));
    expect(argv).toEqual([process.execPath, main, "kernel", "--connection", "{connection_file}"]);
    expect([code, stdout]).toEqual([0, expect.stringContaining(join(data, "kernels", "multimodel"))]);
  });

  it("writes into a folder of the project what can be committed", async () => {
    const { code, stdout } = await place.run(["kernel", "--folder", ".jupyter", "--name", "tslab"]);
    const kernel = join(place.folder, ".jupyter", "kernels", "tslab");
    const [node, started, ...rest] = argvOf(join(kernel, "kernel.json"));
    expect([node, rest]).toEqual(["node", ["kernel", "--connection", "{connection_file}"]]);
    expect(started).toMatch(/^\{resource_dir\}\/\.\.\//);
    expect(resolve(started!.replace("{resource_dir}", kernel))).toBe(main);
    expect([code, stdout]).toEqual([0, expect.stringContaining("JUPYTER_PATH=.jupyter")]);
  });

  it("refuses a name that Jupyter does", async () => {
    const { code, stderr } = await place.run(["kernel", "--name", "../tslab"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("--name ../tslab is not a kernel's name")]);
    expect(existsSync(join(place.folder, "tslab"))).toBe(false);
  });
});

describe("findTslab", () => {
  it("looks in one folder after the other, and says what to install where there is no tslab", () => {
    expect(() => findTslab([scratch])).toThrow(
      "multimodel kernel needs packages that are not installed; run: npm install tslab",
    );
    const found = findTslab([scratch, dirname(main)]);
    expect(JSON.parse(readFileSync(found, "utf8"))).toMatchObject({ name: "tslab" });
  });
});

describe("exportPaths", () => {
  it("names the types of subpaths of direct dependencies which a compiler without `exports` does not find", () => {
    file("shop/package.json", {
      name: "shop",
      dependencies: { both: "1", old: "1", gone: "1" },
      devDependencies: { esm: "1" },
    });
    const types = (kind: string) => ({ types: `./dist/${kind}`, default: "./dist/x.js" });
    file("shop/node_modules/both/package.json", {
      types: "./dist/index.d.ts",
      exports: {
        ".": "./dist/index.js",
        "./a": { import: types("a.d.ts"), require: types("a.d.cts") },
        "./many/*": { require: types("many/*.d.cts") },
        "./missing": types("missing.d.ts"),
        "./package.json": "./package.json",
      },
    });
    for (const name of ["a.d.ts", "a.d.cts"]) file(`shop/node_modules/both/dist/${name}`);
    file("shop/node_modules/old/package.json", {
      types: "a.d.ts",
      exports: { "./b": types("b.d.ts"), "./c": "./c.js" },
    });
    for (const name of ["dist/b.d.ts", "b.d.ts", "c.d.ts"]) file(`shop/node_modules/old/${name}`);
    file("shop/node_modules/esm/package.json", { exports: { ".": "./dist/index.mjs" } });
    file("shop/node_modules/esm/dist/index.d.mts");
    file("shop/node_modules/stranger/package.json", { exports: { "./d": types("d.d.ts") } });
    file("shop/node_modules/stranger/dist/d.d.ts");

    expect(exportPaths(join(scratch, "shop"))).toEqual({
      "both/a": ["node_modules/both/dist/a.d.ts"], // the kind of its main entry
      "both/many/*": ["node_modules/both/dist/many/*.d.cts"],
      esm: ["node_modules/esm/dist/index.d.mts"],
    });
  });

  it("knows a project by its own name, and packages above it", () => {
    file("above/node_modules/@langchain/langgraph/package.json", {
      types: "x.d.ts",
      exports: { "./prebuilt": { types: "./p.d.ts" } },
    });
    file("above/node_modules/@langchain/langgraph/p.d.ts");
    file("above/below/package.json", {
      name: "below",
      types: "./own.d.ts",
      exports: { ".": { require: { types: "./own.d.ts" } } },
    });
    file("above/below/own.d.ts");
    expect(exportPaths(join(scratch, "above", "below"))).toEqual({
      "@langchain/langgraph/prebuilt": ["../node_modules/@langchain/langgraph/p.d.ts"],
      below: ["own.d.ts"],
    });
    expect(exportPaths(scratch)).toEqual({});
  });
});

describe("fitHandler", () => {
  /** What tslab does: a queue in which a failed cell cancels those behind it. */
  function handler(): Handler & { readonly ran: string[] } {
    class Queue {
      previous: Promise<unknown> = Promise.resolve();
      add<Result>(task: () => Promise<Result>): Promise<Result> {
        const added = this.previous.then(task, () => Promise.reject(new Error("cancelled")));
        this.previous = added;
        return added;
      }
    }
    class Impl {
      readonly execQueue = new Queue();
      readonly ran: string[] = [];
      async handleExecute(...given: Parameters<Handler["handleExecute"]>) {
        const run = this.execQueue.add(() => this.handleExecuteImpl(...given));
        return run.then(
          ({ count }) => ({ status: "ok", execution_count: count }),
          (error) => ("count" in error ? { status: "error", execution_count: error.count } : { status: "abort" }),
        );
      }
      async handleExecuteImpl(...[{ code }, writeStream]: Parameters<Handler["handleExecuteImpl"]>) {
        const count = { count: this.ran.push(code) };
        if (!code.startsWith("fail")) return count;
        writeStream("stdout", "before\n");
        writeStream("stderr", code.slice(5));
        throw count;
      }
    }
    fitHandler({ lastWriteDisplayData: null, JupyterHandlerImpl: Impl });
    return new Impl();
  }

  it("runs what follows a failed cell where that is asked for, and else cancels it, in the protocol's words", async () => {
    for (const [stop_on_error, expected] of [
      [false, ["ok", "error", "ok"]],
      [true, ["ok", "error", "aborted"]],
      [undefined, ["ok", "error", "aborted"]],
    ] as const) {
      const kernel = handler();
      const replies = ["a", "fail x", "b"].map((code) => kernel.handleExecute({ code, stop_on_error }, () => {}, null));
      expect((await Promise.all(replies)).map(({ status }) => status)).toEqual(expected);
      expect(kernel.ran).toEqual(expected[2] === "ok" ? ["a", "fail x", "b"] : ["a", "fail x"]);
    }
  });

  it("says in the reply what a failed cell said, and passes it on", async () => {
    for (const [text, ename, evalue] of [
      [
        "1:7 - Type 'string' is not assignable to type 'number'.\n",
        "Error",
        "1:7 - Type 'string' is not assignable to type 'number'.",
      ],
      ["evalmachine.<anonymous>:2\nthrow new TypeError('boom');\n\nTypeError: boom\n    at x\n", "TypeError", "boom"],
    ] as const) {
      const written: string[] = [];
      const reply = await handler().handleExecute(
        { code: `fail ${text}` },
        (name, each) => written.push(name, each),
        null,
      );
      expect(reply).toEqual({
        status: "error",
        execution_count: 1,
        ename,
        evalue,
        traceback: text.trimEnd().split("\n"),
      });
      expect(written).toEqual(["stdout", "before\n", "stderr", text]);
    }
  });
});
