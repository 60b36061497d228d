import { InMemoryCache } from "@langchain/core/caches";
import { MemorySaver } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent, createMiddleware } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  AnswerDiscardedError,
  asChatModel,
  callsOf,
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  InvalidOptionError,
  majorityVote,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { saying } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai: model } = useLoopback({ reply: { text: "Hello there", chunks: 2 } });
const profiled = (profile: object) =>
  new (class extends ChatOpenAI {
    override get profile() {
      return profile;
    }
  })({ model: "x", apiKey: "sk-test-key", configuration: { baseURL: server.openaiUrl } });

describe("options of asChatModel", () => {
  it.each<[object | null | string, string]>([
    [{ nmae: "x" }, "asChatModel.nmae"],
    [{ tools: [] }, "asChatModel.tools"],
    [{ stream: "lively" }, "asChatModel.stream"],
    [{ cache: "redis" }, "asChatModel.cache"],
    [{ cache: {} }, "asChatModel.cache"],
    [{ name: "" }, "asChatModel.name"],
    [{ context: "x" }, "asChatModel.context"],
    [{ profile: true }, "asChatModel.profile"],
    [null, "asChatModel"],
    ["x", "asChatModel"],
  ])("are refused by name: %o", (options, named) => {
    const graph = createFallback({ models: { a: saying("Hi") } });
    expect(() => asChatModel(graph, options as never)).toThrow(InvalidOptionError);
    expect(() => asChatModel(graph, options as never)).toThrow(named);
  });
});

describe("the name of a pattern", () => {
  const a = saying("Hi");
  const models = { a };
  it.each([
    ["createRouter", createRouter({ models, route: () => "a" })],
    ["createCascade", createCascade({ models, verify: check(() => true) })],
    ["createFallback", createFallback({ models })],
    ["createEnsemble", createEnsemble({ models, aggregate: majorityVote() })],
    ["createQualityGate", createQualityGate({ model: a, verify: check(() => true) })],
    ["createPipeline", createPipeline({ stages: models })],
    ["createMapReduce", createMapReduce({ plan: () => ["x"], worker: a, reduce: a })],
    ["createExperiment", createExperiment({ models: { a, b: a }, weights: { a: 1, b: 1 } })],
  ])("is %s where it was given none", (name, graph) => {
    expect(graph.compile().getName()).toBe(name);
    expect(graph.compile({ checkpointer: new MemorySaver() }).getName()).toBe(name);
    expect(graph.compile({ name: "mine" }).getName()).toBe("mine");
    expect(asChatModel(graph).getName()).toBe(name);
    expect(asChatModel(graph, { name: "mine" }).getName()).toBe("mine");
  });
});

describe("the profile of a pattern", () => {
  const full = {
    maxInputTokens: 100_000,
    toolCalling: true,
    structuredOutput: true,
    imageInputs: true,
    audioInputs: false,
  };
  const over = (...profiles: object[]) =>
    asChatModel(
      createFallback({
        models: Object.fromEntries(profiles.map((profile, index) => [`m${index}`, profiled(profile)])),
      }),
    ).profile;

  it("is what its models share: the smallest window, and what is known of all of them", () => {
    expect(over(full, full)).toEqual(full);
    expect(over(full, { ...full, maxInputTokens: 8_000, imageInputs: false })).toEqual({
      ...full,
      maxInputTokens: 8_000,
      imageInputs: false,
    });
    expect(over(full, {})).toEqual({ maxInputTokens: 100_000, audioInputs: false });
    expect(over({}, {})).toEqual({});
  });

  it("sees into nested patterns, and not into other graphs", () => {
    const inner = createRouter({
      models: { small: profiled({ ...full, maxInputTokens: 4_000 }) },
      route: () => "small",
    });
    expect(asChatModel(createFallback({ models: { inner, large: profiled(full) } })).profile).toEqual({
      ...full,
      maxInputTokens: 4_000,
    });
    const agent = createAgent({ model: profiled(full), tools: [] });
    expect(asChatModel(agent.graph as never).profile).toEqual({});
    expect(
      asChatModel(createFallback({ models: { agent: agent.graph as never, large: profiled(full) } })).profile,
    ).toEqual({
      maxInputTokens: 100_000,
      audioInputs: false,
    });
  });

  it("gives way to what it is given", () => {
    const graph = createFallback({ models: { a: profiled(full) } });
    expect(asChatModel(graph, { profile: { toolCalling: false, maxInputTokens: 5 } }).profile).toEqual({
      ...full,
      toolCalling: false,
      maxInputTokens: 5,
    });
  });
});

