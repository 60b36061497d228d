// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createFallback } from "../../../src/index.js";
import { keys, load } from "../support/parse.js";
import { startWireServer } from "../support/wire-server.js";

const registry = `
llm:fast:
  _class: OpenAIConfig
  model: gpt-4o-mini
  api_key: \${OPENAI_API_KEY}
  temperature: 0.2
  max_tokens: 256

llm:strong:
  _class: OpenAIConfig
  model: gpt-4o
  api_key: \${OPENAI_API_KEY}
  max_retries: 4

llm:backup:
  _class: AzureConfig
  deployment_name: gpt-4o-eu
  azure_endpoint: URL
  api_key: \${AZURE_OPENAI_API_KEY}

llm:gemini:
  _class: app.config.GeminiConfig
  model: gemini-2.0-flash
  api_key: \${GOOGLE_API_KEY}
  max_output_tokens: 64
  top_k: 20
  safety: high

langfuse:default:
  _class: LangfuseConfig
  public_key: pk-not-ours

checkpointer: { _class: Memory }
`;

const runtime = `
version: v1
name: project
namespace: default
runtime:
  default_model: fast
  cache: true
  models:
    - name: fast
      description: Quick answers
      provider: ollama
      model: llama3.1:8b
      base_url: URL/v1
      default: true
      prompts: [kind, short]
      mcp_servers: [files, web]
      model_api_parameters:
        temperature: 0.4
        num_ctx: 8192
        top_k: 30
        repeat_penalty: 1.1
        best_of: 3
    - name: remote
      provider: universal
      model: Qwen/Qwen3-8B
      base_url: URL/v1
      api_key: \${env:TOGETHER_KEY}
      prompt: kind
      prompt_format: unstructured
      model_api_parameters:
        max_tokens: 99
        top_k: 12
        best_of: 2
        stop: END
    - name: powerful
      provider: openai
      model: gpt-4o
      api_key: \${env:OPENAI_API_KEY}
      prompt: You are careful and kind.
      model_api_parameters: { temperature: 0.1, frequency_penalty: 0.5, top_k: 4 }
prompts:
  - name: kind
    messages:
      - role: system
        content: Be kind.
  - name: short
    content: Be short.
mcp:
  servers:
    - { name: files, transport: stdio, command: npx, args: [-y, server], env: { ROOT: "." } }
    - { name: web, transport: http, base_url: "https://web.example/mcp", headers: { x: y } }
`;

const env = { TOGETHER_KEY: "together-secret-1" };

describe("docs/config.md", () => {
  it("shows files of other systems that load", async () => {
    const docs = readFileSync(new URL("../../../docs/config.md", import.meta.url), "utf8");
    const files = [...docs.slice(docs.indexOf("## Files of other systems")).matchAll(/```yaml\n(.*?)```/gs)];
    const configs = await Promise.all(files.map(([, text]) => load(text!, { KEY: "key-1" })));
    expect(configs.map(({ models, defaultModel }) => [Object.keys(models), defaultModel])).toEqual([
      [["fast", "backup"], "fallback"],
      [["fast", "big"], "fast"],
    ]);
    expect(configs.map(({ warnings }) => warnings)).toEqual([[], []]);
  });
});

