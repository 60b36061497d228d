// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { describe, expect, it } from "vitest";
import type { Config } from "../../../src/config/index.js";
import { createFallback } from "../../../src/index.js";
import { keys, load, problemsOf } from "../support/parse.js";
import { startWireServer } from "../support/wire-server.js";

/** What is wrong, and what is left out, as `line path: message`. */
const told = (remarks: Config["warnings"]) => remarks.map(({ line, path, message }) => `${line} ${path}: ${message}`);

/** A runtime with these models, and sections after it. */
const runtime = (models: string, rest = "") => `version: v1\nruntime: { models: [${models}] }\n${rest}`;

async function ask({ models }: Config, name: string) {
  return createFallback({ models: { [name]: models[name]! } })
    .compile()
    .invoke({ messages: "Hi" });
}

const prompts = `prompts:
  - name: kind
    messages: [{ role: system, content: Be kind. }]
  - name: example
    messages: [{ role: user, content: Hi }, { role: assistant, content: Hello }]
  - name: short
    messages: [{ role: system, content: "Be short, {{user}}." }]
`;

const mcp = `mcp:
  servers:
    - { name: files, transport: stdio, command: npx, base_url: "", headers: {} }
    - { name: web, transport: http, base_url: "https://web.example/mcp", enabled: false, command: null }
  timeout: 3
`;

