// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is how a file names a variable
import { describe, expect, it } from "vitest";
import { parseConfig, withTools } from "../../../src/config/index.js";
import { ConfigError } from "../../../src/errors/index.js";
import { type AllModelsFailedError, createFallback } from "../../../src/index.js";
import { useLoopback } from "../../support/use-loopback.js";

const { server } = useLoopback();

const file = () => `models:
  strong: { provider: anthropic, model: claude-haiku-4-5, price: { input: 1, output: 5 }, description: Strong }
  vertex: { provider: google-vertexai, model: gemini-2.0-flash }
  far: { provider: openai-compatible, model: "\${FAR_MODEL}", baseUrl: "\${FAR_URL}", timeout: "\${FAR_MS}" }
  odd: { provider: "\${ODD_PROVIDER}", model: x }
  tools: { provider: openai, model: gpt-4o, baseUrl: ${server.openaiUrl}, mcpServers: [shop] }
  fast: { provider: openai, model: gpt-4o-mini, baseUrl: ${server.openaiUrl} }
mcpServers: { shop: { url: "http://127.0.0.1:1", headers: { Authorization: "Bearer \${SHOP_TOKEN}" } } }
roles: { main: { model: strong, parameters: { temperature: 0.1 } } }
graphs:
  chain: { pattern: fallback, models: [strong, vertex, far, odd, fast] }
  staged: { pattern: pipeline, stages: { draft: { model: fast }, review: { model: strong, parameters: { temperature: 0.2 } } } }
  alone: { pattern: fallback, models: [strong, vertex] }
`;
const load = () => parseConfig("models.yaml", file(), {});

describe("what a run does not use", () => {
  it("is not required: the file loads, and says what each model lacks", async () => {
    const { models, unavailable, warnings } = await load();
    expect(Object.keys(models)).toEqual(["strong", "vertex", "far", "odd", "tools", "fast"]);
    expect(Object.entries(unavailable).map(([name, lacks]) => [name, lacks.map(({ path }) => path)])).toEqual([
      ["strong", ["models.strong.apiKey"]],
      ["vertex", ["models.vertex.provider"]],
      ["far", ["models.far.model", "models.far.baseUrl", "models.far.timeout"]],
      ["odd", ["models.odd.provider"]],
    ]);
    expect(warnings).toEqual([]);
    expect(models.strong).toMatchObject({ price: { input: 1, output: 5 }, description: "Strong" });
  });

  it("is an outage in a chain: the next model answers, and the ledger says why", async () => {
    const { graphs } = await load();
    const { modelUsed, calls } = await graphs.chain!.compile().invoke({ messages: "Hi" });
    expect(modelUsed).toBe("fast");
    expect(calls.map(({ path, status, error }) => [path, status, error?.class])).toEqual([
      ["strong", "error", "model_unavailable"],
      ["vertex", "error", "model_unavailable"],
      ["far", "error", "model_unavailable"],
      ["odd", "error", "model_unavailable"],
      ["fast", "ok", undefined],
    ]);
    expect(calls[0]!.error!.message).toContain("set ANTHROPIC_API_KEY");
    expect(server.requests).toHaveLength(1);
  });

  it.each(["strong", "vertex", "far", "odd"])("fails with what to do when it is called: %s", async (name) => {
    const { models, unavailable } = await load();
    const error = await createFallback({ models: { [name]: models[name]! } })
      .compile()
      .invoke({ messages: "Hi" })
      .catch((thrown: AllModelsFailedError) => thrown);
    expect(String(error)).toContain(unavailable[name]![0]!.message);
    const { model } = models[name]!;
    await expect((model as { invoke(text: string): Promise<unknown> }).invoke("Hi")).rejects.toThrow(
      `The model "${name}" cannot be called here: `,
    );
    expect(server.requests).toHaveLength(0);
  });

  it("keeps its settings from breaking the graphs and roles that name it", async () => {
    const { graphs, roles } = await load();
    expect(Object.keys(graphs)).toEqual(["chain", "staged", "alone"]);
    expect(roles.main!.model).toBeDefined();
    await expect(graphs.alone!.compile().invoke({ messages: "Hi" })).rejects.toThrow("ANTHROPIC_API_KEY");
  });

  it("is required when a server's variable is missing and a model with its tools is called", async () => {
    const config = await load();
    const { close } = await withTools(config, ["fast"]);
    await close();
    const error = await withTools(config, ["tools"]).catch((thrown: unknown) => thrown);
    expect(ConfigError.isInstance(error) && error.problems.map(({ path, line }) => [path, line])).toEqual([
      ["mcpServers.shop.headers.Authorization", 8],
    ]);
  });

  it("leaves mistakes of the file errors", async () => {
    for (const wrong of ['"${A"', '"${A:-${B}}"', "openia"]) {
      const text = `models: { a: { provider: ${wrong}, model: x } }`;
      await expect(parseConfig("models.yaml", text, {})).rejects.toThrow("models.a.provider");
    }
  });
});
