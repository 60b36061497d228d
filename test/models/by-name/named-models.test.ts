import { tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createPipeline,
  createRouter,
  defineModels,
  explain,
  InvalidModelError,
  InvalidOptionError,
  judgeWith,
  MissingPackageError,
  type ModelEntry,
  majorityVote,
  totalCost,
} from "../../../src/index.js";
import { namedProviders } from "../../../src/models/by-name/named-providers.js";
import { resolve } from "../../../src/models/resolve.js";
import { saying } from "../../support/fakes.js";
import { useOneLoopback } from "../../support/use-loopback.js";

const { server } = useOneLoopback(); // one, because the client of a name is kept, and with it its address
const input = { messages: "Hi" };
const keys = Object.values(namedProviders).flatMap(({ keys }) => [...keys]);

beforeEach(() => {
  for (const key of keys) vi.stubEnv(key, "");
  vi.stubEnv("OPENAI_BASE_URL", server.openaiUrl);
});
afterEach(() => vi.unstubAllEnvs());
const withKey = () => vi.stubEnv("OPENAI_API_KEY", "sk-test-key");

describe("a model that is given by its name", () => {
  it("has its price, window and provider before its client is made, without a key", () => {
    const { price, contextWindow, provider, modelId, kind } = resolve("openai:gpt-4o-mini");
    expect({ price, contextWindow, provider, modelId, kind }).toEqual({
      price: { input: 0.15, output: 0.6, cacheRead: 0.075 },
      ...{ contextWindow: 128_000, provider: "openai", modelId: "gpt-4o-mini", kind: "chat" },
    });
    expect(resolve("google-genai:gemini-2.0-flash")).toMatchObject({ provider: "google", price: { input: 0.1 } });
    expect(resolve("ollama:llama3.2:1b")).toMatchObject({ modelId: "llama3.2:1b", price: { input: 0, output: 0 } });
    expect(resolve("anthropic:claude-3-5-haiku-latest")).toMatchObject({ provider: "anthropic" });
  });

  it("answers through the real client, which is made once", async () => {
    withKey();
    server.reply("gpt-4o-mini", "Hello", "Again");
    const graph = createFallback({ models: { main: "openai:gpt-4o-mini" } }).compile();
    const first = await graph.invoke(input);
    expect([first.messages.at(-1)!.text, first.calls[0]!.model]).toEqual(["Hello", "gpt-4o-mini"]);
    expect(totalCost(first.calls)).toBeGreaterThan(0);
    expect((await graph.invoke(input)).messages.at(-1)!.text).toBe("Again");
    const given = resolve("openai:gpt-4o-mini");
    expect(await given.load!()).toBe(await given.load!());
  });

  it("streams", async () => {
    withKey();
    server.reply("gpt-4o-mini", "one two three");
    const model = asChatModel(createFallback({ models: { main: "openai:gpt-4o-mini" } }));
    const chunks: string[] = [];
    for await (const chunk of await model.stream("Hi")) chunks.push(chunk.text);
    expect([chunks.length > 1, chunks.join("")]).toEqual([true, "one two three"]);
  });

  it("takes tools, parameters and settings of an entry", async () => {
    withKey();
    server.reply("gpt-4o-mini", { toolCalls: [{ name: "add", args: { a: 1, b: 2 } }] } as never, "3");
    const add = tool(({ a, b }) => String(a + b), {
      name: "add",
      description: "Adds",
      schema: z.object({ a: z.number(), b: z.number() }),
    });
    const entry: ModelEntry = {
      model: "openai:gpt-4o-mini",
      parameters: { temperature: 0.2, maxTokens: 50 },
      systemPrompt: "Be brief.",
    };
    const agent = createAgent({ model: asChatModel(createFallback({ models: { main: entry } })), tools: [add] });
    const { messages } = await agent.invoke({ messages: "1 + 2" } as never);
    expect(messages.at(-1)!.text).toBe("3");
    const { body } = server.requests.at(-2)!;
    expect(body).toMatchObject({ temperature: 0.2 });
    expect(JSON.stringify(body)).toContain("Be brief.");
  });

  it("stands wherever a model may stand", async () => {
    withKey();
    server.reply("gpt-4o-mini", ...Array.from({ length: 20 }, () => "10"));
    const small = "openai:gpt-4o-mini";
    const large = saying("L", "L", "L", "L");
    const graphs = [
      createCascade({ models: { small, large }, verify: judgeWith(small) }),
      createRouter({ models: { large }, route: () => undefined, fallback: small }),
      createEnsemble({ models: { a: small, b: { model: small } }, aggregate: majorityVote() }),
      createPipeline({ stages: { one: small, two: { model: small } } }),
      createMapReduce({ plan: small, worker: small, reduce: small }),
      createFallback({ models: { pool: { clients: [small, small] } } }),
    ];
    for (const graph of graphs) expect((await graph.compile().invoke(input)).messages.at(-1)!.text).toBe("10");
    expect(defineModels({ small }).small).toEqual({ model: small });
  });

  it("without its key fails as a call, so that the next model answers, and works once the key is there", async () => {
    const sent = server.requests.length;
    const graph = createFallback({ models: { main: "openai:gpt-4.1-mini", other: saying("B", "B") } }).compile();
    const { messages, calls } = await graph.invoke(input);
    expect(messages.at(-1)!.text).toBe("B");
    expect(calls[0]).toMatchObject({
      node: "main",
      status: "error",
      costUsd: 0,
      error: { class: "model_unavailable" },
    });
    expect(calls[0]!.error!.message).toContain("set OPENAI_API_KEY");
    expect(server.requests).toHaveLength(sent);
    const alone = createFallback({ models: { main: { model: "openai:gpt-4o", coolDown: { maxMs: 1 } } } }).compile();
    await expect(alone.invoke(input)).rejects.toThrow(
      'The model "openai:gpt-4o" cannot be called here: set OPENAI_API_KEY',
    );
    withKey();
    server.reply("gpt-4o", "A");
    expect((await alone.invoke(input)).messages.at(-1)!.text).toBe("A");
  });

  it.each([
    ["tempertaure", "temperature"],
    ["max_tokens", "maxTokens"],
    ["top_k", "topK"],
  ])("with a misspelt parameter (%s) is refused when the graph is made", (name, meant) => {
    const entry = { model: "openai:gpt-4.1", parameters: { [name]: 1 } } as const;
    const make = () => createFallback({ models: { main: entry, other: saying("B") } });
    expect(make).toThrow(InvalidOptionError);
    expect(make).toThrow(
      `createFallback.models.main.parameters.${name} is 1; no such parameter; did you mean ${meant}?`,
    );
  });

  it("without its key is passed over in an explanation, as in a run", async () => {
    const graph = createFallback({ models: { main: "openai:gpt-4.1-nano", other: saying("B") } });
    const { order } = await explain(graph, "Hi");
    expect(order[0]).toMatchObject({
      name: "main",
      skipped: true,
      reason: expect.stringContaining("set OPENAI_API_KEY"),
    });
    expect(order[1]).toEqual({ name: "other", reason: "main failed: model_unavailable" });
    withKey();
    expect((await explain(graph, "Hi")).order[0]).toEqual({ name: "main", model: "gpt-4.1-nano" });
  });

  it("with a parameter its client does not have ends the run, instead of moving on to the next model in each run", async () => {
    withKey();
    const entry = { model: "openai:gpt-4.1", parameters: { topK: 4 } } as const;
    const other = saying("B");
    const run = createFallback({ models: { main: entry, other } })
      .compile()
      .invoke(input);
    await expect(run).rejects.toThrow("main.parameters.topK is 4; ChatOpenAI has no such parameter; leave it out");
    expect(other.callCount).toBe(0);
  });

  it.each([
    ["opnai:gpt-4o", 'no provider is called "opnai"; did you mean openai?'],
    ["gpt-4o", 'write a model as "provider:model", such as "openai:gpt-4o-mini"'],
    ["openai:", 'write a model as "provider:model"'],
    ["", 'write a model as "provider:model"'],
    [":x", 'write a model as "provider:model"'],
    ["openai: gpt-4o", 'write a model as "provider:model"'],
    ["openai:gpt-4o ", 'write a model as "provider:model"'],
    [" openai:gpt-4o", 'no provider is called " openai"; did you mean openai?'],
    ["constructor:x", 'no provider is called "constructor"'],
  ])("that is no name (%s) is refused when the graph is made", (name, message) => {
    const make = () => createFallback({ models: { main: name as never } });
    expect(make).toThrow(InvalidModelError);
    expect(make).toThrow(`createFallback.models.main is "${name}"`);
    expect(make).toThrow(message);
    expect(() => createFallback({ models: { main: { model: name as never } } })).toThrow(message);
  });

  it("says which package is missing when the graph is made", () => {
    const make = () => createFallback({ models: { main: "cohere:command-r" } });
    expect(make).toThrow(MissingPackageError);
    expect(make).toThrow(
      '"cohere:command-r" needs packages that are not installed; run: npm install @langchain/cohere',
    );
  });

  it("is never printed if it is a key", () => {
    const key = `sk-proj-${"a1B2c3D4".repeat(5)}`;
    for (const name of [key, `${key}:gpt-4o`]) {
      expect(() => createFallback({ models: { main: name as never } })).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining(key) }),
      );
    }
  });

  it("shares breaker and cool-down with all entries of its name", () => {
    expect(resolve({ model: "openai:gpt-4o-mini", timeout: 5 }).client).toBe(resolve("openai:gpt-4o-mini").client);
    expect(resolve("openai:gpt-4o").client).not.toBe(resolve("openai:gpt-4o-mini").client);
  });
});
