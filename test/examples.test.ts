import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pLimit from "p-limit";
import { describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const names = readdirSync(`${root}examples`).filter((file) => file.endsWith(".ts"));
const slot = pLimit(cpus().length);
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

describe.concurrent("examples", () => {
  it.each(names)("%s prints what it says, without a key", { timeout: 120_000 }, async (name) => {
    const { stdout, stderr } = await slot(() =>
      promisify(execFile)(process.execPath, ["--import", "tsx", `examples/${name}`], { cwd: root, env: keyless }),
    );
    expect(promised(name)).not.toBe("");
    expect(stdout.trimEnd()).toBe(promised(name));
    expect(stderr).toBe("");
  });
});
