import { AIMessage, type AIMessageChunk, HumanMessage } from "@langchain/core/messages";
import { StringOutputParser } from "@langchain/core/output_parsers";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { Command, interrupt, MemorySaver } from "@langchain/langgraph";
import { createReactAgent } from "@langchain/langgraph/prebuilt";
import { createSupervisor } from "@langchain/langgraph-supervisor";
import { createAgent, createMiddleware, providerStrategy, toolStrategy } from "langchain";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  byKeyword,
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  firstOf,
  longest,
  majorityVote,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai, gemini } = useLoopback();
const clients = Object.keys(providers) as Provider[];

const ran: string[] = [];
const weather = tool(
  async ({ city }) => {
    ran.push(city);
    return `sunny in ${city}`;
  },
  { name: "weather", description: "The weather in a city", schema: z.object({ city: z.string() }) },
);
const callOslo = { toolCalls: [{ name: "weather", args: { city: "Oslo" } }] };
beforeEach(() => {
  ran.length = 0;
});

describe.each(clients)("a pattern as the model of createAgent, over %s", (client) => {
  const model = (name: string) => providers[client](server, name);

  it("calls tools and answers from their results", async () => {
    server.reply("a", callOslo, "It is sunny");
    const chat = asChatModel(createRouter({ models: { a: model("a") }, route: () => "a" }));
    const agent = createAgent({ model: chat, tools: [weather], systemPrompt: "Help" });
    const { messages } = await agent.invoke({ messages: "Weather in Oslo?" });
    expect(messages.map(({ type }) => type)).toEqual(["human", "ai", "tool", "ai"]);
    expect(messages.at(-1)!.text).toBe("It is sunny");
    expect(ran).toEqual(["Oslo"]);
    expect(server.requests.map(({ tools }) => tools)).toEqual([["weather"], ["weather"]]);
    expect((messages.at(-1) as AIMessage).response_metadata.orchestration).toMatchObject({ modelUsed: "a" });
  });

  it("judges the answer and not the call of a tool", async () => {
    server.reply("a", callOslo, "bad answer");
    server.reply("b", "good answer");
    const judged: string[] = [];
    const verify = check(({ answer }) => {
      judged.push(answer.text);
      return !answer.text.startsWith("bad");
    });
    const chat = asChatModel(createCascade({ models: { a: model("a"), b: model("b") }, verify }));
    const { messages } = await createAgent({ model: chat, tools: [weather] }).invoke({ messages: "Weather in Oslo?" });
    expect(messages.at(-1)!.text).toBe("good answer");
    expect(judged).toEqual(["bad answer", "good answer"]);
    expect(ran).toEqual(["Oslo"]);
  });

  it("falls back within a step, and the tool runs once", async () => {
    server.reply("a", callOslo, failWith.server());
    server.reply("b", "From b");
    const models = { a: { model: model("a"), retry: false as const }, b: model("b") };
    const agent = createAgent({ model: asChatModel(createFallback({ models })), tools: [weather] });
    const { messages } = await agent.invoke({ messages: "Weather in Oslo?" });
    expect(messages.at(-1)!.text).toBe("From b");
    expect(ran).toEqual(["Oslo"]);
  });

  it("lets lanes agree on the call of a tool", async () => {
    server.reply("a", { toolCalls: [{ name: "weather", args: { city: "Rome" } }] }, "sunny");
    for (const name of ["b", "c"]) server.reply(name, callOslo, "sunny");
    const models = { a: model("a"), b: model("b"), c: model("c") };
    const chat = asChatModel(createEnsemble({ models, aggregate: majorityVote(), stopEarly: false }));
    await createAgent({ model: chat, tools: [weather] }).invoke({ messages: "Weather in Oslo?" });
    expect(ran).toEqual(["Oslo"]);
  });

  it("keeps its lanes where the agent is held to one thing at a time", async () => {
    const models = { a: model("a"), b: model("b") };
    const chat = asChatModel(createEnsemble({ models, aggregate: longest() }));
    const agent = createAgent({ model: chat, tools: [] });
    server.reply("a", "Short");
    server.reply("b", "The longer answer of the two");
    const { messages } = await agent.invoke({ messages: "Hi" }, { maxConcurrency: 1 });
    expect(messages.at(-1)!.text).toBe("The longer answer of the two");
    expect(server.requests.map((request) => request.model).sort()).toEqual(["a", "b"]);
  });

  it("shows its tokens once, and those of no judge, in the agent's stream", async () => {
    server.reply("a", callOslo, { text: "It is sunny there", chunks: 3 });
    const chat = asChatModel(createRouter({ models: { a: model("a") }, route: () => "a" }));
    const agent = createAgent({ model: chat, tools: [weather] });
    const shown: AIMessageChunk[] = [];
    for await (const [message] of await agent.stream({ messages: "Weather?" }, { streamMode: "messages" })) {
      if (message.type === "ai") shown.push(message as AIMessageChunk);
    }
    const answer = shown.filter(({ text }) => text !== "");
    expect(answer.map(({ text }) => text).join("")).toBe("It is sunny there");
    expect(answer.length).toBeGreaterThan(1);
    const calls = shown.flatMap(({ tool_call_chunks = [] }) => tool_call_chunks.filter(({ name }) => name));
    expect(calls).toHaveLength(1);
    expect(new Set(shown.map(({ id }) => id)).size).toBe(2);
  });

  it("takes another model in the middle of the agent's stream, and says which message is void", async () => {
    server.reply("a", failWith.cut({ text: "Half an answer", afterChunks: 2, chunks: 4 }));
    server.reply("b", { text: "A whole answer", chunks: 2 });
    const models = { a: { model: model("a"), retry: false as const }, b: model("b") };
    const agent = createAgent({ model: asChatModel(createFallback({ models })), tools: [] });
    const texts = new Map<string, string>();
    const states: { messages: { text: string; id: string }[] }[] = [];
    const stream = await agent.stream({ messages: "Hi" }, { streamMode: ["messages", "custom", "values"] });
    for await (const [mode, event] of stream as AsyncIterable<[string, never]>) {
      if (mode === "values") states.push(event);
      if (mode === "custom") texts.delete((event as { messageId: string }).messageId);
      const [message] = mode === "messages" ? (event as { id: string; text: string }[]) : [];
      if (message?.text) texts.set(message.id, (texts.get(message.id) ?? "") + message.text);
    }
    const last = states.at(-1)!.messages.at(-1)!;
    expect(last.text).toBe("A whole answer");
    expect([...texts]).toEqual([[last.id, "A whole answer"]]);
  });

  it("shows its tokens once in LangChain's event protocol", async () => {
    server.reply("a", { text: "It is sunny there", chunks: 3 });
    const chat = asChatModel(createRouter({ models: { a: model("a") }, route: () => "a" }));
    const agent = createAgent({ model: chat, tools: [] });
    const run = await agent.graph.streamEvents({ messages: [new HumanMessage("Hi")] }, { version: "v3" });
    const texts: string[] = [];
    for await (const message of run.messages) texts.push(await message.text);
    expect(texts).toEqual(["It is sunny there"]);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ["a tool", toolStrategy(z.object({ city: z.string() }))],
    ["the provider's own form", providerStrategy(z.object({ city: z.string() }))],
  ] as const)("gives a structured response by %s", async (_how, responseFormat) => {
    server.reply("a", ({ tools }) =>
      tools.length > 0 ? { toolCalls: [{ name: tools[0]!, args: { city: "Oslo" } }] } : '{"city":"Oslo"}',
    );
    const chat = asChatModel(createRouter({ models: { a: model("a") }, route: () => "a" }));
    const agent = createAgent({ model: chat, tools: [], responseFormat: responseFormat as never });
    const { structuredResponse } = (await agent.invoke({ messages: "Where?" })) as { structuredResponse: unknown };
    expect(structuredResponse).toEqual({ city: "Oslo" });
  });
});

