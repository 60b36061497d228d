// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { afterEach, describe, expect, it, vi } from "vitest";
import type { Config } from "../../../src/config/index.js";
import { createFallback } from "../../../src/index.js";
import { keys, load, problemsOf } from "../support/parse.js";
import { startWireServer } from "../support/wire-server.js";

/** What is wrong, and what is left out, as `line path: message`. */
const told = (remarks: Config["warnings"]) => remarks.map(({ line, path, message }) => `${line} ${path}: ${message}`);

/** Asks one model of a file. */
async function ask({ models }: Config, name: string) {
  return createFallback({ models: { [name]: models[name]! } })
    .compile()
    .invoke({ messages: "Hi" });
}

/** A registry as the documentation of its system shows it. */
const documented = `
llm:fast:
  _class: OpenAIConfig
  api_key: \${OPENAI_API_KEY}
  api_type: openai
  base_url: URL/v1
  model: gpt-4o-mini
  cost_per_input_token: 0.00000015
  cost_per_output_token: 0.0000006
  batch_size: 50000
  proxy: null

llm:azure:
  _class: OpenAIConfig
  api_key: \${AZURE_API_KEY}
  api_type: azure
  azure_endpoint: URL
  api_version: "2024-02-15-preview"
  model: my-deployment

llm:local:
  api_type: vllm
  api_key: not-needed
  base_url: URL/v1
  model: meta-llama/Llama-3.1-8B-Instruct
  temperature: \${TEMPERATURE:0.2}
  max_retries: \${RETRIES:3}

rerank:default:
  _class: RerankConfig
  api_key: \${PINECONE_API_KEY}

langfuse:default:
  _class: LangfuseConfig
  public_key: \${LANGFUSE_PUBLIC_KEY:}
`;
const env = { AZURE_API_KEY: "azure-of-the-registry" };

const account = `
llm:gemini:
  _class: GeminiConfig
  project_id: \${GCP_PROJECT}
  private_key_id: "1"
  private_key: \${GEMINI_PRIVATE_KEY}
  client_email: me@my-project.iam.gserviceaccount.com
  client_id: "2"
  token_uri: https://oauth2.googleapis.com/token
  location: europe-west4
  model: gemini-2.0-flash-001
`;

class ChatVertexAI {
  readonly fields: unknown;
  constructor(fields: unknown) {
    this.fields = fields;
  }
}

