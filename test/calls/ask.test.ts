import { AIMessage, type HumanMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { tool } from "@langchain/core/tools";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  callsOf,
  check,
  createCascade,
  createFallback,
  createRouter,
  InvalidModelError,
  judgeWith,
  type ModelEntry,
  totalCost,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { httpError, saying } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai, gemini } = useLoopback();
const alone = (entry: ModelEntry) => createFallback({ models: { one: entry } }).compile();

describe("ask", () => {
  it("looks prices up by model id, counts cached tokens once, and sums the run", async () => {
    server.reply("gpt-4o-mini", {
      text: "hi",
      usage: { inputTokens: 1_000_000, cachedTokens: 400_000, outputTokens: 100_000 },
    });
    const result = await alone({ model: openai("gpt-4o-mini") }).invoke({ messages: "Hi" });
    expect(result.calls[0]).toMatchObject({
      model: "gpt-4o-mini",
      usage: { inputTokens: 1_000_000, cacheReadTokens: 400_000, outputTokens: 100_000 },
    });
    expect(totalCost(result.calls)).toBeCloseTo(0.6 * 0.15 + 0.4 * 0.075 + 0.1 * 0.6, 10);
    expect((result.messages.at(-1) as AIMessage).usage_metadata).toMatchObject({
      input_tokens: 1_000_000,
      input_token_details: { cache_read: 400_000 },
    });
  });

  it("counts the cached tokens of a Gemini stream once, although every chunk repeats them", async () => {
    server.reply("gemini-2.0-flash", {
      text: "one two three four",
      chunks: 4,
      usage: { inputTokens: 100, cachedTokens: 80, outputTokens: 4 },
    });
    const result = await alone({ model: gemini("gemini-2.0-flash") }).invoke({ messages: "Hi" });
    expect(result.calls[0]!.usage).toEqual({ inputTokens: 100, cacheReadTokens: 80, outputTokens: 4 });
  });

  it("knows no price for a hosted model nobody knows: null, never 0", async () => {
    const result = await alone({ model: openai("claude-of-nobody") }).invoke({ messages: "Hi" });
    expect([result.calls[0]!.costUsd, totalCost(result.calls)]).toEqual([null, null]);
    expect(totalCost(result.calls, { unknown: "ignore" })).toBe(0);
  });

  it("estimates tokens and says so when the provider reports none", async () => {
    server.reply("gpt-4o-mini", { text: "12345678", usage: null });
    const result = await alone({ model: openai("gpt-4o-mini") }).invoke({ messages: "1234" });
    expect(result.calls[0]).toMatchObject({ estimated: true, usage: { inputTokens: 1, outputTokens: 2 } });
  });

  it.each([
    ["ChatOpenAI", openai, "temperature", "max_completion_tokens"],
    ["ChatGoogleGenerativeAI", gemini, "generationConfig.temperature", "generationConfig.maxOutputTokens"],
  ] as const)(
    "sends the parameters of an entry with %s, and leaves the user's client alone",
    async (_name, make, temperature, maxTokens) => {
      const client = make("m");
      await alone({ model: client, parameters: { temperature: 0.25, maxTokens: 77 } }).invoke({ messages: "Hi" });
      await alone({ model: client }).invoke({ messages: "Hi" });
      const sent = server.requests.map(
        ({ body }) =>
          (path: string) =>
            path.split(".").reduce<unknown>((part, key) => (part as Record<string, unknown>)?.[key], body),
      );
      expect([sent[0]!(temperature), sent[0]!(maxTokens) ?? sent[0]!("max_tokens")]).toEqual([0.25, 77]);
      expect(sent[1]!(temperature)).toBeUndefined();
    },
  );

  it("keeps tools bound to a client that is rebuilt", async () => {
    const add = tool(() => "3", { name: "add", description: "adds", schema: z.object({ a: z.number() }) });
    for (const client of [openai("m").bindTools([add]), gemini("m").bindTools([add])]) {
      await alone({ model: client, parameters: { temperature: 0.5 } }).invoke({ messages: "Hi" });
    }
    expect(server.requests.map(({ tools }) => tools)).toEqual([["add"], ["add"]]);
  });

  it("refuses a parameter the client does not know, and parameters on a graph", () => {
    expect(() => alone({ model: openai("m"), parameters: { topK: 3 } })).toThrow(/ChatOpenAI has no such parameter/);
    expect(() =>
      alone({ model: createFallback({ models: { a: openai("m") } }), parameters: { temperature: 1 } }),
    ).toThrow(InvalidModelError);
    expect(() => alone({ model: createFallback({ models: { a: openai("m") } }), firstTokenTimeout: 5 })).toThrow(
      InvalidModelError,
    );
  });

  it("keeps at most limit.concurrency calls in flight, over all graphs that use the entry", async () => {
    let [open, most] = [0, 0];
    server.reply("m", async () => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setImmediate(resolve));
      open--;
      return "hi";
    });
    const entry = { model: openai("m"), limit: { concurrency: 2 } };
    const graphs = [alone(entry), createRouter({ models: { x: entry }, route: () => "x" }).compile()];
    await Promise.all(Array.from({ length: 12 }, (_, index) => graphs[index % 2]!.invoke({ messages: "Hi" })));
    expect([server.requests.length, most]).toEqual([12, 2]);
  });

  it("passes tags and the session of the run context to every call", async () => {
    const seen: unknown[] = [];
    const watch = {
      handleChatModelStart: (...facts: unknown[]) =>
        void seen.push([facts[5], (facts[6] as Record<string, unknown>).session_id]),
    };
    await alone({ model: openai("m"), tags: ["mine"] }).invoke(
      { messages: "Hi" },
      { context: { tags: ["a"], sessionId: "s1" }, callbacks: [watch] },
    );
    expect(seen).toEqual([[["a", "mine"], "s1"]]);
  });

  it("counts what an agent does, with paths, and opens it in drawings", async () => {
    const add = tool(() => "3", {
      name: "add",
      description: "adds",
      schema: z.object({ a: z.number(), b: z.number() }),
    });
    server.reply("gpt-4o-mini", { toolCalls: [{ name: "add", args: { a: 1, b: 2 } }] }, "The sum is 3.");
    const agent = createAgent({ model: openai("gpt-4o-mini"), tools: [add] });
    const graph = createRouter({ models: { agent, other: openai("x") }, route: () => "agent" });
    const result = await graph.compile().invoke({ messages: "1 + 2?" });
    expect(result.messages.map(({ text }) => text)).toEqual(["1 + 2?", "The sum is 3."]);
    expect(result.calls.map(({ path, status, model }) => [path, status, model])).toEqual([
      ["agent/model_request", "ok", "gpt-4o-mini"],
      ["agent/model_request", "ok", "gpt-4o-mini"],
    ]);
    expect(totalCost(result.calls)).toBeGreaterThan(0);
    expect(Object.keys((await graph.compile().getGraphAsync({ xray: true })).nodes)).toContain("agent:tools");
  });

  it("counts what a chain of several models does, its failures too", async () => {
    server.reply("broken", failWith.server());
    const chain = openai("broken").withFallbacks([openai("gpt-4o-mini")]);
    const result = await createFallback({ models: { chain: Object.assign(chain), other: openai("x") } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(result.modelUsed).toBe("chain");
    expect(result.calls.at(-1)).toMatchObject({ path: "chain", status: "ok", model: "gpt-4o-mini" });
    expect(result.calls[0]).toMatchObject({ status: "error", model: "broken", costUsd: 0 });
  });

  it("takes a plain function wrapped as a runnable, and counts it", async () => {
    const parrot = RunnableLambda.from(
      (messages: HumanMessage[]) => new AIMessage(`You said ${messages.at(-1)!.text}`),
    );
    const result = await createFallback({ models: { parrot } }).compile().invoke({ messages: "Hi" });
    expect(result.messages.at(-1)!.text).toBe("You said Hi");
    expect(result.calls).toMatchObject([{ path: "parrot", status: "ok", estimated: true }]);
  });

  it("says what is wrong with a model that returns no message", async () => {
    const parsed = RunnableLambda.from(() => ({ title: "x" }));
    const run = createFallback({ models: { parsed: { model: parsed as never, retry: false } } })
      .compile()
      .invoke({ messages: "Hi" });
    await expect(run).rejects.toThrow(
      "parsed returned an object with title instead of a message; remove the parser behind the model",
    );
  });

  it("keeps what was paid with the error that ended a run", async () => {
    server.reply("gpt-4o-mini", { text: "", usage: { inputTokens: 1_000, outputTokens: 0 } });
    const error = await alone({ model: openai("gpt-4o-mini"), retry: { backoff: [0] } })
      .invoke({ messages: "Hi" })
      .catch((failed) => failed);
    expect(callsOf(error).map(({ status, attempt, costUsd }) => [status, attempt, costUsd])).toEqual([
      ["error", 1, 0.00015],
      ["error", 2, 0.00015],
    ]);
    expect(callsOf(new Error("other"))).toEqual([]);
  });

  it("keeps what was paid below when a nested pattern fails", async () => {
    const bad = { model: saying(httpError(500)), retry: false } as const;
    const inner = createCascade({
      models: { a: saying("draft"), b: bad },
      verify: judgeWith({ ...bad, systemPrompt: "judge" }),
      onUnverified: "escalate",
      fallback: { ...bad, systemPrompt: "spare" },
    });
    const failing = createCascade({
      models: { x: bad, y: { ...bad, systemPrompt: "other" } },
      verify: check(() => true),
    });
    const result = await createFallback({ models: { failing, inner } }).compile().invoke({ messages: "Hi" });
    expect(result.calls.map(({ path, status }) => `${path} ${status}`)).toEqual([
      "failing/x error",
      "failing/y error",
      "inner/a ok",
      "inner/verifier error",
      "inner/b error",
      "inner/fallback error",
    ]);
    expect(result.modelUsed).toBe("inner/a");
    expect(result.decisions.map(({ node }) => node)).toContain("inner/verifier");
  });
});
