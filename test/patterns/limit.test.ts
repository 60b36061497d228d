import { describe, expect, it, vi } from "vitest";
import {
  createEnsemble,
  createFallback,
  createMapReduce,
  createRouter,
  LimitReachedError,
  longest,
  ModelCallError,
} from "../../src/index.js";
import { failWith, type ReplySource } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();

const ask = { messages: "Hi" };
const requestsTo = (model: string) => server.requests.filter((request) => request.model === model).length;

/** A reply that is held until the test lets it go. */
function held(text: string): { readonly reply: ReplySource; readonly answer: () => void } {
  let answer!: () => void;
  const free = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const reply = async () => {
    await free;
    return text;
  };
  return { reply, answer };
}

describe("limit", () => {
  it("sends a chain on to the next model, with the reason, and calls the last one all the same", async () => {
    const { reply, answer } = held("slow");
    server.reply("a", reply);
    server.reply("b", "Hello");
    const a = { model: openai("a"), limit: { concurrency: 1 } };
    const graph = createFallback({ models: { a, b: openai("b") } }).compile();
    const first = graph.invoke(ask);
    await vi.waitFor(() => expect(requestsTo("a")).toBe(1));
    const second = await graph.invoke(ask);
    expect(second.modelUsed).toBe("b");
    expect(second.decisions).toContainEqual({
      ...{ node: "a", kind: "skip", chosen: "a", reason: "limit of 1 calls at once is reached" },
    });
    const alone = createFallback({ models: { a } }).compile().invoke(ask);
    answer();
    expect((await first).modelUsed).toBe("a");
    expect((await alone).modelUsed).toBe("a");
    expect(requestsTo("a")).toBe(2);
  });

  it("is one limit for all entries with the same object", async () => {
    const limit = { concurrency: 1 };
    const { reply, answer } = held("slow");
    server.reply("a", reply);
    const one = createRouter({ models: { a: { model: openai("a"), limit } }, route: () => "a" }).compile();
    const other = createRouter({ models: { b: { model: openai("b"), limit } }, route: () => "b" }).compile();
    const runs = [one.invoke(ask)];
    await vi.waitFor(() => expect(requestsTo("a")).toBe(1));
    const waiting = other.invoke(ask);
    answer();
    await Promise.all([...runs, waiting]);
    const [first, second] = server.requests;
    expect(second!.startedAt).toBeGreaterThanOrEqual(first!.startedAt);
    expect(requestsTo("b")).toBe(1);
  });

  it("fails a model that stands alone as `rate_limit` when its queue is over, without a retry", async () => {
    const a = { model: openai("a"), limit: { requestsPerMinute: 1, queueMs: 5 } };
    const graph = createRouter({ models: { a }, route: () => "a" }).compile();
    await graph.invoke(ask);
    const error = await graph.invoke(ask).catch((failed: unknown) => failed);
    expect(ModelCallError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ class: "rate_limit", movesOn: true });
    expect(LimitReachedError.isInstance((error as ModelCallError).cause)).toBe(true);
    expect((error as ModelCallError).message).toMatch(/limit of 1 requests per minute is reached for \d+ s more/);
    expect((error as ModelCallError).retryAfterMs).toBeGreaterThan(0);
    expect(server.requests).toHaveLength(1);
  });

  it("leaves the queue when the run is aborted", async () => {
    const a = { model: openai("a"), limit: { requestsPerMinute: 1 } };
    const graph = createRouter({ models: { a }, route: () => "a" }).compile();
    await graph.invoke(ask);
    const controller = new AbortController();
    const run = graph.invoke(ask, { signal: controller.signal }).catch((error: unknown) => error);
    setImmediate(() => controller.abort());
    expect(await run).toMatchObject({ name: expect.stringMatching(/Abort/) });
    expect(server.requests).toHaveLength(1);
  });

  it("lets the lanes of an ensemble and the workers of a map-reduce wait for their turn", async () => {
    server.reply("a", "yes");
    const a = { model: openai("a"), limit: { concurrency: 1 } };
    const votes = await createEnsemble({ models: { one: a, two: a, three: a }, aggregate: longest() })
      .compile()
      .invoke(ask);
    expect(votes.candidates).toHaveLength(3);
    const items = ["1", "2", "3", "4"];
    const sections = await createMapReduce({
      plan: () => items,
      worker: a,
      reduce: ({ outputs }) => String(outputs.length),
    })
      .compile()
      .invoke(ask);
    expect(sections.messages.at(-1)!.text).toBe("4");
  });

  it("counts the tokens that a provider reports", async () => {
    server.reply("a", { text: "Hello", usage: { inputTokens: 10, outputTokens: 5 } });
    server.reply("b", "Hi");
    const a = { model: openai("a"), parameters: { maxTokens: 100 }, limit: { tokensPerMinute: 160 } };
    const graph = createFallback({ models: { a, b: openai("b") } }).compile();
    for (let number = 0; number < 3; number++) expect((await graph.invoke(ask)).modelUsed).toBe("a"); // 15 each, not 101
    server.reply("a", { text: "Hello", usage: { inputTokens: 10, outputTokens: 120 } });
    await graph.invoke(ask).catch(() => {});
    expect((await graph.invoke(ask)).modelUsed).toBe("b");
  });

  it("believes the headers of the provider", async () => {
    const headers = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "30s" };
    server.reply("a", { text: "Hello", headers });
    server.reply("b", "Hi");
    const graph = createFallback({ models: { a: { model: openai("a"), limit: {} }, b: openai("b") } }).compile();
    expect((await graph.invoke(ask)).modelUsed).toBe("a");
    const { modelUsed, decisions } = await graph.invoke(ask);
    expect(modelUsed).toBe("b");
    expect(decisions[0]).toMatchObject({ kind: "skip", reason: "limit of its provider is reached for 30 s more" });
  });

  it("waits as long as the words of a 429 say", async () => {
    const words = "Rate limit reached for a on requests per min (RPM): Limit 3. Please try again in 20ms.";
    server.reply("a", failWith.rateLimit({ message: words }), "Hello");
    const graph = createRouter({ models: { a: openai("a") }, route: () => "a" }).compile();
    const { calls, modelUsed } = await graph.invoke(ask);
    expect(modelUsed).toBe("a");
    expect(calls.map(({ status }) => status)).toEqual(["error", "ok"]);
    const [first, second] = calls;
    expect(second!.startedAt - first!.startedAt).toBeGreaterThanOrEqual(20);
  });
});
