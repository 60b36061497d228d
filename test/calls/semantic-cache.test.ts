import { Embeddings } from "@langchain/core/embeddings";
import { type AIMessage, HumanMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  classifyWith,
  createFallback,
  createRouter,
  InvalidOptionError,
  memoryStore,
  type SemanticCacheOptions,
  savings,
  semanticCache,
  totalCost,
} from "../../src/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();

/** Places all questions side by side, as an embedder places near misses: only words tell them apart. */
class Alike extends Embeddings {
  calls = 0;

  constructor(private readonly vectorOf: (text: string) => number[] | Error = () => [1, 0]) {
    super({});
  }

  override async embedQuery(text: string): Promise<number[]> {
    this.calls++;
    const vector = this.vectorOf(text);
    if (vector instanceof Error) throw vector;
    return vector;
  }

  override async embedDocuments(texts: string[]): Promise<number[][]> {
    return Promise.all(texts.map((text) => this.embedQuery(text)));
  }
}

const cacheOf = (options: Partial<SemanticCacheOptions> = {}) =>
  semanticCache({ embeddings: new Alike(), threshold: 0.9, namespace: "all", ...options });
const alone = (options: Partial<SemanticCacheOptions> = {}) =>
  createFallback({ models: { small: { model: openai("gpt-4o-mini"), cache: cacheOf(options) } } }).compile();
const answers = ({ calls }: { readonly calls: readonly { role: string; status: string }[] }) =>
  calls.filter(({ role }) => role !== "embedding").map(({ status }) => status);
const lastText = ({ messages }: { readonly messages: readonly unknown[] }) => (messages.at(-1) as AIMessage).text;

