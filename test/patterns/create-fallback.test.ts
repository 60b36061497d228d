import { HumanMessage } from "@langchain/core/messages";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { AllModelsFailedError, createFallback, InvalidOptionError } from "../../src/index.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";

const once = { retry: false } as const;

describe("createFallback", () => {
  it("has the shape of its topology line, with an edge back from the last model to those it passed over", () => {
    const graph = createFallback({ models: { a: saying(), b: saying(), c: saying() }, defaultResponse: "Later." });
    expect(shapeOf(graph)).toMatchInlineSnapshot(`
      [
        "__start__ → a",
        "a ⇢ __end__",
        "a ⇢ b",
        "a ⇢ c",
        "a ⇢ default_response",
        "b ⇢ __end__",
        "b ⇢ c",
        "b ⇢ default_response",
        "c ⇢ __end__",
        "c ⇢ a",
        "c ⇢ b",
        "c ⇢ default_response",
        "default_response → __end__",
      ]
    `);
    expect(shapeOf(createFallback({ models: { a: saying() } }))).toEqual(["__start__ → a", "a → __end__"]);
  });

  it("answers with the first model, and asks no other", async () => {
    const b = saying();
    const result = await createFallback({ models: { a: saying("A"), b } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(result).toMatchObject({ modelUsed: "a", confidence: null, decisions: [], failures: [] });
    expect(b.callCount).toBe(0);
  });

  it("ends in the default response, with confidence 0 and every failure kept", async () => {
    const models = { a: { model: saying(httpError(500)), ...once }, b: { model: saying(httpError(503)), ...once } };
    const result = await createFallback({ models, defaultResponse: "Later." }).compile().invoke({ messages: "Hi" });
    expect(result).toMatchObject({ modelUsed: "default_response", confidence: 0 });
    expect(result.messages.at(-1)!.text).toBe("Later.");
    expect(result.failures.map(({ status }) => status)).toEqual([500, 503]);
    expect(result.decisions.map(({ kind, chosen }) => `${kind} ${chosen}`)).toEqual([
      "fallback b",
      "fallback default_response",
    ]);
  });

  it("takes a fallback as the other patterns do: a node of its own that nothing else answers before", async () => {
    const failing = () => ({ model: saying(httpError(500), httpError(500)), ...once });
    const models = { a: failing(), b: failing() };
    const fallback = { model: saying("F", httpError(503)), ...once };
    expect(shapeOf(createFallback({ models, fallback }))).toEqual([
      "__start__ → a",
      ...["__end__", "b", "fallback"].map((end) => `a ⇢ ${end}`),
      ...["__end__", "a", "fallback"].map((end) => `b ⇢ ${end}`),
      "fallback → __end__",
    ]);
    const graph = createFallback({ models, fallback, defaultResponse: "Later." });
    expect(shapeOf(graph).filter((edge) => edge.startsWith("fallback"))).toEqual([
      "fallback ⇢ __end__",
      "fallback ⇢ default_response",
    ]);
    const answered = await graph.compile().invoke({ messages: "Hi" });
    expect(answered).toMatchObject({ modelUsed: "fallback", failures: [{ name: "a" }, { name: "b" }] });
    expect(answered.decisions.map(({ kind, chosen }) => `${kind} ${chosen}`)).toEqual([
      "fallback b",
      "fallback fallback",
    ]);
    const unanswered = await graph.compile().invoke({ messages: "Hi" });
    expect(unanswered.modelUsed).toBe("default_response");
    expect(unanswered.failures.map(({ name }) => name)).toContain("fallback");
  });

  it("asks no fallback while a model of the chain answers, and reserves its name only where it is given", async () => {
    const fallback = saying();
    const models = { a: { model: saying(httpError(500)), ...once }, b: saying("B") };
    const { modelUsed } = await createFallback({ models, fallback }).compile().invoke({ messages: "Hi" });
    expect([modelUsed, fallback.callCount]).toEqual(["b", 0]);
    expect(() => createFallback({ models: { fallback: saying() } })).not.toThrow();
    expect(() => createFallback({ models: { fallback: saying() }, fallback })).toThrow("fallback");
  });

  it("throws AllModelsFailedError even for one model, and keeps what was paid", async () => {
    const run = createFallback({ models: { a: { model: saying(httpError(500)), ...once } } })
      .compile()
      .invoke({ messages: "Hi" });
    await expect(run).rejects.toSatisfy(AllModelsFailedError.isInstance);
    await expect(run).rejects.toThrow("a: server: HTTP 500");
  });

  it("does not ask the same target again under another name", async () => {
    const same = saying(httpError(500), "second time");
    const models = { a: { model: same, ...once }, again: { model: same, ...once }, b: saying("B") };
    const result = await createFallback({ models }).compile().invoke({ messages: "Hi" });
    expect(result.modelUsed).toBe("b");
    expect(same.callCount).toBe(1);
    expect(result.decisions[0]).toMatchObject({
      kind: "skip",
      chosen: "again",
      reason: expect.stringContaining("a again"),
    });
  });

  it("wraps what is thrown without being an error", async () => {
    const odd = saying();
    odd.alwaysThrow("just a string" as unknown as Error);
    const result = await createFallback({ models: { a: { model: odd, ...once }, b: saying("B") } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(result).toMatchObject({ modelUsed: "b", failures: [{ name: "a", class: "unknown" }] });
  });

  describe("where it goes after an error", () => {
    const overflow = httpError(400, "This model's maximum context length is 8192 tokens", {
      code: "context_length_exceeded",
    });
    const entry = (provider: string, answer: string | Error, fields: object = {}) => ({
      model: saying(answer),
      provider,
      ...once,
      ...fields,
    });

    it("passes over the provider whose quota is spent", async () => {
      const quota = httpError(429, "You exceeded your current quota", { code: "insufficient_quota" });
      const models = { a: entry("x", quota), b: entry("x", "B"), c: entry("y", "C") };
      const result = await createFallback({ models }).compile().invoke({ messages: "Hi" });
      expect(result.modelUsed).toBe("c");
      expect(result.decisions[0]).toMatchObject({
        kind: "skip",
        chosen: "b",
        reason: "same provider as a, which ended in quota",
      });
    });

    it("asks the same provider after a refusal when no other is left", async () => {
      const refusal = httpError(400, "filtered", { code: "content_filter" });
      const result = await createFallback({ models: { a: entry("x", refusal), b: entry("x", "B") } })
        .compile()
        .invoke({ messages: "Hi" });
      expect(result.modelUsed).toBe("b");
    });

    it("never asks again with the key that was refused", async () => {
      const withKey = (key: string, answer: string | Error) => {
        const model = Object.assign(saying(answer), { apiKey: key });
        return { model, provider: "x", ...once };
      };
      const models = { a: withKey("k1", httpError(401)), b: withKey("k1", "B"), c: withKey("k2", "C") };
      const result = await createFallback({ models }).compile().invoke({ messages: "Hi" });
      expect(result.modelUsed).toBe("c");
      expect(models.b.model.callCount).toBe(0);
      const { c: _other, ...sameKey } = models;
      await expect(
        createFallback({ models: { ...sameKey, a: withKey("k1", httpError(401)) } })
          .compile()
          .invoke({ messages: "Hi" }),
      ).rejects.toThrow(/authentication/);
      expect(models.b.model.callCount).toBe(0);
    });

    it("goes to a larger window once after an overflow, and remembers", async () => {
      const models = {
        a: entry("x", overflow, { contextWindow: 8_000 }),
        tiny: entry("y", "never", { contextWindow: 4_000 }),
        unknown: entry("y", "later"),
        big: entry("z", httpError(500), { contextWindow: 128_000 }),
      };
      const result = await createFallback({ models }).compile().invoke({ messages: "Hi" });
      expect(result.modelUsed).toBe("unknown");
      expect(result.calls.map(({ path }) => path)).toEqual(["a", "big", "unknown"]);
      expect(models.tiny.model.callCount).toBe(0);
    });

    it("passes over a model whose window the prompt does not fit, before paying for the error", async () => {
      const models = { small: entry("x", "S", { contextWindow: 10 }), big: entry("y", "B", { contextWindow: 10_000 }) };
      const result = await createFallback({ models })
        .compile()
        .invoke({ messages: "long ".repeat(50) });
      expect(result).toMatchObject({
        modelUsed: "big",
        decisions: [
          { kind: "skip", chosen: "small" },
          { kind: "fallback", chosen: "big" },
        ],
      });
    });

    it("sends an image to a model that sees", async () => {
      const models = {
        blind: entry("x", "?", { capabilities: ["tools"] }),
        sees: entry("y", "A cat.", { capabilities: ["vision"] }),
      };
      const image = { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } };
      const result = await createFallback({ models })
        .compile()
        .invoke({ messages: [new HumanMessage({ content: [{ type: "text", text: "What?" }, image] })] });
      expect(result.modelUsed).toBe("sees");
    });

    it.each([400, 422])("stops at %i, which is the caller's bug", async (status) => {
      const b = saying();
      const run = createFallback({ models: { a: { model: saying(httpError(status)), ...once }, b } })
        .compile()
        .invoke({ messages: "Hi" });
      await expect(run).rejects.toMatchObject({ name: "ModelCallError", class: "invalid_request", status });
      expect(b.callCount).toBe(0);
    });

    it("moves on from a model id nobody knows", async () => {
      const result = await createFallback({ models: { a: entry("x", httpError(404)), b: entry("x", "B") } })
        .compile()
        .invoke({ messages: "Hi" });
      expect(result.modelUsed).toBe("b");
    });
  });

  describe("cooling down", () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ["Date"] }));
    afterEach(() => void vi.useRealTimers());
    const rateLimited = (fields: object = {}) => httpError(429, "slow down", fields);

    it("passes over a rate-limited model at the very next request, for the wait it asked for", async () => {
      const a = saying(rateLimited({ headers: { "retry-after": "20" } }), "A");
      const b = saying("B", "B", "B");
      const graph = createFallback({ models: { a: { model: a, ...once }, b } }).compile();
      expect((await graph.invoke({ messages: "1" })).modelUsed).toBe("b");
      const second = await graph.invoke({ messages: "2" });
      expect(second).toMatchObject({
        modelUsed: "b",
        decisions: [{ kind: "skip", chosen: "a", reason: expect.stringContaining("cooling down for 20 s") }, {}],
      });
      expect(a.callCount).toBe(1);
      vi.advanceTimersByTime(20_001);
      expect((await graph.invoke({ messages: "3" })).modelUsed).toBe("a");
    });

    it("tries a rate-limited model that is the only one", async () => {
      const a = saying(rateLimited(), "A");
      const graph = createFallback({ models: { a: { model: a, ...once } } }).compile();
      await expect(graph.invoke({ messages: "1" })).rejects.toThrow(/rate_limit/);
      expect((await graph.invoke({ messages: "2" })).modelUsed).toBe("a");
    });

    it("comes back to a model it passed over when all others fail", async () => {
      const a = saying(rateLimited(), "A");
      const b = saying("B", httpError(500));
      const graph = createFallback({ models: { a: { model: a, ...once }, b: { model: b, ...once } } }).compile();
      expect((await graph.invoke({ messages: "1" })).modelUsed).toBe("b");
      const second = await graph.invoke({ messages: "2" });
      expect(second.modelUsed).toBe("a");
      expect(second.decisions.map(({ kind, chosen }) => `${kind} ${chosen}`)).toEqual([
        "skip a",
        "fallback b",
        "fallback a",
      ]);
    });

    it("shares the cooldown with every graph that uses the client", async () => {
      const shared = { model: saying(rateLimited(), "A"), ...once };
      const first = createFallback({ models: { a: shared, b: saying("B") } }).compile();
      const other = createFallback({ models: { x: { ...shared, description: "spread" }, y: saying("Y") } }).compile();
      await first.invoke({ messages: "1" });
      expect((await other.invoke({ messages: "2" })).modelUsed).toBe("y");
    });
  });

  it("refuses an empty default response", () => {
    expect(() => createFallback({ models: { a: saying() }, defaultResponse: "" })).toThrow(InvalidOptionError);
  });
});
