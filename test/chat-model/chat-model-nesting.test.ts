import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { ChatPromptTemplate } from "@langchain/core/prompts";
import { tool } from "@langchain/core/tools";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  byModel,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  judgeWith,
  type Model,
  type ModelCall,
  majorityVote,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback({ reply: { text: "Hello", usage: { inputTokens: 10, outputTokens: 5 } } });
const clients = Object.keys(providers) as Provider[];
const weather = tool(async () => "sunny", {
  name: "weather",
  description: "-",
  schema: z.object({ city: z.string() }),
});
const paths = (calls: readonly ModelCall[]) => calls.map(({ path, status }) => `${path}: ${status}`);
const callOslo = { toolCalls: [{ name: "weather", args: { city: "Oslo" } }] };

describe.each(clients)("a chat model that is a pattern, as a model of a pattern, over %s", (client) => {
  const price = { input: 1, output: 1 };
  const model = (name: string) => ({ model: providers[client](server, name), price });
  const routed = (name: string) => createRouter({ models: { [name]: model(name) }, route: () => name });
  const around = (inner: Model) => createFallback({ models: { inner } }).compile();

  it("is the pattern it wraps: one ledger, its paths and costs", async () => {
    const plain = await around(routed("a")).invoke({ messages: "Hi" });
    const wrapped = await around(asChatModel(routed("a"))).invoke({ messages: "Hi" });
    expect(paths(wrapped.calls)).toEqual(["inner/a: ok"]);
    expect(wrapped).toMatchObject({ modelUsed: "inner/a" });
    for (const { calls } of [plain, wrapped]) expect(calls.map(({ costUsd }) => costUsd)).toEqual([15 / 1e6]);
    expect(wrapped.messages.at(-1)).toMatchObject({ usage_metadata: { total_tokens: 15 } });
  });

  it("streams through the pattern around it", async () => {
    server.reply("a", { text: "Hello again", chunks: 2 });
    const texts: string[] = [];
    const stream = await around(asChatModel(routed("a"))).stream({ messages: "Hi" }, { streamMode: "messages" });
    for await (const [message] of stream) if (message.text !== "") texts.push(message.text);
    expect(texts).toHaveLength(2);
  });

  it("keeps the tools bound to it, before those of the run", async () => {
    const inner = asChatModel(routed("a")).bindTools([weather], { tool_choice: "any" });
    const other = tool(async () => "", { name: "other", description: "-", schema: z.object({}) });
    await around(inner).invoke({ messages: "Hi" });
    await asChatModel(around(inner)).bindTools([other]).invoke("Hi");
    expect(server.requests.map(({ tools }) => tools)).toEqual([["weather"], ["weather"]]);
  });

  it("is counted once below an agent: the calls inside it, not the chat model around them", async () => {
    server.reply("a", callOslo, "It is sunny");
    const inner = asChatModel(
      createCascade({
        models: { a: model("a") },
        verify: judgeWith(providers[client](server, "judge")),
        judgeLast: true,
      }),
    );
    server.reply("judge", "Score: 9");
    const agent = createAgent({ model: inner, tools: [weather] });
    const { calls, messages, modelUsed } = await around(agent as unknown as Model).invoke({ messages: "Weather?" });
    expect(paths(calls)).toEqual(["inner/a: ok", "inner/a: ok", "inner/verifier: ok"]);
    expect(modelUsed).toBe("inner");
    expect(messages.at(-1)!.text).toBe("It is sunny");
    expect(Object.keys(byModel(calls)).sort()).toEqual(["a", "judge"]);
    expect(server.requests).toHaveLength(3);
  });

  it("hands the agent's tools to the pattern below it and none of the caller's", async () => {
    const theirs = tool(async () => "", { name: "theirs", description: "-", schema: z.object({}) });
    server.reply("a", callOslo, "It is sunny");
    const agent = createAgent({ model: asChatModel(routed("a")), tools: [weather] });
    const outer = createRouter({ models: { agent: agent as unknown as Model, b: model("b") }, route: () => "agent" });
    const answer = await asChatModel(outer).bindTools([theirs]).invoke("Weather?");
    expect(answer.text).toBe("It is sunny");
    expect(answer.tool_calls).toEqual([]);
    expect(server.requests.map(({ tools }) => tools)).toEqual([["weather"], ["weather"]]);
  });

  it("is counted once in a chain, also when it fails or is one of several lanes", async () => {
    server.reply("a", failWith.badRequest());
    const chain = (name: string) =>
      ChatPromptTemplate.fromMessages([["placeholder", "{messages}"]]).pipe(asChatModel(routed(name)));
    const ask = (name: string) =>
      createRouter({ models: { b: model("b") }, route: () => "b" }).compile() && {
        invoke: async ({ messages }: { messages: unknown[] }, config: object) => ({
          messages: [...messages, await chain(name).invoke({ messages } as never, config)],
        }),
      };
    const graph = (name: string) =>
      new StateGraph(MessagesAnnotation)
        .addNode("chain", async (state, config) => ({
          messages: (await ask(name).invoke(state, config)).messages as [],
        }))
        .addEdge(START, "chain");
    const ensemble = createEnsemble({ models: { a: graph("a"), b: graph("b") }, aggregate: majorityVote() });
    const { calls, messages } = await ensemble.compile().invoke({ messages: "Hi" });
    expect(paths(calls).sort()).toEqual(["a/a: error", "b/b: ok"]);
    expect(messages.at(-1)!.text).toBe("Hello");
  });

  it("shows no draft of a hidden lane, and every answer once, whoever streams", async () => {
    server.reply("a", { text: "The same answer", chunks: 3 });
    const agent = createAgent({ model: asChatModel(routed("a")), tools: [] }) as unknown as Model;
    const stream = await createCascade({ models: { agent }, verify: () => ({ pass: true }) })
      .compile()
      .stream({ messages: "Hi" }, { streamMode: "messages" });
    const texts: string[] = [];
    for await (const [message] of stream) if (message.text !== "") texts.push(message.text);
    expect(texts).toEqual(["The same answer"]);
  });

  it("wraps itself: a chat model of a chat model is the same graph", async () => {
    const chat = asChatModel(routed("a"));
    expect((await asChatModel(chat as never).invoke([new HumanMessage("Hi"), new AIMessage("?")])).text).toBe("Hello");
    expect(server.requests).toHaveLength(1);
  });
});
