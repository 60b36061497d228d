import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkPatterns } from "../../src/cli/doctor/check-patterns.js";
import { initialFile } from "../../src/cli/init.js";
import { ConfigFile } from "../../src/config/config-file.js";
import { parseConfig } from "../../src/config/index.js";
import { openPlace } from "./command.js";

const openai = { provider: "openai", variable: "OPENAI_API_KEY" } as const;
const gemini = { provider: "google-genai", variable: "GEMINI_API_KEY" } as const;

describe("initialFile", () => {
  it.each([
    ["nothing", { keys: [], ollama: undefined }, ["fast", "strong"]],
    ["one key", { keys: [openai], ollama: undefined }, ["fast", "strong"]],
    ["two keys", { keys: [openai, gemini], ollama: [] }, ["fast", "strong", "gemini-fast", "gemini-strong"]],
    ["Ollama alone", { keys: [], ollama: ["llama3.2:1b", "qwen3"] }, ["local"]],
    ["a key and Ollama", { keys: [gemini], ollama: ["qwen3"] }, ["fast", "strong", "local"]],
  ])("loads with what it was written for: %s", async (_, found, names) => {
    const { models, unavailable, graphs } = await parseConfig("models.yaml", initialFile(found), {
      OPENAI_API_KEY: "sk-a",
      GEMINI_API_KEY: "g",
    });
    expect([Object.keys(models), unavailable]).toEqual([names, {}]);
    expect(Object.keys(graphs)).toContain("assistant");
  });
});

describe("multimodel init", () => {
  it("writes a file that works, and refuses to overwrite one", async () => {
    await using place = await openPlace();
    const env = { OLLAMA_BASE_URL: "http://127.0.0.1:1" };
    expect(await place.run(["init"], { env })).toMatchObject({ code: 0, stdout: "" });
    const written = readFileSync(join(place.folder, "models.yaml"), "utf8");
    expect(written).toMatch(/^ {2}fast: \{ provider: openai, .*\n {2}strong: /m);
    const again = await place.run(["init"], { env });
    expect([again.code, again.stderr]).toEqual([2, expect.stringContaining("is not overwritten")]);
    expect(readFileSync(join(place.folder, "models.yaml"), "utf8")).toBe(written);
  });

  it("takes --config before or after the command", async () => {
    await using place = await openPlace();
    place.file("other.yaml", "models: { own: { provider: ollama, model: x } }");
    for (const args of [
      ["--config", "other.yaml", "models"],
      ["models", "--config", "other.yaml"],
    ])
      expect((await place.run(args)).stdout).toContain("own");
  });
});

describe("multimodel doctor", () => {
  it("checks Node, packages and keys where there is no file, and says how to get one", async () => {
    await using place = await openPlace();
    const { code, stdout } = await place.run(["doctor"], { env: { OLLAMA_BASE_URL: "http://127.0.0.1:1" } });
    expect(code).toBe(0);
    expect(stdout).toMatch(/ok {7}Node: /);
    expect(stdout).toMatch(/multimodel init writes one/);
    expect(stdout).toContain("ok       OPENAI_API_KEY: set, for openai");
    expect(stdout).toContain("@langchain/openai: installed");
  });

  it("finds a default that cannot answer, and only notes what others lack", async () => {
    await using place = await openPlace();
    const models = "models: { a: { provider: anthropic, model: x }, b: { provider: ollama, model: y } }\n";
    place.file("models.yaml", models);
    const alone = await place.run(["doctor"]);
    expect([alone.code, alone.stdout]).toEqual([1, expect.stringMatching(/problem {2}default a: cannot answer/)]);
    place.file("models.yaml", `default: b\n${models}`);
    const other = await place.run(["doctor"]);
    expect([other.code, other.stdout]).toEqual([0, expect.stringMatching(/note .*models\.a\.apiKey/)]);
  });
});

describe("checkPatterns", () => {
  const found = (graph: object) =>
    checkPatterns(
      ConfigFile.parse({
        models: {
          a: { provider: "openai", model: "x" },
          b: { provider: "ollama", model: "y" },
          c: { provider: "openai", model: "z" },
        },
        graphs: { g: graph },
      }),
    ).map((finding) => finding.found);

  it.each([
    [{ pattern: "ensemble", models: ["a", "b"], aggregate: "longest" }, "without a vote"],
    [{ pattern: "ensemble", models: ["a", "b"], aggregate: "majorityVote" }, "a vote of two"],
    [{ pattern: "cascade", models: ["a", "b"], verify: { schema: {} } }, "without a score"],
    [{ pattern: "cascade", models: ["a", "b"], verify: { judge: "a" } }, "judge its own answers"],
    [{ pattern: "qualityGate", model: "a", verify: { judge: "a" }, fallback: "b" }, "judge its own answers"],
    [{ pattern: "router", models: ["a", "b"], route: "capability" }, "no fallback"],
    [{ pattern: "fallback", models: ["a"] }, "single model"],
    [{ pattern: "fallback", models: ["a", "c"] }, "one provider only"],
  ])("notes %j", (graph, text) => {
    expect(found(graph)).toEqual([expect.stringContaining(text)]);
  });

  it.each([
    [{ pattern: "ensemble", models: ["a", "b", "c"], aggregate: "majorityVote" }],
    [{ pattern: "cascade", models: ["a", "b"], verify: { judge: "b" } }],
    [{ pattern: "router", models: ["a", "b"], route: "capability", fallback: "b" }],
    [{ pattern: "fallback", models: ["a", "b"] }],
  ])("has nothing to say of %j", (graph) => {
    expect(found(graph)).toEqual([]);
  });
});
