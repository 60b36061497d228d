import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire, isBuiltin } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Miniflare } from "miniflare";
import { afterAll, describe, expect, it } from "vitest";
import { bundlers } from "./bundle.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const app = process.env.APP_FOLDER ?? ""; // outside the repository, whose own packages would be found otherwise
const out = mkdtempSync(join(tmpdir(), "bundles-"));
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** The same everywhere: the answer, the ledger of a nested run, draws by hash, and a run that its caller ended. */
const expected = {
  answer: "Forty-two.",
  calls: [
    "down answer error 0",
    "ladder/small answer ok 0.002",
    "ladder/verifier judge ok 0.002",
    "ladder/large answer ok 0.002",
  ],
  costUsd: 0.006,
  isReported: true,
  draws: "bbaaababaabb",
  aborted: ["slow cancelled"],
};

async function printed(command, ...parameters) {
  const { stdout } = await promisify(execFile)(command, parameters, { cwd: app });
  return JSON.parse(stdout);
}

/** Bun's binary is in a package of its own for each platform; its installer, which would link it, is not run. */
function bun() {
  const packages = join(here, "node_modules/@oven");
  const binary = process.platform === "win32" ? "bun.exe" : "bun";
  return join(packages, readdirSync(packages)[0], "bin", binary);
}

/** Runs a bundle in workerd without Node compatibility. */
async function inWorkerd(file) {
  const worker = new Miniflare({
    modules: true,
    script: readFileSync(file, "utf8"),
    compatibilityDate: "2026-04-01",
  });
  try {
    const response = await worker.dispatchFetch("http://localhost/");
    return await response.json();
  } finally {
    await worker.dispose();
  }
}

describe("the packed package", () => {
  it("stands beside its required peers only", () => {
    const require = createRequire(join(app, "print.mjs"));
    const { peerDependenciesMeta } = require("langgraph-multimodel/package.json");
    const names = Object.keys(peerDependenciesMeta);
    expect(names).toContain("@langchain/openai");
    const present = names.filter((name) => readable(join(app, "node_modules", name, "package.json")));
    expect(present).toEqual([]);
  });
});

function readable(file) {
  try {
    return readFileSync(file, "utf8") !== "";
  } catch {
    return false;
  }
}

describe("a fallback over a cascade", () => {
  it("runs in Node", async () => {
    expect(await printed(process.execPath, "print.mjs")).toEqual(expected);
  });

  it("runs in Bun", async () => {
    expect(await printed(bun(), "print.mjs")).toEqual(expected);
  });

  it("runs in Deno", async () => {
    const deno = [process.execPath, join(here, "node_modules/deno/bin.cjs"), "run", "--no-prompt"];
    const allowed = ["--allow-read", "--allow-env", "--allow-sys"]; // LangSmith's client asks for the home directory
    expect(await printed(...deno, ...allowed, "print.mjs")).toEqual(expected);
  });

  it.each(Object.keys(bundlers))("bundled by %s, runs in workerd without Node compatibility", async (name) => {
    const file = join(out, name, "worker.mjs");
    const { errors, warnings } = await bundlers[name](join(app, "worker.mjs"), file);
    expect(errors).toEqual([]);
    expect(warnings.filter((text) => text.includes("langgraph-multimodel"))).toEqual([]);
    const imports = [...readFileSync(file, "utf8").matchAll(/^import\b[^"'\n]*["']([^"'\n]+)["']/gm)];
    expect(imports.map(([, path]) => path).filter(isBuiltin)).toEqual([]);
    expect(await inWorkerd(file)).toEqual(expected);
  });
});

describe("an optional package that is not installed", () => {
  it.each(Object.keys(bundlers))("breaks no bundle by %s, and is named when it is needed", async (name) => {
    const file = join(out, name, "learned.mjs");
    const { errors } = await bundlers[name](join(app, "learned.mjs"), file);
    expect(errors).toEqual([]);
    expect(await printed(process.execPath, file)).toBe("MissingPackageError");
  });
});
