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
const { OPENAI_API_KEY: _openai, GOOGLE_API_KEY: _google, ...keyless } = process.env;

/** What an example says it prints: the comment that closes it. */
function promised(name: string): string {
  const closing = readFileSync(`${root}examples/${name}`, "utf8").split(/^\/\/ Output:\n/m)[1] ?? "";
  return closing.replace(/^\/\/ ?/gm, "").trimEnd();
}

describe.concurrent("examples", () => {
  it.each(names)("%s prints what it says, without a key", { timeout: 60_000 }, async (name) => {
    const { stdout, stderr } = await slot(() =>
      promisify(execFile)(process.execPath, ["--import", "tsx", `examples/${name}`], { cwd: root, env: keyless }),
    );
    expect(promised(name)).not.toBe("");
    expect(stdout.trimEnd()).toBe(promised(name));
    expect(stderr).toBe("");
  });
});
