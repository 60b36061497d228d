import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import type { Printed } from "./support/run-examples.js";

const root = fileURLToPath(new URL("..", import.meta.url));
const names = readdirSync(`${root}examples`).filter((file) => file.endsWith(".ts"));
const { OPENAI_API_KEY: _openai, GOOGLE_API_KEY: _google, OLLAMA_BASE_URL: _ollama, ...keyless } = process.env;

/** What an example says it prints: the comment that closes it. */
function promised(name: string): string {
  const closing = readFileSync(`${root}examples/${name}`, "utf8").split(/^\/\/ Output:\n/m)[1] ?? "";
  return closing.replace(/^\/\/ ?/gm, "").trimEnd();
}

/** Functions a user composes, by the rooms whose exports are nothing else. */
const strategies = [
  ...readFileSync(`${root}src/index.ts`, "utf8").matchAll(
    /^export \{([^}]*)\} from "\.\/(?:routing|verification|aggregation|context|patterns)\/[^"]+";/gm,
  ),
].flatMap(([, names]) => names!.match(/(?<!type )\b[a-z]\w+\b(?=\s*(?:,|$))/gm) ?? []);

/** What the examples import from the library. */
const imported = new Set(
  readdirSync(`${root}examples`, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .flatMap((file) => [
      ...readFileSync(`${root}examples/${file}`, "utf8").matchAll(/import \{([^}]*)\} from "langgraph-multimodel";/g),
    ])
    .flatMap(([, list]) => list!.match(/\w+/g) ?? []),
);

describe("the examples", () => {
  it("show every pattern and every strategy the library exports", () => {
    expect(strategies.length).toBeGreaterThan(40);
    expect(strategies.filter((name) => !imported.has(name))).toEqual([]);
  });

  it("are all in the table of examples/README.md, and it names no other", () => {
    const rows = [...readFileSync(`${root}examples/README.md`, "utf8").matchAll(/^\| \[[^\]]+\]\(([^)]+\.ts)\) \|/gm)];
    expect(rows.map(([, file]) => file).sort()).toEqual([...names].sort());
  });
});

describe("examples", () => {
  let printed: Readonly<Record<string, Printed>>;
  beforeAll(async () => {
    const arguments_ = ["--import", "tsx", "test/support/run-examples.ts"];
    const { stdout } = await promisify(execFile)(process.execPath, arguments_, {
      cwd: root,
      env: keyless,
      maxBuffer: 1e8,
    });
    printed = JSON.parse(stdout.slice(stdout.lastIndexOf("\u0000") + 1));
  }, 600_000);

  it.each(names)("%s prints what it says, without a key", (name) => {
    expect(promised(name)).not.toBe("");
    expect(printed[name]?.stderr).toBe("");
    expect(printed[name]?.stdout.trimEnd()).toBe(promised(name));
  });
});