describe("a registry", () => {
  afterEach(() => {
    vi.doUnmock("@langchain/google-vertexai");
    vi.resetModules();
  });

  it("sends a server what its API has, and no field of a class", async () => {
    await using server = await startWireServer();
    const config = await load(documented.replaceAll("URL", server.url), env);
    await ask(config, "fast");
    const [{ path, body, headers }] = server.requests as [(typeof server.requests)[number]];
    expect(path).toBe("/v1/chat/completions");
    expect(headers.authorization).toBe(`Bearer ${keys.OPENAI_API_KEY}`);
    expect(Object.keys(body).sort()).toEqual(["messages", "model", "stream"]);
    expect(config.models.fast!.price).toEqual({ input: 0.15, output: 0.6 });
    expect(told(config.warnings)).toEqual(["10 llm:fast.batch_size: is ignored"]);
  });

  it("reaches Azure the way Azure is reached, whatever the class", async () => {
    await using server = await startWireServer();
    const config = await load(documented.replaceAll("URL", server.url), env);
    await ask(config, "azure");
    expect(server.requests).toMatchObject([
      {
        path: "/openai/deployments/my-deployment/chat/completions?api-version=2024-02-15-preview",
        headers: { "api-key": env.AZURE_API_KEY },
      },
    ]);
  });

  it("has a type in the place of a class, and variables with a default after one colon", async () => {
    await using server = await startWireServer();
    const { models } = await load(documented.replaceAll("URL", server.url), env);
    expect(models.local).toMatchObject({ retry: { maxRetries: 3 }, model: { temperature: 0.2 } });
    const { models: others } = await load(documented.replaceAll("URL", server.url), { ...env, TEMPERATURE: "0.7" });
    expect(others.local!.model).toMatchObject({ temperature: 0.7 });
  });

  it("needs no variable of what nobody reads", async () => {
    const unread = `llm:a: { _class: OpenAIConfig, model: gpt-4o, proxy: "\${NO_PROXY_IS_SET}" }
rerank:default: { _class: RerankConfig, api_key: "\${PINECONE_API_KEY}", url: "\${A-b}" }`;
    const { warnings } = await load(unread);
    expect(told(warnings)).toEqual(["1 llm:a.proxy: is ignored"]);
    expect(told(await problemsOf(unread.replace("gpt-4o", '"${NO_MODEL}"')))).toEqual([
      "1 llm:a.model: the variable NO_MODEL is not set; set it, or write ${NO_MODEL:-default}",
    ]);
  });

  it("sends OpenAI itself only what OpenAI has", async () => {
    const { models, warnings } = await load(`llm:a:
  _class: OpenAIConfig
  base_url: https://api.openai.com/v1
  model: gpt-4o
  top_k: 4
  organization: org-1
  streaming: true`);
    expect(models.a!.model).toMatchObject({ modelKwargs: {}, apiKey: keys.OPENAI_API_KEY });
    expect(told(warnings)).toEqual([
      "5 llm:a.top_k: openai does not accept this; it is dropped",
      "6 llm:a.organization: is ignored",
      "7 llm:a.streaming: is ignored",
    ]);
  });

  it("reads a key under every name it goes by, and never sends one in a request's body", async () => {
    await using server = await startWireServer();
    for (const field of ["api_key", "key", "apiKey"]) {
      const text = `llm:a: { _class: OpenAIConfig, model: x, base_url: "${server.url}/v1", ${field}: "\${OPENAI_API_KEY}", api_token: abc }`;
      await ask(await load(text), "a");
    }
    for (const { headers, body } of server.requests) {
      expect(headers.authorization).toBe(`Bearer ${keys.OPENAI_API_KEY}`);
      expect(JSON.stringify(body)).not.toMatch(/api_?key|api_token|sk-openai/i);
    }
    expect(server.requests).toHaveLength(3);
  });

  it("names what is missing as it is called there, and writing it helps", async () => {
    const text = "llm:b: { _class: AzureConfig, model: x }";
    expect(told(await problemsOf(text, {}))).toEqual(["1 llm:b.azure_endpoint: is missing; azure needs it"]);
    const reached = text.replace(" }", ', azure_endpoint: "https://x.openai.azure.com" }');
    expect(told(await problemsOf(reached, {}))).toEqual([
      '1 llm:b.api_key: its key is missing; set AZURE_OPENAI_API_KEY, or write "${ANOTHER_VARIABLE}" here',
    ]);
    const written = text.replace(
      " }",
      ', azure_endpoint: "https://x.openai.azure.com", api_key: "${ANOTHER_VARIABLE}" }',
    );
    expect(await problemsOf(written, { ANOTHER_VARIABLE: "key-1" })).toEqual([]);
  });

  it.each([
    ["{ model: x }", "llm:a._class: is missing; write one of OpenAIConfig"],
    ["{ _class: OpenAICnofig, model: x }", "; did you mean OpenAIConfig?"],
    ["{ _class: OpenAIConfig, model: x, max_retries: often }", "llm:a.max_retries: is a text; write a number"],
    ["{ _class: OpenAIConfig, model: x, temperature: hot }", "llm:a.temperature: is a text; write a number"],
    [
      "{ _class: OpenAIConfig, model: x, cost_per_input_token: cheap, cost_per_output_token: 1 }",
      "llm:a.cost_per_input_token: is a text; write a number",
    ],
  ])("refuses %s where it stands", async (entry, message) => {
    const problems = await problemsOf(`llm:a: ${entry}`);
    expect(problems).toHaveLength(1);
    expect(told(problems)[0]).toContain(message);
  });

  it("has Gemini by a key, or by a project on Vertex AI, for which a package is missing", async () => {
    const { models, warnings } = await load(
      "llm:a: { _class: GeminiConfig, model: gemini-2.0-flash, api_key: my-key, project_id: p }",
    );
    expect(models.a!.model).toMatchObject({ apiKey: "my-key" });
    expect(told(warnings)).toEqual(["1 llm:a.project_id: is ignored"]);
    const byProject = "llm:a: { _class: GeminiConfig, model: gemini-2.0-flash-001, project_id: p }";
    expect(told(await problemsOf(byProject, {}))[0]).toMatch(
      /^1 llm:a\._class: .*npm install @langchain\/google-vertexai, or set GOOGLE_API_KEY/,
    );
  });

  it("calls the Gemini API by its key where Vertex AI's package is missing, and needs nothing of a service account", async () => {
    const unset = account.replace('"1"', '"${GEMINI_PRIVATE_KEY_ID}"').replace('"2"', '"${GEMINI_CLIENT_ID}"');
    const { models, warnings, unavailable } = await load(unset);
    expect(models.gemini!.model).toMatchObject({ model: "gemini-2.0-flash-001", apiKey: keys.GOOGLE_API_KEY });
    expect(unavailable).toEqual({});
    expect(told(warnings)).toEqual([
      "3 llm:gemini._class: calls the Gemini API with GOOGLE_API_KEY; for Vertex AI run: npm install @langchain/google-vertexai",
    ]);
  });

  it("keeps to Vertex AI where a file of ours names it", async () => {
    const own = await load("models: { v: { provider: google-vertexai, model: gemini-2.0-flash } }");
    expect(told(own.unavailable.v!)).toEqual([
      "1 models.v.provider: needs a package that is not installed; run: npm install @langchain/google-vertexai",
    ]);
  });

  it("signs in to Vertex AI as the service account it names", async () => {
    vi.doMock("@langchain/google-vertexai", () => ({ ChatVertexAI }));
    vi.resetModules();
    const { parseConfig } = await import("../../../src/config/index.js");
    const variables = { GCP_PROJECT: "my-project", GEMINI_PRIVATE_KEY: "-----BEGIN PRIVATE KEY-----\nabc\n" };
    const { models, warnings } = await parseConfig("registry.yaml", account, variables);
    expect((models.gemini!.model as unknown as ChatVertexAI).fields).toMatchObject({
      model: "gemini-2.0-flash-001",
      location: "europe-west4",
      authOptions: {
        projectId: "my-project",
        credentials: {
          client_email: "me@my-project.iam.gserviceaccount.com",
          private_key: variables.GEMINI_PRIVATE_KEY,
        },
      },
    });
    expect(warnings).toEqual([]);
  });

  it("may have sections of ours beside it", async () => {
    const text = `llm:fast: { _class: OpenAIConfig, model: gpt-4o-mini }
models: { strong: { provider: openai, model: gpt-4o } }
tiers: { large: strong }
fallback: [fast, strong]
default: fallback
graphs: { two: { pattern: cascade, models: [fast, strong], verify: { judge: strong } } }`;
    const { models, graphs, tiers, defaultModel } = await load(text);
    expect(Object.keys(models).sort()).toEqual(["fast", "strong"]);
    expect(Object.keys(graphs).sort()).toEqual(["fallback", "two"]);
    expect(tiers.large).toBe(models.strong);
    expect(defaultModel).toBe("fallback");
    const wrong = text.replace("strong: {", "fast: {").replace("large: strong", "large: fsat");
    expect(told(await problemsOf(wrong)).slice(0, 2)).toEqual([
      '2 models.fast: another entry of the file is called "fast"; rename one of them',
      '3 tiers.large: there is no model "fsat"; did you mean fast?',
    ]);
  });
});
