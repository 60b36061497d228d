// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { configSchemaText } from "../../src/config/config-schema.js";
import { loadConfig, loadGraphs, loadModels } from "../../src/config/index.js";
import { problemsOf } from "./support/parse.js";

const root = new URL("../../", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, root), "utf8");
const example = new URL("models.example.yaml", root).pathname;
const env = { OPENAI_API_KEY: "anything", GOOGLE_API_KEY: "anything" };

describe("models.schema.json", () => {
  const schema = z.fromJSONSchema(JSON.parse(read("models.schema.json")));

  it("is what `npx tsx scripts/config-schema.ts` writes", () => {
    expect(read("models.schema.json")).toBe(configSchemaText());
  });

  it("accepts the example, variables included", () => {
    const data = parse(read("models.example.yaml"));
    data.models.local.timeout = "${TIMEOUT:-5000}";
    data.models.local.provider = "${PROVIDER}";
    expect(schema.safeParse(data).error?.issues).toBeUndefined();
  });

  const fast = "models:\n  fast: { provider: openai, model: gpt-4o-mini }\n";
  it.each([
    ["an empty section", `${fast}prompts:\n`, true],
    ["a variable for a number", fast.replace(" }", ", timeout: '${MS}' }"), true],
    ["a variable within a number", fast.replace(" }", ", timeout: '${MS}000' }"), true],
    ["a variable for true or false", fast.replace(" }", ", default: '${YES}' }"), true],
    ["a variable for a word or false", fast.replace(" }", ", retry: '${NO}' }"), true],
    [
      "a variable for one of some numbers",
      "models: { o: { provider: ollama, model: x, parameters: { mirostat: '${ONE}' } } }",
      true,
    ],
    [
      "a variable for a time",
      "models: { o: { provider: ollama, model: x, parameters: { keepAlive: '${ONE}' } } }",
      true,
    ],
    ["a time without its unit", "models: { o: { provider: ollama, model: x, parameters: { keepAlive: '5' } } }", false],
    ["a timeout no timer has", fast.replace(" }", ", timeout: 3e9 }"), false],
    ["no models in a graph", `${fast}graphs: { g: { pattern: fallback, models: {} } }`, false],
    ["no stages", `${fast}graphs: { g: { pattern: pipeline, stages: {} } }`, false],
    ["an empty list of models", `${fast}graphs: { g: { pattern: fallback, models: [] } }`, false],
    ["models that are empty", "models:\n", false],
    ["no models", "models: {}", false],
  ])("and the loader agree on %s", async (_, text, fits) => {
    expect(schema.safeParse(parse(text)).success).toBe(fits);
    const problems = await problemsOf(text, { ...env, MS: "5", YES: "true", NO: "false", ONE: "1" });
    expect(problems.length === 0).toBe(fits);
  });

  it.each([
    ["an unknown field", { models: { a: { provider: "openai", modle: "x" } } }],
    ["an unknown provider", { models: { a: { provider: "openia" } } }],
    ["a parameter out of range", { models: { a: { provider: "openai", parameters: { temperature: 3 } } } }],
    ["an unknown pattern", { models: {}, graphs: { g: { pattern: "cascde" } } }],
    ["an option of another pattern", { models: {}, graphs: { g: { pattern: "fallback", models: ["a"], minimum: 2 } } }],
    ["no models", {}],
  ])("refuses %s", (_, data) => {
    expect(schema.safeParse(data).success).toBe(false);
  });
});

describe("models.example.yaml", () => {
  it("names the schema of the installed package in its first line, for editors of a copy", () => {
    const [first] = read("models.example.yaml").split("\n");
    expect(first).toBe("# yaml-language-server: $schema=./node_modules/langgraph-multimodel/models.schema.json");
    expect(JSON.parse(read("package.json")).files).toContain("models.schema.json");
  });

  it("loads with the keys set to anything", async () => {
    const config = await loadConfig(example, { env });
    expect(Object.keys(config.models)).toEqual(["fast", "strong", "backup", "local"]);
    expect(Object.keys(config.graphs)).toEqual([
      "fallback",
      "routing",
      "assistant",
      "specialists",
      "panel",
      "checked",
      "article",
      "report",
      "trial",
    ]);
    expect(config).toMatchObject({ defaultModel: "assistant", warnings: [], fallback: ["fast", "backup", "local"] });
    expect(config.tasks.story).toEqual({ complexity: "complex", temperature: 0.9, maxTokens: 2048 });
    expect(config.roles.utility!.model).toMatchObject({ model: "gpt-4o-mini", temperature: 0.1, maxTokens: 256 });
    expect(config.models.strong!.systemPrompt).toContain("Think before");
    for (const graph of Object.values(config.graphs)) graph.compile();
  });

  it("shows every section and every pattern there is", async () => {
    const data = parse(read("models.example.yaml"));
    const { properties } = JSON.parse(read("models.schema.json"));
    expect(Object.keys(properties).filter((section) => section !== "$schema" && !(section in data))).toEqual([]);
    const patterns = Object.values(data.graphs as Record<string, { pattern: string }>).map(({ pattern }) => pattern);
    expect([...patterns, "fallback"].sort()).toEqual(
      ["cascade", "ensemble", "experiment", "fallback", "mapReduce", "pipeline", "qualityGate", "router"].sort(),
    ); // `fallback` is a section of its own there
  });

  it("gives its parts one by one", async () => {
    expect(Object.keys(await loadModels(example, { env }))).toContain("local");
    expect(Object.keys(await loadGraphs(example, { env }))).toContain("assistant");
  });
});