describe("a pattern as the model of createAgent", () => {
  const model = openai;
  const routed = (name: string) => asChatModel(createRouter({ models: { [name]: model(name) }, route: () => name }));

  it("pauses and resumes with the agent, on the agent's thread", async () => {
    server.reply("a", "A draft");
    const verify = check(() => interrupt("Is it good?") === "yes");
    const chat = asChatModel(createCascade({ models: { a: model("a") }, verify }));
    const agent = createAgent({ model: chat, tools: [], checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    const paused = (await agent.invoke({ messages: "Hi" }, thread)) as { __interrupt__?: { value: unknown }[] };
    expect(paused.__interrupt__).toMatchObject([{ value: "Is it good?" }]);
    const { messages } = await agent.invoke(new Command({ resume: "yes" }), thread);
    expect(messages.map(({ text }) => text)).toEqual(["Hi", "A draft"]);
    expect(server.requests).toHaveLength(1);
  });

  it("answers turn after turn on a thread of the agent", async () => {
    server.reply("a", "One", "Two");
    const agent = createAgent({ model: routed("a"), tools: [], checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "1" } };
    await agent.invoke({ messages: "First" }, thread);
    const { messages } = await agent.invoke({ messages: "Second" }, thread);
    expect(messages.map(({ text }) => text)).toEqual(["First", "One", "Second", "Two"]);
    expect(server.requests[1]!.messages.map(({ text }) => text)).toEqual(["First", "One", "Second"]);
  });

  it("is chosen by middleware like any other model", async () => {
    server.reply("b", "From b");
    const swap = createMiddleware({
      name: "Swap",
      wrapModelCall: (request, next) => next({ ...request, model: routed("b") }),
    });
    const agent = createAgent({ model: routed("a"), tools: [weather], middleware: [swap] });
    expect((await agent.invoke({ messages: "Hi" })).messages.at(-1)!.text).toBe("From b");
    expect(server.requests.map(({ model, tools }) => [model, tools])).toEqual([["b", ["weather"]]]);
  });

  it("sees the run context of the agent's own run", async () => {
    const seen: unknown[] = [];
    const chat = asChatModel(
      createRouter({
        models: { a: model("a") },
        route: ({ config }) => {
          seen.push(config.context);
          return "a";
        },
      }),
      { context: { task: "chat", sessionId: "mine" } },
    );
    const contextSchema = z.object({ sessionId: z.string() });
    const agent = createAgent({ model: chat, tools: [], contextSchema });
    await agent.invoke({ messages: "Hi" }, { context: { sessionId: "theirs" } });
    await chat.invoke("Hi", { context: { complexity: "simple" } });
    await chat.withConfig({ context: { task: "write" } }).invoke("Hi");
    expect(seen).toEqual([
      { task: "chat", sessionId: "theirs" },
      { task: "chat", sessionId: "mine", complexity: "simple" },
      { task: "write", sessionId: "mine" },
    ]);
  });

  it("stops with the agent", async () => {
    server.reply("a", failWith.hang());
    const stop = new AbortController();
    const run = createAgent({ model: routed("a"), tools: [] }).invoke({ messages: "Hi" }, { signal: stop.signal });
    const ended = run.catch((error: unknown) => error);
    await server.received(1);
    stop.abort(new Error("enough"));
    expect(await ended).toMatchObject({ message: "enough" });
    await server.settled();
    expect(server.requests).toMatchObject([{ aborted: true }]);
  });

  it("leads a supervisor", async () => {
    server.reply("boss", { toolCalls: [{ name: "transfer_to_expert", args: {} }] }, "The expert says 4");
    server.reply("expert", "4");
    const expert = createReactAgent({ llm: routed("expert"), tools: [], name: "expert", prompt: "You know" });
    const graph = createSupervisor({ agents: [expert], llm: routed("boss") }).compile();
    const { messages } = await graph.invoke({ messages: [new HumanMessage("2 + 2?")] });
    expect(messages.at(-1)!.text).toBe("The expert says 4");
    expect(server.requests.map(({ model }) => model)).toEqual(["boss", "expert", "boss"]);
    expect(server.requests[0]!.tools).toEqual(["transfer_to_expert"]);
  });
});

describe("a pattern in an LCEL chain", () => {
  const model = gemini;

  it("answers between a prompt and a parser, plain, streaming and in batches", async () => {
    server.reply("code", ({ messages }) => `code: ${messages.at(-1)!.text}`);
    server.reply("chat", ({ messages }) => `chat: ${messages.at(-1)!.text}`);
    const route = firstOf(byKeyword({ code: ["debug"] }), () => "chat");
    const chat = asChatModel(createRouter({ models: { code: model("code"), chat: model("chat") }, route }));
    const chain = ChatPromptTemplate.fromMessages([
      ["system", "Be brief"],
      ["human", "{question}"],
    ])
      .pipe(chat)
      .pipe(new StringOutputParser());
    expect(await chain.invoke({ question: "debug it" })).toBe("code: debug it");
    const parts: string[] = [];
    for await (const part of await chain.stream({ question: "Hello" })) parts.push(part);
    expect(parts.join("")).toBe("chat: Hello");
    expect(parts.length).toBeGreaterThan(2);
    expect(await chain.batch([{ question: "A" }, { question: "debug" }])).toEqual(["chat: A", "code: debug"]);
  });

  it("is a fallback of another model, and has fallbacks", async () => {
    server.reply("a", failWith.authentication());
    server.reply("b", "From b");
    const routed = (name: string) => asChatModel(createFallback({ models: { [name]: model(name) } }));
    const chain = routed("a").withFallbacks([routed("b")]);
    expect((await chain.invoke("Hi")).text).toBe("From b");
  });

  it("feeds a function the whole message", async () => {
    server.reply("a", "Hello");
    const chat = asChatModel(createFallback({ models: { a: model("a") } }));
    const chain = chat.pipe(RunnableLambda.from((message: AIMessage) => message.usage_metadata?.total_tokens));
    expect(await chain.invoke([new HumanMessage("Hi"), new AIMessage("Yes?"), new HumanMessage("Hi")])).toBeGreaterThan(
      0,
    );
  });
});
