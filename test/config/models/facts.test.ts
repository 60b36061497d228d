import { calcPrice } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import { contextWindowOf } from "../../../src/config/models/catalogue.js";
import { load } from "../support/parse.js";

/** What is known about one model. */
async function facts(fields: string) {
  const { models } = await load(`models: { it: { ${fields} } }`);
  const { price, contextWindow, capabilities } = models.it!;
  return { price, contextWindow, capabilities };
}

describe("facts about models of a file", () => {
  it("are the client's own, with the price of the catalogue", async () => {
    expect(await facts("provider: openai, model: gpt-4o-mini")).toEqual({
      price: { input: 0.15, output: 0.6, cacheRead: 0.075 },
      contextWindow: 128_000,
      capabilities: ["vision", "tools", "json"],
    });
    const { contextWindow, capabilities } = await facts("provider: google-genai, model: gemini-2.0-flash");
    expect(contextWindow).toBe(1_048_576);
    expect(capabilities).toEqual(["vision", "audio", "tools", "json"]);
  });

  it("come from the catalogues where the client knows nothing", async () => {
    expect(await facts('provider: openrouter, model: "openai/gpt-4o-2024-05-13"')).toMatchObject({
      price: { input: 5, output: 15 },
      contextWindow: 128_000,
    });
    const { capabilities } = await facts('provider: openrouter, model: "anthropic/claude-3-haiku-20240307"');
    expect(capabilities).toBeUndefined(); // in no catalogue
  });

  it("are of the catalogue only where the client is silent, and unknown where it does not list them", () => {
    const listed = calcPrice({}, "gpt-4.1", { providerId: "azure" })!.model.context_window;
    expect(listed).toBeGreaterThan(0);
    expect(contextWindowOf({ provider: "azure", model: "gpt-4.1" })).toBe(listed);
    expect(calcPrice({}, "gemini-2.5-pro", { providerId: "google" })!.model.context_window).toBeUndefined();
    expect(contextWindowOf({ provider: "google-genai", model: "gemini-2.5-pro" })).toBeUndefined();
  });

  it("say the window of a server that is known by its address", async () => {
    const { contextWindow } = await facts(
      'provider: openai-compatible, model: deepseek-chat, baseUrl: "https://api.deepseek.com/v1"',
    );
    expect(contextWindow).toBeGreaterThanOrEqual(64_000);
  });

  it("are unknown, never 0, for a server of one's own elsewhere in the network", async () => {
    expect(await facts('provider: openai-compatible, model: my-model, baseUrl: "http://10.0.0.7:8000/v1"')).toEqual({
      price: null,
      contextWindow: undefined,
      capabilities: undefined,
    });
    expect((await facts("provider: openai, model: no-such-model")).price).toBeUndefined(); // looked up by what answers
  });

  it("say 0 for a model on this machine, and the list price of a hosted one behind a gateway there", async () => {
    const free = { input: 0, output: 0 };
    for (const spec of [
      'provider: openai-compatible, model: my-model, baseUrl: "http://localhost:8000/v1"',
      'provider: openai, model: "qwen2.5:7b", baseUrl: "http://127.0.0.1:11434/v1"',
      "provider: ollama, model: my-model",
      'provider: ollama, model: "llama3.2", baseUrl: "http://gpu-box:11434"',
    ]) {
      expect((await facts(spec)).price).toEqual(free);
    }
    const gateway = await facts('provider: openai-compatible, model: gpt-4o, baseUrl: "http://localhost:4000/v1"');
    expect(gateway.price).toMatchObject({ input: 2.5, output: 10 });
    expect((await facts('provider: ollama, model: "gpt-oss:120b-cloud"')).price).toBeNull();
    expect((await facts("provider: ollama, model: my-model, price: { input: 1, output: 2 }")).price).toEqual({
      input: 1,
      output: 2,
    });
    expect((await facts("provider: ollama, model: my-model, price: null")).price).toBeNull();
  });

  it("follow from the address where the catalogue knows it", async () => {
    const url = '"https://api.together.xyz/v1"';
    const model = "meta-llama/Llama-3.3-70B-Instruct-Turbo";
    const { price } = await facts(`provider: openai-compatible, model: "${model}", baseUrl: ${url}`);
    expect(price).toMatchObject({ input: 0.88, output: 0.88 });
  });

  it.each([
    ["https://api.groq.com/openai/v1", "llama-3.3-70b-versatile", "groq"],
    ["https://api.together.xyz/v1", "meta-llama/Llama-3.3-70B-Instruct-Turbo", "together"],
    ["https://api.deepseek.com/v1", "deepseek-chat", "deepseek"],
    ["https://api.mistral.ai/v1", "mistral-large-latest", "mistral"],
    ["https://api.x.ai/v1", "grok-4", "x-ai"],
  ])("follow from the address, the price and the window where it is listed: %s", async (url, model, providerId) => {
    const found = await facts(`provider: openai-compatible, model: "${model}", baseUrl: "${url}"`);
    expect(found.price?.input).toBeGreaterThan(0);
    expect(found.contextWindow).toBe(calcPrice({}, model, { providerId })!.model.context_window);
    expect(found.capabilities).toBeUndefined();
    const elsewhere = `http://${new URL(url).hostname}.example.com/v1`;
    const unknown = await facts(`provider: openai-compatible, model: "${model}", baseUrl: "${elsewhere}"`);
    expect(unknown).toEqual({ price: null, contextWindow: undefined, capabilities: undefined });
  });

  it("can all be said in the file", async () => {
    const said = await facts(
      "provider: openai, model: gpt-4o, price: { input: 1, output: 2, cacheRead: 0.5 }, contextWindow: 9000, capabilities: [json]",
    );
    expect(said).toEqual({
      price: { input: 1, output: 2, cacheRead: 0.5 },
      contextWindow: 9000,
      capabilities: ["json"],
    });
    expect((await facts("provider: openai, model: gpt-4o, price: null")).price).toBeNull();
  });
});