describe('asChatModel with stream: "whole"', () => {
  it("gives an answer as one chunk, and takes the next model where a stream is cut", async () => {
    server.reply("a", failWith.cut({ text: "Half an answer", afterChunks: 2, chunks: 4 }));
    server.reply("b", { text: "A whole answer", chunks: 3 });
    const graph = createFallback({ models: { a: { model: model("a"), retry: false }, b: model("b") } });
    const texts: string[] = [];
    for await (const { text } of await asChatModel(graph, { stream: "whole" }).stream("Hi")) texts.push(text);
    expect(texts).toHaveLength(1);
    const cut = (async () => {
      for await (const _chunk of await asChatModel(graph).stream("Hi")) {
        // until it ends
      }
    })();
    await expect(cut).rejects.toThrow(AnswerDiscardedError);
  });
});

describe("asChatModel with a cache", () => {
  const chain = (name: string) => createFallback({ models: { [name]: model(name) } });

  it("keeps answers of patterns, settings and tools apart", async () => {
    const cache = new InMemoryCache(new Map());
    const [one, other] = [asChatModel(chain("a"), { cache }), asChatModel(chain("b"), { cache })];
    await one.invoke("Hi");
    await other.invoke("Hi");
    await one.invoke("Hi", { stop: ["x"] });
    await one.invoke("Hi", { context: { task: "chat" } });
    expect(server.requests.map((request) => request.model)).toEqual(["a", "b", "a", "a"]);
    await one.invoke("Hi");
    await one.invoke("Hi", {
      tags: ["t"],
      metadata: { m: 1 },
      configurable: { user: "u" },
      signal: new AbortController().signal,
    });
    expect(server.requests).toHaveLength(4);
  });

  it("answers under a name in another process, where the models and prompts are the same", async () => {
    const cache = new InMemoryCache(new Map());
    await asChatModel(chain("a"), { cache, name: "support" }).invoke("Hi");
    const hit = await asChatModel(chain("a"), { cache, name: "support" }).invoke("Hi");
    expect(hit.response_metadata.orchestration).toMatchObject({ modelUsed: "a", costUsd: 0, cached: true });
    expect(callsOf(hit)).toEqual([]);
    await asChatModel(chain("b"), { cache, name: "support" }).invoke("Hi");
    await asChatModel(chain("a"), { cache, name: "sales" }).invoke("Hi");
    expect(server.requests.map((request) => request.model)).toEqual(["a", "b", "a"]);
    const told = (system: string) => createFallback({ models: { a: model("a") }, system });
    for (const system of ["Be brief.", "Be kind.", "Be brief."])
      await asChatModel(told(system), { cache, name: "support" }).invoke("Hi");
    expect(server.requests.slice(3).map(({ messages }) => messages[0]!.text)).toEqual(["Be brief.", "Be kind."]);
  });

  it("leaves what it keeps as it is, and a stream uncached", async () => {
    const cache = new InMemoryCache(new Map());
    const chat = asChatModel(chain("a"), { cache });
    const first = await chat.invoke("Hi");
    const { total_tokens } = first.usage_metadata!;
    await chat.invoke("Hi");
    expect(first.usage_metadata!.total_tokens).toBe(total_tokens);
    expect(first.response_metadata.orchestration).not.toHaveProperty("cached");
    expect(total_tokens).toBeGreaterThan(0);
    for await (const _chunk of await chat.stream("Hi")) {
      // to its end
    }
    expect(server.requests).toHaveLength(2);
  });

  it("runs the graph on a thread, which a hit would leave behind", async () => {
    const graph = chain("a").compile({ checkpointer: new MemorySaver() });
    const chat = asChatModel(graph, { cache: new InMemoryCache(new Map()) });
    for (let turn = 0; turn < 2; turn++) await chat.invoke("Hi", { configurable: { thread_id: "1" } });
    expect(server.requests).toHaveLength(2);
  });
});

describe("a pattern whose models take a schema", () => {
  it.each(["ChatOpenAI", "ChatGoogleGenerativeAI"] as const)(
    "gives an agent of %s its form as text that is verified",
    async (client) => {
      const id = client === "ChatOpenAI" ? "gpt-4o" : "gemini-2.5-flash";
      server.reply(id, ({ tools }) => (tools.length > 0 ? "no form" : '{"city":"Oslo"}'));
      const judged: string[] = [];
      const verify = check(({ answer }) => judged.push(answer.text) > 0);
      const chat = asChatModel(createCascade({ models: { a: providers[client](server, id) }, verify }));
      expect(chat.profile).toMatchObject({ structuredOutput: true, toolCalling: true });
      const agent = createAgent({ model: chat, tools: [], responseFormat: z.object({ city: z.string() }) });
      expect(await agent.invoke({ messages: "Where?" })).toMatchObject({ structuredResponse: { city: "Oslo" } });
      expect(judged).toEqual(['{"city":"Oslo"}']);
    },
  );
});

