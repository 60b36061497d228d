import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createFallback } from "../../../src/index.js";
import { keys, load, problemsOf } from "../support/parse.js";
import { startWireServer, type WireRequest, type WireServer } from "../support/wire-server.js";

let server: WireServer;
beforeAll(async () => {
  server = await startWireServer();
});
afterAll(() => server[Symbol.asyncDispose]());
afterEach(() => vi.unstubAllEnvs());

/** Asks the model of a spec once, and says what was sent. */
async function sent(spec: object, env: Readonly<Record<string, string>> = {}): Promise<WireRequest> {
  const { models } = await load(JSON.stringify({ models: { it: spec } }), env);
  const graph = createFallback({ models: { it: models.it! } }).compile();
  await graph.invoke({ messages: "Hi" });
  return server.requests.at(-1)!;
}

describe("a model of a file", () => {
  it("is reached where the file says, whatever the environment of the process says", async () => {
    const elsewhere = "http://127.0.0.1:1";
    for (const name of [
      ...["AZURE_OPENAI_BASE_PATH", "AZURE_OPENAI_ENDPOINT", "OPENAI_BASE_URL", "OPENAI_API_BASE"],
      ...["ANTHROPIC_BASE_URL", "ANTHROPIC_API_URL", "OLLAMA_BASE_URL"],
    ]) {
      vi.stubEnv(name, elsewhere);
    }
    vi.stubEnv("OPENAI_ORGANIZATION", "org-of-the-process");
    vi.stubEnv("OPENAI_ORG_ID", "org-of-the-process");
    vi.stubEnv("OPENAI_PROJECT_ID", "project-of-the-process");
    vi.stubEnv("ANTHROPIC_AUTH_TOKEN", "token-of-the-process");
    for (const spec of [
      { provider: "azure", model: "gpt-4o", baseUrl: server.url },
      { provider: "openai-compatible", model: "x", baseUrl: `${server.url}/v1` },
      { provider: "openai", model: "x", baseUrl: `${server.url}/v1` },
      { provider: "anthropic", model: "claude-3-5-haiku-latest", baseUrl: server.url },
      { provider: "ollama", model: "x", baseUrl: server.url },
    ]) {
      expect(JSON.stringify((await sent(spec)).headers)).not.toContain("of-the-process");
    }
    const { models } = await load("models: { a: { provider: openai, model: gpt-4o } }"); // another environment, without it
    expect(models.a!.model).toMatchObject({
      clientConfig: { baseURL: "https://api.openai.com/v1", organization: null },
    });
  });

  it.each([
    ["openai", "OPENAI_BASE_URL", "authorization", `Bearer ${keys.OPENAI_API_KEY}`],
    ["anthropic", "ANTHROPIC_BASE_URL", "x-api-key", keys.ANTHROPIC_API_KEY],
    ["ollama", "OLLAMA_BASE_URL", "authorization", undefined],
  ])("of %s is reached where %s of the given environment says, with its key", async (provider, name, header, key) => {
    const url = provider === "openai" ? `${server.url}/v1` : server.url;
    const { headers } = await sent({ provider, model: "claude-3-5-haiku-latest" }, { [name]: url });
    expect(headers[header]).toBe(key);
  });

  it("at OpenAI's own address has OpenAI's key and organization, and needs the key", async () => {
    const text = 'models: { a: { provider: openai, model: gpt-4o, baseUrl: "https://eu.api.openai.com/v1" } }';
    const { models } = await load(text, { OPENAI_ORGANIZATION: "org-1" });
    expect(models.a!.model).toMatchObject({ apiKey: keys.OPENAI_API_KEY, clientConfig: { organization: "org-1" } });
    expect(await problemsOf(text, {})).toMatchObject([{ path: "models.a.apiKey" }]);
    expect(await problemsOf(text.replace("openai.com", "openai.com.example.org"), {})).toEqual([]);
  });

  it("of a hosted Ollama is sent its key", async () => {
    const { headers } = await sent({ provider: "ollama", model: "x", baseUrl: server.url, apiKey: "ollama-key-1" });
    expect(headers.authorization).toBe("Bearer ollama-key-1");
  });

  it("is sent a time of Ollama as the number a variable spells", async () => {
    const spec = { provider: "ollama", model: "x", baseUrl: server.url, parameters: { keepAlive: "$" + "{K}" } };
    expect((await sent(spec, { K: "-1" })).body.keep_alive).toBe(-1);
    expect((await sent(spec, { K: "5m" })).body.keep_alive).toBe("5m");
  });
});
