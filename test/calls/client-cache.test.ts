import { InMemoryCache } from "@langchain/core/caches";
import type { AIMessage } from "@langchain/core/messages";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import {
  agreement,
  byModel,
  consistency,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  formatReport,
  type Model,
  majorityVote,
  QuorumNotReachedError,
  totalCost,
  totalTokens,
} from "../../src/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();

const cached = (model: string, cache = new InMemoryCache()) =>
  new ChatOpenAI({ model, cache, apiKey: "sk-test-key", configuration: { baseURL: server.openaiUrl } });
/** Puts the answer to the question into the cache. */
const warm = (client: ChatOpenAI) => createFallback({ models: { client } }).compile().invoke(Q);
const Q = { messages: "Is 91 prime? Yes or no." };

describe("a client with a cache of its own", () => {
  it("is in the ledger as cached, with no tokens and no cost, from the second time on", async () => {
    server.reply("gpt-4o-mini", "No.");
    const graph = createFallback({ models: { small: cached("gpt-4o-mini") } }).compile();
    const first = await graph.invoke(Q);
    const second = await graph.invoke(Q);
    expect(server.requests).toHaveLength(1);
    expect(first.calls).toMatchObject([{ status: "ok" }]);
    expect(first.calls[0]!.costUsd).toBeGreaterThan(0);
    expect(second.calls).toMatchObject([{ status: "cached", costUsd: 0, path: "small" }]);
    expect(second.calls[0]).not.toHaveProperty("usage");
    expect(second.calls[0]).not.toHaveProperty("estimated");
    expect([totalCost(second.calls), totalTokens(second.calls).totalTokens]).toEqual([0, 0]);
    expect(byModel(second.calls)).toMatchObject({ "gpt-4o-mini": { calls: 1, failed: 0, costUsd: 0, inputTokens: 0 } });
    expect(formatReport(second.calls)).toContain("0.000000");
    const answer = second.messages.at(-1) as AIMessage;
    expect(answer.text).toBe("No.");
    expect(answer.usage_metadata).toMatchObject({ input_tokens: 0, output_tokens: 0, total_tokens: 0 });
    expect(answer.response_metadata.orchestration).toMatchObject({ costUsd: 0 });
    expect((first.messages.at(-1) as AIMessage).usage_metadata!.total_tokens).toBeGreaterThan(0); // it is not changed afterwards
  });

  it("is cached with tools bound to it, too, and within a pattern within a pattern", async () => {
    server.reply("gpt-4o-mini", "No.");
    const bound = cached("gpt-4o-mini")
      .bindTools([])
      .withConfig({ tags: ["x"] });
    const inner = createFallback({ models: { small: bound as Model } });
    const graph = createRouter({ models: { chat: inner }, route: () => "chat" }).compile();
    await graph.invoke(Q);
    expect((await graph.invoke(Q)).calls).toMatchObject([{ status: "cached", costUsd: 0, path: "chat/small" }]);
  });

  it("is cached below a graph of one's own, whose calls a handler counts", async () => {
    server.reply("gpt-4o-mini", "No.");
    const client = cached("gpt-4o-mini");
    const own = new StateGraph(MessagesAnnotation)
      .addNode("ask", async ({ messages }) => ({ messages: [await client.invoke(messages)] }))
      .addEdge(START, "ask") as unknown as Model;
    const graph = createFallback({ models: { own } }).compile();
    await graph.invoke(Q);
    const { calls } = await graph.invoke(Q);
    expect(calls).toMatchObject([{ status: "cached", costUsd: 0 }]);
    expect(totalTokens(calls).totalTokens).toBe(0);
  });

  it("is asked anew by a run that streams: streams know no cache", async () => {
    server.reply("gpt-4o-mini", "No.", "No.");
    const graph = createFallback({ models: { small: cached("gpt-4o-mini") } }).compile();
    await graph.invoke(Q);
    let calls: readonly { status: string }[] = [];
    for await (const [mode, state] of await graph.stream(Q, { streamMode: ["messages", "values"] })) {
      if (mode === "values") calls = (state as { calls: typeof calls }).calls;
    }
    expect(calls).toMatchObject([{ status: "ok" }]);
    expect(server.requests).toHaveLength(2);
  });
});

