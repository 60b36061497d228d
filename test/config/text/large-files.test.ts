import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../../src/config/index.js";
import { keys, problemsOf } from "../support/parse.js";

const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

describe("loadConfig", () => {
  it("tells a hundred problems of a file that has thousands, and how many there are", {
    timeout: 600_000,
  }, async () => {
    const problems = await problemsOf(`models:\n${lines(8_000, (index) => `  m${index}: { provider: opnai }`)}`);
    expect(problems.length).toBe(101);
    expect(problems.at(-1)!.message).toBe("and 7,900 more problems");
  });

  it("lists some names of many", async () => {
    const [problem] = await problemsOf(
      `models:\n${lines(1_000, (index) => `  model${index}: { provider: ollama, model: x }`)}\nfallback: [nobody]`,
    );
    expect(problem!.message).toMatch(/there are model0, .*, model19 and 980 more$/);
  });

  it("refuses a thousand graphs within one another", async () => {
    const chain = lines(
      1_000,
      (index) => `  g${index}: { pattern: fallback, models: [${index < 999 ? `g${index + 1}` : "m"}] }`,
    );
    const problems = await problemsOf(`models: { m: { provider: ollama, model: x } }\ngraphs:\n${chain}`);
    expect(problems.length).toBeGreaterThan(0);
    for (const { message } of problems) expect(message).toContain("is nested more than 50 graphs deep");
  });

  it.skipIf(process.platform === "win32")("reads all of a pipe that is written in parts", async () => {
    const folder = mkdtempSync(join(tmpdir(), "config-"));
    const pipe = join(folder, "pipe");
    execFileSync("mkfifo", [pipe]);
    const parts = ["models:\n  fast: { provider: openai, model: x }\n", "fallback: [fast]\n"];
    const writer = spawn("sh", ["-c", `(printf '${parts[0]}'; sleep 0.2; printf '${parts[1]}') > '${pipe}'`]);
    const { fallback } = await loadConfig(pipe, { env: keys });
    expect(fallback).toEqual(["fast"]);
    writer.kill();
    rmSync(folder, { recursive: true });
  });
});
