import { ChatOllama } from "@langchain/ollama";
import { AzureChatOpenAI, ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { byCost, createFallback, createRouter, type Model, type ModelEntry, totalCost } from "../../src/index.js";
import { addressIn, isLoopback, localPrice } from "../../src/ledger/local-price.js";
import { isFineTuned, lookUpPrice } from "../../src/ledger/price.js";
import { kindNamed } from "../../src/models/client-kinds.js";
import { resolve } from "../../src/models/resolve.js";
import { failWith } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

describe("isLoopback", () => {
  it.each([
    "http://localhost:1234/v1",
    "http://LOCALHOST",
    "http://localhost.:80",
    "http://api.localhost/v1",
    "http://127.0.0.1:11434",
    "http://127.8.9.10",
    "http://127.1",
    "http://2130706433/v1",
    "http://0.0.0.0:8000",
    "http://[::1]:8080/v1",
    "http://[::]:8080/v1",
    "http://[::ffff:127.0.0.1]/v1",
    "http://[::ffff:127.1.2.3]/v1",
    "http://host.docker.internal:11434",
    "http://host.containers.internal",
  ])("is true for %s", (url) => expect(isLoopback(url)).toBe(true));

  it.each([
    "https://api.openai.com/v1",
    "http://192.168.1.5:1234/v1",
    "http://10.0.0.1",
    "http://localhost.evil.com",
    "http://127.0.0.1.evil.com",
    "http://mylocalhost",
    "http://gpu-box:11434",
    "http://[::ffff:8.8.8.8]",
    "http://[::2]",
    "https://x.example/?to=localhost",
    "https://127.0.0.1@x.example",
    "not a url",
    "",
  ])("is false for %s", (url) => expect(isLoopback(url)).toBe(false));
});

describe("localPrice", () => {
  const hostingOf = (kind: string) => kindNamed(kind)?.hosting;
  const at = (modelId?: string, apiUrl = "http://127.0.0.1:8000/v1", kind = "openai") =>
    localPrice({ hosting: hostingOf(kind), apiUrl, modelId });
  const free = { input: 0, output: 0 };

  it.each([
    "llama3.1:8b",
    "my-model",
    "deepseek-r1:8b",
    "mistral:latest",
    "qwen2.5-coder:7b-instruct-q4_K_M",
    "openai/gpt-oss-20b",
    "gpt-oss:20b",
    "google/gemma-3-12b",
    "deepseek/deepseek-r1-0528-qwen3-8b",
    "mistral/ministral-99-3b-instruct",
    "mistral.gguf",
    "mistralai/mistral-small-3.2",
    "anthropic-like-mine",
    "models/llama-3.gguf",
    "meta-llama/Llama-3.1-8B-Instruct",
    "",
    "__proto__",
  ])("is 0 on this machine for %o", (id) => expect(at(id)).toEqual(free));

  it.each([
    ["gpt-4o", 2.5],
    ["openai/gpt-4o", 2.5],
    ["gpt-4o-mini-2024-07-18", 0.15],
    ["claude-sonnet-4-5", 3],
    ["anthropic/claude-sonnet-4-5", 3],
    ["gemini-2.5-pro", 1.25],
    ["gemini/gemini-2.5-pro", 1.25],
    ["ft:gpt-4o-mini-2024-07-18:acme::x", 0.3],
    ["groq/llama-3.3-70b-versatile", 0.59],
    ["groq/openai/gpt-oss-20b", 0.075],
    ["bedrock/anthropic.claude-3-haiku-20240307-v1:0", 0.25],
    ["bedrock/converse/us.anthropic.claude-3-5-sonnet-20241022-v2:0", 3],
    ["bedrock/us-west-2/amazon.nova-pro-v1:0", 0.8],
    ["amazon.nova-pro-v1:0", 0.8],
    ["eu.anthropic.claude-3-haiku-20240307-v1:0", 0.25],
    ["openrouter/meta-llama/llama-3.3-70b-instruct", 0.05],
    ["azure/gpt-4o", 2.5],
    ["deepseek/deepseek-chat", 0.27],
    ["mistral/mistral-large-latest", 2],
    ["cohere_chat/command-r-plus", 2.5],
    ["xai/grok-3", 3],
  ])("is the list price of a hosted id behind a gateway there: %s", (id, input) =>
    expect(at(id)).toMatchObject({ input }),
  );

  it.each([
    ...["claude-99-opus", "gpt-99", "gemini-99-pro", "ft:gpt-4.1-2025-04-14:acme::x", "davinci:ft-acme-2023"],
    ...["groq/llama-99", "bedrock/anthropic.claude-99-v1:0", "anthropic.claude-99-v1:0", "azure/my-deployment"],
    ...["together_ai/meta-llama/Llama-99-8b", "vertex_ai/meta/llama-99", "openrouter/x/y:free", "replicate/me/mine"],
    ...["deepseek/deepseek-99", "gpt-oss:120b-cloud", "qwen3-coder:480b-cloud", "deepseek-v3.1:671b-cloud"],
  ])("is unknown, never 0, for a hosted id that no list has: %s", (id) => expect(at(id)).toBeNull());

  it.each([
    ...["gpt-99:70b", "gpt-99:q-70b", "gpt-99:mini-1.25b-q4", "gpt-99:0.75M", "gpt-99:latest", "gpt-99.gguf"],
    ...[
      "gpt-oss-99",
      "mine/gpt-oss-99",
      "gemma-99",
      "my-gpt-99",
      "own-o99",
      "o-mine",
      "x/openai/gpt-99",
      "llama3:ft-mine",
    ],
  ])("is 0 for open weights by any name: %s", (id) => expect(at(id)).toEqual(free));

  it.each(["gpt-99:latest-news", "gpt-99.gguff", "gpt-99:70bits", "o99", "chatgpt-99", "grok-99", "my/claude-99"])(
    "does not take %s for a file of weights",
    (id) => expect(at(id)).toEqual(id.startsWith("my/") ? free : null),
  );

  it("does not apply elsewhere, nor to Azure", () => {
    expect(at("my-model", "http://192.168.0.2/v1")).toBeUndefined();
    expect(at("my-model", "http://localhost/v1", "azure")).toBeUndefined();
    expect(at("my-model", "http://localhost/v1", "azure_openai")).toBeUndefined();
    expect(localPrice({ hosting: hostingOf("openai"), modelId: "gpt-4o" })).toBeUndefined();
    expect(localPrice({})).toBeUndefined();
  });

  it("is 0 for kinds of clients that are local wherever their server is, but for Ollama's cloud", () => {
    expect(localPrice({ hosting: hostingOf("ollama"), apiUrl: "http://gpu-box:11434", modelId: "gpt-4o" })).toEqual(
      free,
    );
    expect(localPrice({ hosting: hostingOf("llama_cpp") })).toEqual(free);
    expect(
      localPrice({ hosting: hostingOf("ollama"), apiUrl: "https://ollama.com", modelId: "gpt-oss:120b" }),
    ).toBeNull();
    expect(localPrice({ hosting: hostingOf("ollama"), modelId: "gpt-oss:120b-cloud" })).toBeNull();
    expect(
      localPrice({ hosting: hostingOf("ollama"), apiUrl: "https://ollama.com.example", modelId: "gpt-oss:120b" }),
    ).toEqual(free);
    expect(localPrice({ hosting: hostingOf("ollama"), apiUrl: "gpu-box", modelId: "gpt-oss:120b" })).toEqual(free);
  });
});

describe("addressIn", () => {
  const addressOf = (kwargs?: object) => addressIn({ lc: 1, type: "constructor", id: [], kwargs } as never);

  it("reads the address of a client as traces have it, the configured one first", () => {
    expect(addressOf({ configuration: { baseURL: "http://one" }, base_url: "http://two" })).toBe("http://one");
    expect(addressOf({ configuration: { baseURL: null }, base_url: "http://two" })).toBe("http://two");
    expect(addressOf({ base_url: 4 })).toBeUndefined();
    expect(addressOf({})).toBeUndefined();
    expect(addressOf()).toBeUndefined();
  });
});

describe("a fine-tuned model", () => {
  it.each([
    ["ft:gpt-4o-mini-2024-07-18:acme:bot:abc", 0.3, 1.2],
    ["ft:gpt-4o-2024-08-06:acme::abc", 3.75, 15],
    ["gpt-4o-mini-2024-07-18.ft-abc", 0.3, 1.2],
  ])("has the list price of fine-tuned ones: %s", (id, input, output) => {
    expect(lookUpPrice(id)).toMatchObject({ input, output });
    expect(lookUpPrice(id, { id: "openai" })).toMatchObject({ input, output });
  });

  it.each([
    "ft:gpt-4.1-mini-2025-04-14:acme::x",
    "davinci:ft-acme-2023",
    "ft:mistral-small-latest:acme:x",
    "ft:deepseek-chat:x",
    "mistral-large-latest.ft-1",
    "ft:",
  ])("is unknown where there is none, never the price of its base: %s", (id) => {
    expect(isFineTuned(id)).toBe(true);
    for (const provider of [undefined, "openai", "azure", "mistral", "deepseek"]) {
      expect(lookUpPrice(id, provider === undefined ? undefined : { id: provider })).toBeNull();
    }
  });
});

describe("a run over models on this machine", () => {
  const { server } = useLoopback();

  it("writes the ids of fine-tuned models into the ledger as they are", async () => {
    const tuned = "gpt-4o-mini-2024-07-18.ft-0e208cf33a6a466994aff31a08aba678";
    server.reply(tuned, "Hello.");
    const [call] = await run({ tuned: client(tuned) });
    expect(call).toMatchObject({ model: tuned, price: { input: 0.3 } });
  });
  const client = (model: string) =>
    new ChatOpenAI({ model, apiKey: "none", configuration: { baseURL: server.openaiUrl } });
  const run = async (models: Record<string, Model | ModelEntry>) =>
    (await createFallback({ models }).compile().invoke({ messages: "Hi" })).calls;

  it("has a total together with hosted ones", async () => {
    server.reply("llama3.1:8b", failWith.server(), failWith.server());
    server.reply("gpt-4o", "Hello.");
    const calls = await run({ local: { model: client("llama3.1:8b"), retry: false }, hosted: client("gpt-4o") });
    expect(calls).toMatchObject([
      { status: "error", costUsd: 0 },
      { status: "ok", price: { input: 2.5 } },
    ]);
    expect(totalCost(calls)).toBeGreaterThan(0);
  });

  it("costs what a file or an entry says otherwise", async () => {
    server.reply("my-model", "Hello.", "Hello.", "Hello.");
    expect(totalCost(await run({ a: client("my-model") }))).toBe(0);
    expect(totalCost(await run({ a: { model: client("my-model"), price: null } }))).toBeNull();
    expect(totalCost(await run({ a: { model: client("my-model"), price: { input: 1, output: 1 } } }))).toBeGreaterThan(
      0,
    );
  });

  it("costs the list price where a gateway's alias turns out to be a hosted model", async () => {
    server.reply("fast", { text: "Hello.", servedModel: "gpt-4o-mini-2024-07-18" });
    const calls = await run({ a: client("fast") });
    expect(calls[0]).toMatchObject({ price: { input: 0.15, output: 0.6 } });
    expect(totalCost(calls)).toBeGreaterThan(0);
  });

  it("costs nothing below an agent either", async () => {
    server.reply("my-model", "Hello.");
    const agent = createAgent({ model: client("my-model"), tools: [] }) as unknown as Model;
    expect(await run({ agent })).toMatchObject([{ model: "my-model", costUsd: 0 }]);
  });

  it("is the cheapest by price", async () => {
    server.reply("my-model", "Hello.");
    const models = { hosted: client("gpt-4o-mini"), local: client("my-model") };
    const route = byCost({ quality: { hosted: 0.9, local: 0.9 }, min: 0.5 });
    expect((await createRouter({ models, route }).compile().invoke({ messages: "Hi" })).route).toBe("local");
  });

  it("is told apart by the client: Ollama's, Azure's", () => {
    expect(resolve(new ChatOllama({ model: "llama3.2" })).price).toEqual({ input: 0, output: 0 });
    const azure = new AzureChatOpenAI({
      model: "mine",
      azureOpenAIApiKey: "none",
      azureOpenAIEndpoint: "http://127.0.0.1:1",
      azureOpenAIApiDeploymentName: "mine",
      azureOpenAIApiVersion: "2024-10-21",
    });
    expect(resolve(azure).price).toBeUndefined();
  });
});