describe("semanticCache", () => {
  it("gives an answer again to a question that means the same", async () => {
    server.reply("gpt-4o-mini", "In the settings.", "Elsewhere.");
    const graph = alone();
    const first = await graph.invoke({ messages: "How do I reset my password?" });
    const second = await graph.invoke({ messages: "Please tell me how to reset my password" });
    expect([answers(first), answers(second)]).toEqual([["ok"], ["cached"]]);
    expect(lastText(second)).toBe("In the settings.");
    expect(second.calls.at(-1)).toMatchObject({ costUsd: 0, paidOnce: { usage: first.calls.at(-1)!.usage } });
    expect(second.decisions).toMatchObject([
      {
        kind: "skip",
        chosen: "small",
        scores: { similarity: 1 },
        threshold: 0.9,
        reason: "not called: semanticCache has the answer to a question of similarity 1",
      },
    ]);
    expect(savings(second.calls, { against: { input: 1, output: 1 } }).againstUsd).toBeGreaterThan(0);
    expect(JSON.stringify(second.decisions)).not.toContain("password");
  });

  it.each([
    ["Is 17 a prime number?", "Is 18 a prime number?"],
    ["Is it safe to delete this file?", "Is it not safe to delete this file?"],
    ["What is the capital of France?", "What is the capital of Spain?"],
    ["what is the capital of france", "what is the capital of spain"],
    ["Turn the lights on", "Turn the lights off"],
    ["What is the capital of Italy?", "Was ist die Hauptstadt von Italien?"],
  ])("rejects a near miss, however near its vector is: %s / %s", async (one, other) => {
    const graph = alone();
    await graph.invoke({ messages: one });
    expect(answers(await graph.invoke({ messages: other }))).toEqual(["ok"]);
    expect(answers(await graph.invoke({ messages: other }))).toEqual(["cached"]);
  });

  it("rejects what is less similar than the threshold, and takes what is as similar", async () => {
    const embeddings = new Alike((text) => (text.startsWith("Please") ? [0.8, 0.6] : [1, 0]));
    const run = async (threshold: number) => {
      const graph = alone({ embeddings, threshold });
      await graph.invoke({ messages: "Reset my password" });
      return answers(await graph.invoke({ messages: "Please reset my password" }));
    };
    expect([await run(0.81), await run(0.8)]).toEqual([["ok"], ["cached"]]);
  });

  it("keeps the answers of tenants apart, and caches nothing without one", async () => {
    const namespace = ({ tenant }: Readonly<Record<string, unknown>>) => tenant as string | undefined;
    const graph = alone({ namespace });
    const ask = (tenant?: string) => graph.invoke({ messages: "Hello" }, { context: { ...(tenant && { tenant }) } });
    expect(answers(await ask("one"))).toEqual(["ok"]);
    expect(answers(await ask("two"))).toEqual(["ok"]);
    expect(answers(await ask("one"))).toEqual(["cached"]);
    expect([await ask(), await ask()].map(({ calls }) => calls.map(({ role, status }) => [role, status]))).toEqual([
      [["answer", "ok"]],
      [["answer", "ok"]],
    ]);
  });

  it("compares all before the question exactly, and tools", async () => {
    const model = asChatModel(
      createFallback({ models: { small: { model: openai("gpt-4o-mini"), cache: cacheOf() } } }),
    );
    const history = (text: string) => [new HumanMessage(text), new HumanMessage("And what else?")];
    const weather = tool(() => "", { name: "weather", description: "The weather", schema: z.object({}) });
    await model.invoke(history("Hi"));
    await model.invoke(history("Hello"));
    await model.bindTools([weather]).invoke(history("Hi"));
    await model.invoke([new HumanMessage("Hi"), new HumanMessage({ content: "And what else?", name: "ann" })]);
    expect(server.requests).toHaveLength(4);
    await model.invoke([new HumanMessage("Hi"), new HumanMessage("And what else, please?")]);
    expect(server.requests).toHaveLength(4);
  });

  it("writes a line for each call of the embedder, with estimated tokens at the price of its model", async () => {
    const embeddings = Object.assign(new Alike(), { model: "text-embedding-3-small" });
    const price = { input: 0.02, output: 0 };
    const { calls } = await alone({ embeddings, price }).invoke({ messages: "How do I reset my password?" });
    expect(calls).toMatchObject([
      { role: "embedding", status: "ok", model: "text-embedding-3-small", path: "small", estimated: true },
      { role: "answer", status: "ok" },
    ]);
    expect(calls[0]!.costUsd).toBeGreaterThan(0);
    expect(totalCost((await alone().invoke({ messages: "Hi" })).calls)).toBeNull(); // an embedder without a known price
  });

  it("caches answers only: no classifier, no image, no long text, no conversation that ends otherwise", async () => {
    const embeddings = new Alike();
    const entry = { model: openai("gpt-4o-mini"), cache: cacheOf({ embeddings }) };
    const router = createRouter({ models: { a: openai("a"), b: openai("b") }, route: classifyWith(entry) }).compile();
    server.reply("gpt-4o-mini", "a");
    await router.invoke({ messages: "Hi" });
    const graph = createFallback({ models: { small: entry } }).compile();
    const image = { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } };
    await graph.invoke({ messages: [new HumanMessage({ content: [{ type: "text", text: "What is it?" }, image] })] });
    await graph.invoke({ messages: "long ".repeat(201) });
    expect(embeddings.calls).toBe(0);
    await graph.invoke({ messages: [new HumanMessage({ content: [{ type: "text", text: "What is it?" }] })] });
    expect(embeddings.calls).toBe(1);
  });

  it("calls the model when the embedder fails, and says so once", async () => {
    const graph = alone({ embeddings: new Alike(() => Object.assign(new Error("down"), { status: 503 })) });
    const runs = [await graph.invoke({ messages: "Hi" }), await graph.invoke({ messages: "Hi" })];
    expect(runs.map(({ decisions }) => decisions.map(({ reason }) => reason))).toEqual([
      ["semanticCache is passed over: its embedder failed (server)"],
      [],
    ]);
    expect(runs[1]!.calls).toMatchObject([
      { role: "embedding", status: "error", costUsd: 0 },
      { role: "answer", status: "ok" },
    ]);
  });

  it("takes vectors of another length, or of zeros, and foreign values as a miss", async () => {
    const store = memoryStore();
    const vectors = [
      [1, 0],
      [1, 0, 0],
      [0, 0, 0],
    ];
    const graph = alone({ store, embeddings: new Alike(() => vectors.shift() ?? [0, 0, 0]) });
    for (let index = 0; index < 3; index++) {
      expect(answers(await graph.invoke({ messages: "Hi" }))).toEqual(["ok"]);
    }
    const broken = alone({ store: { ...memoryStore(), get: () => "no JSON" } });
    expect(answers(await broken.invoke({ messages: "Hi" }))).toEqual(["ok"]);
  });

  it("ends with an abort of the run while it embeds", async () => {
    const stop = new AbortController();
    const embeddings = Object.assign(new Alike(), {
      embedQuery: () => {
        queueMicrotask(() => stop.abort(new Error("the user left")));
        return new Promise<number[]>(() => {});
      },
    });
    await expect(alone({ embeddings }).invoke({ messages: "Hi" }, { signal: stop.signal })).rejects.toThrow();
    expect(server.requests).toHaveLength(0);
  });

  it("refuses options that cannot work", () => {
    for (const wrong of [
      { threshold: 1.1 },
      { threshold: Number.NaN },
      { namespace: "" },
      { namespace: undefined as never },
      { embeddings: {} as never },
      { ttlMs: 0 },
      { timeout: 0 },
      { limit: 1 } as object,
    ]) {
      expect(() => cacheOf(wrong)).toThrow(InvalidOptionError);
    }
  });
});