describe("loadConfig", () => {
  it("reads a registry as it is: keys without their prefix, classes as providers", async () => {
    const { models, warnings, defaultModel } = await load(registry.replaceAll("URL", "https://x.openai.azure.com"));
    expect(Object.keys(models)).toEqual(["fast", "strong", "backup", "gemini"]);
    expect(Object.values(models).map(({ model }) => model.constructor.name)).toEqual([
      "ChatOpenAI",
      "ChatOpenAI",
      "AzureChatOpenAI",
      "ChatGoogleGenerativeAI",
    ]);
    expect(models.fast!.model).toMatchObject({ temperature: 0.2, maxTokens: 256, apiKey: keys.OPENAI_API_KEY });
    expect(models.strong!.retry).toEqual({ maxRetries: 4 });
    expect(models.backup!.model).toMatchObject({ azureOpenAIApiVersion: "2024-10-21" });
    expect(models.gemini!.model).toMatchObject({ maxOutputTokens: 64, topK: 20 });
    expect(defaultModel).toBeUndefined();
    expect(warnings).toEqual([{ path: "llm:gemini.safety", line: 27, message: "is ignored" }]);
  });

  it("asks the models of a registry where the file says", async () => {
    await using server = await startWireServer();
    const { models } = await load(registry.replaceAll("URL", server.url));
    const { messages } = await createFallback({ models: { backup: models.backup! } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(messages.at(-1)!.text).toBe("Hello.");
    expect(server.requests).toMatchObject([
      {
        path: "/openai/deployments/gpt-4o-eu/chat/completions?api-version=2024-10-21",
        headers: { "api-key": keys.AZURE_OPENAI_API_KEY },
      },
    ]);
  });

  it("reads a runtime as it is: models, prompts, servers, the default", async () => {
    const config = await load(runtime.replaceAll("URL", "http://localhost:11434"), env);
    const { models, prompts, mcpServers, grants, defaultModel, warnings } = config;
    expect(Object.keys(models)).toEqual(["fast", "remote", "powerful"]);
    expect(defaultModel).toBe("fast");
    expect(prompts).toEqual({ kind: "Be kind.", short: "Be short." });
    expect(models.fast).toMatchObject({ description: "Quick answers", systemPrompt: "Be kind.\n\nBe short." });
    expect(models.remote!.systemPrompt).toBe("Be kind.");
    expect(models.powerful!.systemPrompt).toBe("You are careful and kind.");
    expect(mcpServers).toEqual({
      files: { transport: "stdio", command: "npx", args: ["-y", "server"], env: { ROOT: "." } },
      web: { transport: "http", url: "https://web.example/mcp", headers: { x: "y" } },
    });
    const every = ["files", "web"];
    expect(grants).toEqual({ fast: every, remote: every, powerful: every });
    expect(warnings.map(({ line, path, message }) => `${line} ${path}: ${message}`)).toEqual([
      "7 runtime.cache: is ignored",
      "22 runtime.models[0].model_api_parameters.best_of: ollama does not accept this; it is dropped",
      "29 runtime.models[1].prompt_format: is ignored",
      "40 runtime.models[2].model_api_parameters.top_k: openai does not accept this; it is dropped",
    ]);
  });

  it("sends the parameters of a runtime under each provider's names", async () => {
    await using server = await startWireServer();
    const { models } = await load(runtime.replaceAll("URL", server.url), env);
    for (const name of ["fast", "remote"]) {
      await createFallback({ models: { [name]: models[name]! } })
        .compile()
        .invoke({ messages: "Hi" });
    }
    const [fast, remote] = server.requests;
    expect(fast).toMatchObject({
      path: "/api/chat",
      body: { model: "llama3.1:8b", options: { temperature: 0.4, num_ctx: 8192, top_k: 30, repeat_penalty: 1.1 } },
    });
    expect(remote).toMatchObject({
      headers: { authorization: "Bearer together-secret-1" },
      body: { model: "Qwen/Qwen3-8B", max_tokens: 99, top_k: 12, best_of: 2, stop: ["END"] },
    });
  });

  it("reads prompts and servers that are maps, and a runtime in JSON", async () => {
    const file = {
      runtime: {
        models: [{ name: "a", provider: "ollama", model: "x", prompts: ["kind"], mcp_servers: [{ name: "files" }] }],
      },
      prompts: {
        kind: {
          messages: [
            { role: "system", content: "Be kind." },
            { role: "user", content: "Hi" },
          ],
        },
      },
      mcp: { servers: { files: { command: "npx", transport: "stdio" } } },
    };
    const { models, grants, warnings } = await load(JSON.stringify(file));
    expect(models.a!.systemPrompt).toBe("Be kind.");
    expect(grants).toEqual({ a: ["files"] });
    expect(warnings).toMatchObject([
      { path: "prompts.kind.messages[1]", message: "only the text of system messages is read" },
    ]);
  });

  it("fills in variables: with a default, as a number, and never twice", async () => {
    const text = `models:
  a: { provider: openai, model: "\${MODEL:-gpt-4o}", description: "$\${HOME} \${WORDS}", timeout: "\${MS}", parameters: { temperature: "\${T:-0.5}", logprobs: "\${LOGS:-true}" } }
  "\${NAME}": { provider: "\${env:WHO}", model: gpt-4o }`;
    const { models } = await load(text, { MS: "1500", WORDS: "${MS}", WHO: "openai" });
    expect(models.a).toMatchObject({ description: "${HOME} ${MS}", timeout: 1500 });
    expect(models.a!.model).toMatchObject({ model: "gpt-4o", temperature: 0.5, logprobs: true });
    expect(Object.keys(models)).toEqual(["a", "${NAME}"]); // names are not filled in
  });

  it("reads anchors and merge keys", async () => {
    const text = `models:
  a: &base { provider: openai, model: gpt-4o, parameters: &cool { temperature: 0.1 } }
  b: { <<: *base, model: gpt-4o-mini }
  c: { provider: openai, model: gpt-4o, parameters: *cool }`;
    const { models } = await load(text);
    expect(models.b!.model).toMatchObject({ model: "gpt-4o-mini", temperature: 0.1 });
    expect(models.c!.model).toMatchObject({ temperature: 0.1 });
  });
});