describe("one cached answer", () => {
  const twice = (client: ChatOpenAI, minimum = 1) =>
    createEnsemble({ models: { a: client, b: client }, aggregate: majorityVote(), minimum }).compile();

  it("is one candidate of an ensemble, whose other lane is skipped with the reason", async () => {
    server.reply("gpt-4o-mini", "No.");
    const client = cached("gpt-4o-mini");
    await warm(client);
    const result = await twice(client).invoke(Q);
    expect(server.requests).toHaveLength(1);
    expect(result.candidates.map(({ name }) => name)).toEqual(["a"]);
    expect(result.aggregate).toEqual({ agreement: "single", consensus: false, votes: { no: 1 } });
    expect(result.confidence).toBe(0.5);
    expect(result.decisions).toMatchObject([
      { kind: "skip", chosen: "b", reason: expect.stringContaining("one cached answer is one candidate") },
      { kind: "vote", chosen: "a", candidates: ["a"] },
    ]);
    expect(result.calls.map(({ status }) => status)).toEqual(["cached", "cached"]);
  });

  it("is two where both lanes were answered by the model", async () => {
    server.reply("gpt-4o-mini", "No.", "No.");
    const result = await twice(cached("gpt-4o-mini")).invoke(Q);
    expect(result.aggregate).toMatchObject({ agreement: "full", votes: { no: 2 } });
  });

  it("does not outvote another model, nor settle a vote before it has answered", async () => {
    server.reply("gpt-4o-mini", "Yes.");
    const client = cached("gpt-4o-mini");
    await warm(client);
    server.reply("gpt-4o", "No.");
    const other = new ChatOpenAI({ model: "gpt-4o", apiKey: "k", configuration: { baseURL: server.openaiUrl } });
    const models = { a: client, b: client, c: other };
    const result = await createEnsemble({ models, aggregate: majorityVote() }).compile().invoke(Q);
    expect(result.aggregate!.votes).toEqual({ yes: 1, no: 1 });
    expect(result.aggregate!.consensus).toBe(false);
    expect(result.calls.map(({ status }) => status).sort()).toEqual(["cached", "cached", "ok"]);
  });

  it("is one of two entries over one cache, and does not fill a quorum of two", async () => {
    server.reply("gpt-4o-mini", "No.");
    const cache = new InMemoryCache();
    await warm(cached("gpt-4o-mini", cache));
    const models = { a: cached("gpt-4o-mini", cache), b: { model: cached("gpt-4o-mini", cache), timeout: 60_000 } };
    const graph = createEnsemble({ models, aggregate: majorityVote(), minimum: 2 }).compile();
    await expect(graph.invoke(Q)).rejects.toThrow(QuorumNotReachedError);
  });

  it("is two of different models that say the same", async () => {
    server.reply("gpt-4o-mini", "No.");
    server.reply("gpt-4o", "No.");
    const models = { a: cached("gpt-4o-mini"), b: cached("gpt-4o") };
    const graph = createEnsemble({ models, aggregate: majorityVote() }).compile();
    await graph.invoke(Q);
    expect((await graph.invoke(Q)).aggregate).toMatchObject({ agreement: "full", votes: { no: 2 } });
  });

  it("does not agree with itself on the next tier of a cascade", async () => {
    server.reply("gpt-4o-mini", "No.");
    const client = cached("gpt-4o-mini");
    await warm(client);
    const graph = createCascade({ models: { a: client, b: client }, verify: agreement() }).compile();
    const { verdict, calls } = await graph.invoke(Q);
    expect(verdict).toMatchObject({ pass: false });
    expect(calls.map(({ status }) => status)).toEqual(["cached", "cached"]);
  });

  it("is not what consistency compares an answer with: the samples are asked for", async () => {
    server.reply("gpt-4o-mini", "No.", "Yes.", "Yes.");
    const cascade = createCascade({
      models: { small: cached("gpt-4o-mini") },
      verify: consistency({ samples: 3 }),
      judgeLast: true,
    });
    const { messages, calls } = await cascade.compile().invoke(Q);
    expect(calls.map(({ status }) => status)).toEqual(["ok", "ok", "ok"]);
    expect(messages.at(-1)!.text).toBe("Yes.");
  });
});
