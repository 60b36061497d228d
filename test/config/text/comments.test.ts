// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { describe, expect, it } from "vitest";
import { createFallback } from "../../../src/index.js";
import { startLoopbackServer } from "../../../src/testing/index.js";
import { load, problemsOf } from "../support/parse.js";

const model = '{ "provider": "openai", "model": "gpt-4o-mini" }';

describe("a comment of JSON", () => {
  it.each([
    ["before a name", `{ "models": { /* cheap */ "fast": ${model} } }`],
    ["on a line of its own", `{\n  // models by name\n  "models": {\n    // cheap\n    "fast": ${model}\n  }\n}`],
    [
      "after a value",
      `{ "models": { "fast": { "provider": "openai", // maker\n "model": "gpt-4o-mini" // cheap\n } } } // end`,
    ],
    ["before the file", `// models\n/* of\nmine */ { "models": { "fast": ${model} } }`],
    [
      "after a comma, two in a row",
      `{ "models": { "fast": { "provider": "openai",/* a *//* b */"model": "gpt-4o-mini" } } }`,
    ],
  ])("is never part of a name: %s", async (_, text) => {
    const { models } = await load(text);
    expect(Object.keys(models)).toEqual(["fast"]);
    expect(models.fast!.model).toMatchObject({ model: "gpt-4o-mini" });
  });

  it("is none within quotes or an address, and keeps lines where they are", async () => {
    const { models } = await load(
      '{ "models": { "a//b": { "provider": "openai", "model": "x", "description": "use // or /* here */", "baseUrl": "http://h/v1" } } }',
    );
    expect(models["a//b"]!.description).toBe("use // or /* here */");
    const problems = await problemsOf(
      '{ // one\n /* two\n three */ "models": { "a": { "provider": "opnai", "model": "x" } } }',
    );
    expect(problems).toMatchObject([{ path: "models.a.provider", line: 3 }]);
  });

  it.each([
    ["models:\n  // cheap\n  fast: { provider: openai, model: x }", 2],
    ["models:\n  /* cheap */ fast: { provider: openai, model: x }", 2],
    ["models:\n  fast: { provider: openai, model: x }\n  strong // dear: { provider: openai, model: y }", 3],
    ["models:\n  fast:\n    provider: openai\n    model: gpt-4o // cheap", 4],
    ["models:\n  fast:\n    provider: openai\n    model: gpt-4o#cheap", 4],
  ])("is refused in YAML, with what to write: %j", async (text, line) => {
    const problems = await problemsOf(text);
    expect(problems.map((problem) => problem.line)).toContain(line);
    expect(problems.some(({ message }) => message.includes("comment"))).toBe(true);
  });
});

describe("a reference to a variable", () => {
  it("may be LiteLLM's", async () => {
    const text = "models: { a: { provider: openai, model: x, apiKey: os.environ/MY_KEY } }";
    expect((await load(text, { MY_KEY: "key-of-mine" })).models.a!.model).toMatchObject({ apiKey: "key-of-mine" });
    expect(await problemsOf(text)).toMatchObject([{ message: "the variable MY_KEY is not set; set it" }]);
  });

  it.each([
    "$OPENAI_API_KEY",
    "env.OPENAI_API_KEY",
    "{{ env.KEY }}",
    "process.env.KEY",
    "<your key>",
    "YOUR_API_KEY",
    "%KEY%",
    "os.getenv('KEY')",
  ])("of another system is never sent as the key: %s", async (written) => {
    const problems = await problemsOf(
      `models: { a: { provider: openai, model: x, apiKey: ${JSON.stringify(written)} } }`,
    );
    expect(problems).toMatchObject([{ path: "models.a.apiKey", message: expect.stringContaining("write ${NAME}") }]);
  });
});

describe("a shared part", () => {
  it("stands under x-, whose content is read only where it is referred to", async () => {
    const { models } = await load(
      'x-common: &common { provider: openai, timeout: 30000 }\nx-unused: { key: "${NOBODY}", provider: opnai }\nmodels:\n  fast: { <<: *common, model: gpt-4o-mini }\n',
    );
    expect(models.fast).toMatchObject({ timeout: 30_000, model: { model: "gpt-4o-mini" } });
  });

  it("may stand in a file of another system", async () => {
    const { models, warnings } = await load(
      "x-base: &base { _class: OpenAIConfig }\nllm:a: { <<: *base, model: gpt-4o }\n",
    );
    expect([Object.keys(models), warnings]).toEqual([["a"], []]);
  });
});

describe("an address", () => {
  it.each(["", "/"])("without /v1 reaches a server that has its API there: %j", async (end) => {
    await using server = await startLoopbackServer();
    const origin = new URL(server.openaiUrl).origin;
    const { models } = await load(
      `models: { a: { provider: openai-compatible, model: x, baseUrl: "${origin}${end}", retry: false } }`,
    );
    const graph = createFallback({ models: { a: models.a! } }).compile();
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("a");
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("a");
  });

  it("of a request is refused, with the address to write", async () => {
    const problems = await problemsOf(
      'models: { a: { provider: openai-compatible, model: x, baseUrl: "http://h/v1/chat/completions" } }',
    );
    expect(problems).toMatchObject([{ message: "is the address of a request; write http://h/v1" }]);
  });

  it.each([
    ["anthropic", "http://h/v1", { apiUrl: "http://h" }],
    ["ollama", "http://h/api", { baseUrl: "http://h" }],
    ["google-genai", "http://h/v1beta", { baseUrl: "http://h" }],
    ["azure", "https://h/openai/deployments/x", { azureOpenAIEndpoint: "https://h" }],
  ])("may end in the path that the client of %s adds", async (provider, baseUrl, fields) => {
    const { models } = await load(
      `models: { a: { provider: ${provider}, model: claude-haiku-4-5, baseUrl: "${baseUrl}" } }`,
    );
    expect(models.a!.model).toMatchObject(fields);
  });
});
