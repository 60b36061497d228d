// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../../src/config/index.js";
import { createFallback } from "../../../src/index.js";
import { redact } from "../../../src/secrets/redact.js";
import { startLoopbackServer } from "../../../src/testing/index.js";
import { keys, load, problemsOf } from "../support/parse.js";

const one = "models:\n  a: ";

describe("a key of a file", () => {
  it.each(["openai", "azure", "anthropic", "google-genai", "openrouter"])(
    "is refused when there is a line break in it, and not shown: %s",
    async (provider) => {
      const broken = "Qq7key0123456\nQq7key4567890";
      const env = Object.fromEntries(Object.keys(keys).map((name) => [name, broken]));
      const spec = `${one}{ provider: ${provider}, model: x, baseUrl: "https://api.openai.com/v1" }`;
      const literal = `${one}{ provider: ${provider}, model: x, baseUrl: "http://h", apiKey: "Qq7key0123456\\nQq7key4567890" }`;
      for (const problems of [await problemsOf(spec, env), await problemsOf(literal, {})]) {
        expect(problems).toMatchObject([{ path: "models.a.apiKey", message: expect.stringContaining("line break") }]);
        expect(JSON.stringify(problems)).not.toContain("Qq7key");
      }
    },
  );

  it.each([
    ["blanks", "sk two words"],
    ["special letters", "sk-schlüssel"],
  ])("is refused when there are %s in it", async (_, key) => {
    const [problem] = await problemsOf(`${one}{ provider: openai, model: x }`, { OPENAI_API_KEY: key });
    expect(problem).toMatchObject({ path: "models.a.apiKey", message: expect.stringContaining("spaces or special") });
  });

  it.each(["NEWCOMER_API_KEY", "NEWCOMER_TOKEN", "NEWCOMER_SECRET", "!ENV NEWCOMER_API_KEY", "NEWCOMER_KEY"])(
    "is refused as the bare name of a variable, which would be sent as the key: %s",
    async (apiKey) => {
      const problems = await problemsOf(`${one}{ provider: openai, model: x, apiKey: ${apiKey} }`);
      expect(problems).toMatchObject([{ path: "models.a.apiKey", message: expect.stringContaining("${NAME}") }]);
    },
  );

  it.each([
    ["name of a model", "models:\n  sk-proj-NEWCOMER1234567890abcdef: { provider: openai, model: gpt-4o }", "models"],
    ["id of a model", `${one}{ provider: openai, model: sk-proj-NEWCOMER1234567890abcdef }`, "models.a.model"],
  ])("is refused as the %s, and not shown", async (_, text, path) => {
    const problems = await problemsOf(text);
    expect(problems).toMatchObject([{ path, message: expect.stringContaining("as apiKey") }]);
    expect(JSON.stringify(problems)).not.toContain("NEWCOMER");
  });

  it("may end with a line break, as files of keys do; of blanks alone it is none", async () => {
    const { models } = await parseConfig("f", `${one}{ provider: openai, model: x }`, { OPENAI_API_KEY: "sk-abc\n" });
    expect(models.a!.model).toMatchObject({ apiKey: "sk-abc" });
    const [problem] = await problemsOf(`${one}{ provider: openai, model: x }`, { OPENAI_API_KEY: "  \n" });
    expect(problem!.message).toContain("its key is missing");
  });

  it("is refused as a header when no request could carry it", async () => {
    const problems = await problemsOf(
      `${one}{ provider: openai, model: x, headers: { x-key: "a\\nb", "two words": c } }\nmcpServers: { s: { url: "http://h", headers: { x: "a\\nb" } } }`,
    );
    expect(problems.map(({ path }) => path)).toEqual([
      "models.a.headers.x-key",
      'models.a.headers."two words"',
      "mcpServers.s.headers.x",
    ]);
  });

  it("is in no text that is redacted from then on, wherever it came from", async () => {
    await using server = await startLoopbackServer();
    const env = {
      LLM_CRED: "oddly-named-credential",
      SEARCH: "tool-token-of-search",
      TEAM_TOKEN: "a-token-within-words",
      OPENAI_API_KEY: "the-usual-variable-77",
    };
    const { models } = await parseConfig(
      "models.yaml",
      `models:
  a: { provider: openai, model: gpt-a, baseUrl: "${server.openaiUrl}", apiKey: "\${LLM_CRED}" }
  b: { provider: openai, model: gpt-b, baseUrl: "${server.openaiUrl}", apiKey: plain-literal-credential, headers: { x-team-key: second-credential, x-tenant: 8f3k2j1h0a7d6s5g4 } }
  c: { provider: openai, model: gpt-c, baseUrl: "${server.openaiUrl}", apiKey: "\${NOBODY:-default-credential-99}" }
  d: { provider: openai, model: gpt-d, description: "\${TEAM_TOKEN}" }
mcpServers: { s: { url: "http://h", headers: { Authorization: "Bearer \${SEARCH}" } }, t: { command: x, env: { MY_PASSWORD: letters-only, NODE_ENV: production } } }`,
      env,
    );
    const secrets = [
      ...Object.values(env),
      "plain-literal-credential",
      "second-credential",
      "8f3k2j1h0a7d6s5g4",
      "default-credential-99",
      "letters-only",
    ];
    expect(redact(`I know ${secrets.join(", ")} all`)).toBe(`I know ${secrets.map(() => "[redacted]").join(", ")} all`);
    server.reply("gpt-b", { error: { kind: "authentication", message: "No such key: plain-literal-credential." } });
    const graph = createFallback({ models: { b: models.b! } }).compile();
    await expect(graph.invoke({ messages: "Hi" })).rejects.toThrow("No such key: [redacted].");
  });

  it("is all that is hidden: words stay words", async () => {
    await load(
      `${one}{ provider: openai, model: "\${MODEL}", baseUrl: "\${URL}", headers: { Accept: application/json, x-team: engineering, anthropic-version: "2023-06-01", anthropic-beta: prompt-caching-2024-07-31 } }
mcpServers: { t: { command: x, env: { NODE_ENV: production, ROOT: "\${ROOT}" } } }`,
      { MODEL: "gpt-4o-2024-08-06", URL: "https://gateway.example/v1", ROOT: "/home/somebody" },
    );
    const words =
      "application/json engineering 2023-06-01 prompt-caching-2024-07-31 production gpt-4o-2024-08-06 https://gateway.example/v1 /home/somebody";
    expect(redact(words)).toBe(words);
  });
});