describe("a runtime", () => {
  it("gives a model that names none all prompts and all servers, and asks its first model", async () => {
    await using server = await startWireServer();
    const text = runtime(
      [
        `{ name: a, provider: universal, model: x, base_url: "${server.url}/v1" }`,
        `{ name: b, provider: ollama, model: x, prompts: [], mcp_servers: [] }`,
        `{ name: c, provider: ollama, model: x, prompts: [kind], mcp_servers: [web] }`,
        `{ name: d, provider: ollama, model: x, prompts: [example, kind] }`,
      ].join(", "),
      prompts + mcp,
    );
    const config = await load(text);
    const all = "Be kind.\n\nBe short, {{user}}.";
    expect(Object.values(config.models).map(({ systemPrompt }) => systemPrompt)).toEqual([
      all,
      all,
      "Be kind.",
      "Be kind.",
    ]);
    expect(config.grants).toEqual({ a: ["files", "web"], b: [], c: ["web"], d: ["files", "web"] });
    expect(config.defaultModel).toBe("a");
    expect(config.prompts).toEqual({ kind: "Be kind.", short: "Be short, {{user}}." });
    expect(config.mcpServers).toEqual({
      files: { transport: "stdio", command: "npx" },
      web: { transport: "http", url: "https://web.example/mcp" },
    });
    expect(told(config.warnings)).toEqual([
      "7 prompts[1].messages[0]: only the text of system messages is read",
      "7 prompts[1].messages[1]: only the text of system messages is read",
      "9 prompts[2].messages[0]: {{ }} placeholders are not filled in",
      "12 mcp.servers[0].headers: is ignored",
      "13 mcp.servers[1].enabled: is ignored",
      "14 mcp.timeout: is ignored",
    ]);
    await ask(config, "a");
    expect(server.requests[0]!.body.messages).toMatchObject([{ role: "system", content: all }, { role: "user" }]);
  });

  it("has prompts that are messages without a name, as older files do", async () => {
    const older = "prompts:\n  - { role: system, content: Be kind. }\n  - { role: user, content: Hi }\n";
    const { models, warnings } = await load(runtime("{ name: a, provider: ollama, model: x }", older));
    expect(models.a!.systemPrompt).toBe("Be kind.");
    expect(told(warnings)).toEqual(["5 prompts[1]: only the text of system messages is read"]);
  });

  it("may be one model, as it was before there were several", async () => {
    const { models, defaultModel, warnings } = await load(`runtime:
  provider: ollama
  model: llama3.1:8b
  base_url: http://localhost:11434/v1
  temperature: 0.7
  model_api_parameters: { top_p: 0.5 }
${prompts}`);
    expect(models.default!.model).toMatchObject({ model: "llama3.1:8b", topP: 0.5 });
    expect(models.default!.systemPrompt).toContain("Be kind.");
    expect(defaultModel).toBe("default");
    expect(told(warnings)[0]).toBe("5 runtime.temperature: is ignored");
  });

  it("asks what it says is the default: default_model, then default: true", async () => {
    const two = "{ name: a, provider: ollama, model: x }, { name: b, provider: ollama, model: x, default: true }";
    expect((await load(runtime(two))).defaultModel).toBe("b");
    const said = await load(runtime(two).replace("runtime: {", "runtime: { default_model: a,"));
    expect(said.defaultModel).toBe("a");
    expect(told(said.warnings)).toEqual(["2 runtime.models[1].default: is ignored; a is the default"]);
    expect(told(await problemsOf(runtime(two).replace("runtime: {", "runtime: { default_model: nobody,")))).toEqual([
      expect.stringMatching(/^2 runtime\.default_model: there is no model or graph "nobody"/),
    ]);
  });

  it("finds servers of one's own where they usually are", async () => {
    const names = ["universal", "lemonade", "vllm", "lmstudio", "llamacpp", "together"];
    const { models } = await load(
      runtime(names.map((name) => `{ name: ${name}, provider: ${name}, model: x }`).join()),
    );
    const urls = names.map(
      (name) => (models[name]!.model as unknown as { clientConfig: { baseURL: string } }).clientConfig.baseURL,
    );
    expect(urls).toEqual([
      "http://127.0.0.1:11540/v1",
      "http://127.0.0.1:11534/api/v1",
      "http://127.0.0.1:8000/v1",
      "http://127.0.0.1:1234/v1",
      "http://127.0.0.1:8080/v1",
      "https://api.together.xyz/v1",
    ]);
  });

  it("puts an extra_body into the body, but nothing a request says itself", async () => {
    await using server = await startWireServer();
    const config = await load(
      runtime(`{ name: a, provider: universal, model: x, base_url: "${server.url}/v1",
  extra_body: { n_ctx: 4096, flash_attn: true, model: dear },
  model_api_parameters: { stream: false, best_of: 2, top_k: 0, max_tokens: -1, messages: [] } }`),
    );
    await ask(config, "a");
    const { messages, stream, stream_options, ...body } = server.requests[0]!.body;
    expect(body).toEqual({ model: "x", n_ctx: 4096, flash_attn: true, best_of: 2, top_k: 0 });
    expect(messages).toHaveLength(1);
    expect(told(config.warnings)).toEqual([
      "3 runtime.models[0].extra_body.model: is set by each request; it is dropped",
      "4 runtime.models[0].model_api_parameters.stream: is set by each request; it is dropped",
      "4 runtime.models[0].model_api_parameters.messages: is set by each request; it is dropped",
    ]);
  });

  it("takes no limit for none, and says where a client has no such number", async () => {
    const { models, warnings } = await load(
      runtime("{ name: a, provider: ollama, model: x, model_api_parameters: { max_tokens: -1, top_k: 0, seed: -1 } }"),
    );
    expect(models.a!.model).toMatchObject({ seed: -1, numPredict: undefined, topK: undefined });
    expect(told(warnings)).toEqual([
      "2 runtime.models[0].model_api_parameters.top_k: ollama accepts only numbers from 1; it is dropped",
    ]);
  });

  it("understands our names, and sends a key as a key", async () => {
    await using server = await startWireServer();
    const config = await load(
      runtime(
        `{ name: a, provider: openai, model: x, baseUrl: "${server.url}/v1", apiKey: "\${env:OPENAI_API_KEY}", contextWindow: 9000 }`,
      ),
    );
    await ask(config, "a");
    expect(config.models.a!.contextWindow).toBe(9000);
    expect(server.requests[0]!.headers.authorization).toBe(`Bearer ${keys.OPENAI_API_KEY}`);
    expect(JSON.stringify(server.requests[0]!.body)).not.toMatch(/apiKey|sk-openai/);
  });

  it("names what is missing as it is called there, and writing it helps", async () => {
    const text = runtime("{ name: a, provider: openai-compatible, model: x }, { name: b, provider: openai, model: x }");
    expect(told(await problemsOf(text, {}))).toEqual([
      "2 runtime.models[0].base_url: is missing; openai-compatible needs it",
    ]);
    expect(told(await problemsOf(runtime("{ name: b, provider: openai, model: x }"), {}))).toEqual([
      '2 runtime.models[0].api_key: its key is missing; set OPENAI_API_KEY, or write "${ANOTHER_VARIABLE}" here',
    ]);
  });

  it("needs no variable of what nobody reads", async () => {
    const rest = 'rag: { key: "${env:RAG_KEY}" }\nvoice: { tts: "${ }" }\n';
    const unread = runtime('{ name: a, provider: ollama, model: x, huggingface_token: "${HF_TOKEN}" }', rest);
    const { warnings } = await load(unread);
    expect(told(warnings)).toEqual(["2 runtime.models[0].huggingface_token: is ignored"]);
    const read = runtime(
      "{ name: a, provider: ollama, model: x }",
      'prompts: [{ name: p, content: "{{a}} ${NOT_SET}" }]',
    );
    expect(told(await problemsOf(read))).toEqual([
      expect.stringMatching(/^3 prompts\[0\]\.content: the variable NOT_SET is not set/),
    ]);
  });

  it("may have sections of ours beside it", async () => {
    const text = runtime(
      "{ name: a, provider: ollama, model: x }, { name: b, provider: ollama, model: y }",
      `fallback: [a, c]
default: fallback
models: { c: { provider: ollama, model: z, mcpServers: [ours] } }
mcpServers: { ours: { command: npx } }
mcp: { servers: { files: { command: npx } } }
`,
    );
    const { models, graphs, defaultModel, grants } = await load(text);
    expect(Object.keys(models).sort()).toEqual(["a", "b", "c"]);
    expect(Object.keys(graphs)).toEqual(["fallback"]);
    expect(defaultModel).toBe("fallback");
    expect(grants).toEqual({ a: ["files"], b: ["files"], c: ["ours"] });
    const marked = text.replace("default: fallback\n", "").replace("model: z", "model: z, default: true");
    expect((await load(marked)).defaultModel).toBe("c");
    expect(
      told(await problemsOf(text.replace("models: { c", "models: [{ c").replace("[ours] } }", "[ours] } }]"))),
    ).toEqual(["5 models: is a list; write entries by name"]);
    expect(told(await problemsOf(text.replace("model: z", "modell: z")))).toEqual([
      "5 models.c.modell: is an unknown field; did you mean model?",
    ]);
  });
});