describe("an answer whose tokens are an estimate", () => {
  it("says so", async () => {
    server.reply("a", { text: "Hello", usage: null });
    const graph = createFallback({ models: { a: model("a") } });
    const answer = await asChatModel(graph).invoke("Hi");
    expect(answer.response_metadata.orchestration).toMatchObject({ estimated: true });
    const { messages } = await graph.compile().invoke({ messages: "Hi" });
    expect(messages.at(-1)).toMatchObject({ response_metadata: { orchestration: { estimated: true } } });
    server.reply("b", { text: "Hello", usage: { inputTokens: 1, outputTokens: 2 } });
    const told = await asChatModel(createFallback({ models: { b: model("b") } })).invoke("Hi");
    expect(told.response_metadata.orchestration).not.toHaveProperty("estimated");
  });
});

describe("a pattern as the model of an agent, in LangChain's event protocol", () => {
  it("is no child of the agent that calls it", async () => {
    const chat = asChatModel(createRouter({ models: { a: model("a"), b: model("b") }, route: () => "a" }));
    const marks: unknown[] = [];
    const middleware = createMiddleware({ name: "Nothing" });
    const agent = createAgent({ model: chat, tools: [], name: "boss", middleware: [middleware] });
    const run = await agent.streamEvents({ messages: "Hi" }, { version: "v3" });
    const [, { messages }] = await Promise.all([
      (async () => {
        for await (const { name } of run.subagents) marks.push(name);
      })(),
      run.output,
    ]);
    expect(marks).toEqual([]);
    expect(messages.at(-1)!.text).toBe("Hello there");
  });

  it("hands tags and metadata down, and not the marks of the agent", async () => {
    const seen: Record<string, unknown>[] = [];
    const route = ({ config }: { config: { metadata?: object } }) => {
      seen.push({ ...config.metadata });
      return "a" as const;
    };
    const chat = asChatModel(createRouter({ models: { a: model("a") }, route }));
    await createAgent({ model: chat, tools: [], name: "boss" }).invoke(
      { messages: "Hi" },
      { metadata: { tenant: "x" } },
    );
    expect(seen).toEqual([expect.objectContaining({ tenant: "x", langgraph_node: "router" })]);
    expect(seen[0]).not.toHaveProperty("lc_agent_name");
    expect(seen[0]).not.toHaveProperty("ls_agent_type");
  });

  it("takes another model in mid-answer, and the agent goes on with the whole one", async () => {
    server.reply("a", failWith.cut({ text: "Half an answer", afterChunks: 2, chunks: 4, chunkDelayMs: 5 }));
    server.reply("b", { text: "A whole answer", chunks: 2 });
    const models = { a: { model: model("a"), retry: false as const }, b: model("b") };
    const agent = createAgent({ model: asChatModel(createFallback({ models })), tools: [] });
    const run = await agent.streamEvents({ messages: "Hi" }, { version: "v3" });
    const shown: string[] = [];
    const [{ messages }] = await Promise.all([
      run.output,
      (async () => {
        for await (const message of run.messages) shown.push(await message.text);
      })(),
    ]);
    expect(messages.map(({ text }) => text)).toEqual(["Hi", "A whole answer"]);
    expect(shown.at(-1)).toBe("A whole answer");
    expect(shown.slice(0, -1).every((text) => "Half an answer".startsWith(text))).toBe(true);
  });

  it("keeps the ledger with the message, and what is inside below its own run", async () => {
    const starts: [string, string | undefined, string | undefined][] = [];
    const graph = createRouter({ models: { a: model("a") }, route: () => "a" });
    const agent = createAgent({ model: asChatModel(graph, { name: "support" }), tools: [] });
    const handler = {
      handleChatModelStart: (...[, , runId, parent, , , metadata]: unknown[]) =>
        void starts.push([
          String((metadata as { ls_model_name?: string }).ls_model_name),
          runId as string,
          parent as string,
        ]),
      handleChainStart: (...[, , runId, parent, , , , name]: unknown[]) =>
        void starts.push([String(name), runId as string, parent as string]),
    };
    const run = await agent.streamEvents({ messages: "Hi" }, { version: "v3", callbacks: [handler as never] });
    const { messages } = await run.output;
    expect(callsOf(messages.at(-1))).toMatchObject([{ path: "a", status: "ok" }]);
    const [, own] = starts.find(([name]) => name === "support")!;
    expect(starts.find(([name]) => name === "createRouter")).toEqual(["createRouter", expect.any(String), own]);
  });
});