describe("a problem of a file", () => {
  const long = `sk-proj-${"Zx9".repeat(40)}`;

  it.each([
    `pipeline, stages: { a: m }, answer: "my \${K}"`,
    `pipeline, stages: { a: { model: m, untilApproved: "my \${K}" } }`,
    `ensemble, models: [m], aggregate: { majorityVote: { normalize: { choice: "x \${K}" } } }`,
    `pipeline, stages: { a: m }, context: { sharedMemory: "my.\${K}" }`,
  ])("shows no part of a key in a value, and says what it may be: %s", async (graph) => {
    const problems = await problemsOf(
      `models: { m: { provider: ollama, model: x } }\ngraphs: { g: { pattern: ${graph} } }`,
      { K: long },
    );
    expect(problems[0]!.message).toMatch(/a text of 13\d characters that may be a key/);
    expect(JSON.stringify(problems)).not.toContain("Zx9");
  });

  it("shows words that stand in variables, in messages and paths", async () => {
    const problems = await problemsOf(
      `models: { a: { provider: "\${P}", model: x }, b: { provider: opnai }, fast: { provider: "\${P}", model: "\${M}", timeout: x } }`,
      { ...keys, P: "openai", M: "fast" },
    );
    expect(problems.map(({ path }) => path)).toEqual(["models.b.provider", "models.fast.timeout"]);
    expect(problems[0]!.message).toMatch(/write one of openai, azure, .*; did you mean openai\?$/);
  });
});
