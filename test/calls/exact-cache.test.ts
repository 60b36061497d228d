import { type AIMessage, type AIMessageChunk, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  type Cache,
  type CacheRequest,
  callsOf,
  classifyWith,
  consistency,
  createCascade,
  createEnsemble,
  createFallback,
  createQualityGate,
  createRouter,
  exactCache,
  InvalidModelError,
  InvalidOptionError,
  type ModelEntry,
  majorityVote,
  memoryStore,
  type Store,
  savings,
  totalCost,
  totalTokens,
} from "../../src/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai, gemini } = useLoopback();
const cache = () => exactCache({ ttlMs: 60_000 });
const small = (entry: Partial<ModelEntry> = {}): ModelEntry => ({
  model: openai("gpt-4o-mini"),
  cache: cache(),
  ...entry,
});
const alone = (entry: ModelEntry) => createFallback({ models: { small: entry } }).compile();
const Q = { messages: "Is 91 prime?" };
const lastText = ({ messages }: { readonly messages: readonly unknown[] }) => (messages.at(-1) as AIMessage).text;

describe("exactCache", () => {
  it("gives an answer again: cached in the ledger, at no cost, with a new message id", async () => {
    server.reply("gpt-4o-mini", "No.", "Yes.");
    const graph = alone(small());
    const first = await graph.invoke(Q);
    const second = await graph.invoke(Q);
    expect(server.requests).toHaveLength(1);
    expect([lastText(first), lastText(second)]).toEqual(["No.", "No."]);
    expect(first.calls).toMatchObject([{ status: "ok" }]);
    expect(second.calls).toMatchObject([{ status: "cached", costUsd: 0, path: "small", model: "gpt-4o-mini" }]);
    expect(second.calls[0]!.paidOnce).toEqual({ usage: first.calls[0]!.usage, costUsd: first.calls[0]!.costUsd });
    expect([totalCost(second.calls), totalTokens(second.calls).totalTokens]).toEqual([0, 0]);
    const [once, again] = [first, second].map(({ messages }) => messages.at(-1) as AIMessage);
    expect(again!.id).not.toBe(once!.id);
    expect(again!.usage_metadata).toMatchObject({ total_tokens: 0 });
    expect(again!.response_metadata.finish_reason).toBe("stop");
  });

  it("saves what the answer cost once", async () => {
    const graph = alone(small());
    const { calls } = await graph.invoke(Q);
    const again = (await graph.invoke(Q)).calls;
    const { againstUsd, savedPercent } = savings(again, { against: "gpt-4o-mini" });
    expect(againstUsd).toBeCloseTo(totalCost(calls)!, 12);
    expect(savedPercent).toBe(100);
    expect(savings([...calls, ...again], { against: "gpt-4o-mini" }).savedPercent).toBeCloseTo(50, 6);
  });

  it.each(["gpt-4o-mini", "gemini-2.0-flash"])("streams a hit of %s as one chunk", async (id) => {
    server.reply(id, "Ninety one is seven times thirteen.");
    const graph = alone(small({ model: id.startsWith("gpt") ? openai(id) : gemini(id) }));
    const run = async () => {
      const chunks: AIMessageChunk[] = [];
      let calls: readonly unknown[] = [];
      for await (const [mode, part] of await graph.stream(Q, { streamMode: ["messages", "values"] })) {
        if (mode === "messages" && part[0].text !== "") chunks.push(part[0] as AIMessageChunk);
        if (mode === "values") calls = part.calls;
      }
      return { texts: chunks.map(({ text }) => text), ids: new Set(chunks.map(({ id }) => id)), calls };
    };
    const [first, second] = [await run(), await run()];
    expect(first.texts.length).toBeGreaterThan(1);
    expect(second.texts).toEqual(["Ninety one is seven times thirteen."]);
    expect(second.ids.size).toBe(1);
    expect(second.calls).toMatchObject([{ status: "cached", timeToFirstTokenMs: expect.any(Number) }]);
    expect(lastText(await graph.invoke(Q))).toBe("Ninety one is seven times thirteen.");
    expect(server.requests).toHaveLength(1);
  });

  it("streams through asChatModel, too", async () => {
    server.reply("gpt-4o-mini", "No, it is not.");
    const model = asChatModel(createFallback({ models: { small: small() } }));
    await model.invoke("Is 91 prime?");
    const texts: string[] = [];
    for await (const chunk of await model.stream("Is 91 prime?")) if (chunk.text !== "") texts.push(chunk.text);
    expect(texts).toEqual(["No, it is not."]);
    expect(callsOf(await model.invoke("Is 91 prime?"))).toMatchObject([{ status: "cached" }]);
  });

  it("has another answer for another prompt, system prompt, parameter, model, address and history", async () => {
    const shared = cache();
    const ask = (entry: Partial<ModelEntry>, messages: string | HumanMessage[] = "Hi", context = {}) =>
      alone(small({ cache: shared, ...entry })).invoke({ messages }, { context });
    await ask({});
    const others = [
      () => ask({}, "Hi!"),
      () => ask({ systemPrompt: "Be brief." }),
      () => ask({ parameters: { temperature: 0.2 } }),
      () => ask({}, "Hi", { parameters: { temperature: 0.7 } }),
      () => ask({ model: openai("gpt-4o") }),
      () => ask({ model: gemini("gemini-2.0-flash") }),
      () => ask({}, [new HumanMessage("Hi"), new HumanMessage("Hi")]),
      () => ask({}, [new HumanMessage({ content: "Hi", name: "ann" })]),
      () => ask({ model: elsewhere() }),
    ];
    for (const other of others) await other();
    expect(server.requests).toHaveLength(1 + others.length);
    for (const other of others) expect((await other()).calls[0]!.status).toBe("cached");
    await ask({ systemPrompt: "Be brief." }, [new HumanMessage({ content: "Hi", id: "another id" })]);
    expect(server.requests).toHaveLength(1 + others.length);
  });

  const elsewhere = () =>
    new ChatOpenAI({
      model: "gpt-4o-mini",
      apiKey: "sk-test",
      maxRetries: 0,
      configuration: { baseURL: server.openaiUrl.replace("127.0.0.1", "localhost") },
    });

  it("finds the answers of a client with another key, and keeps no key", async () => {
    const kept: [string, string][] = [];
    const values = memoryStore();
    const store: Store = {
      ...values,
      set: (key, value, ttl) => {
        kept.push([key, value]);
        return values.set(key, value, ttl);
      },
    };
    const client = (apiKey: string) =>
      new ChatOpenAI({ model: "gpt-4o-mini", apiKey, maxRetries: 0, configuration: { baseURL: server.openaiUrl } });
    const keys = ["sk-first-key-aaaaaaaaaaaaaaaa", "sk-other-key-bbbbbbbbbbbbbbbb"];
    for (const key of keys) {
      await alone({ model: client(key), cache: exactCache({ ttlMs: 1_000, store }) }).invoke(Q);
    }
    expect(server.requests).toHaveLength(1);
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain("sk-");
    expect(kept[0]![0]).toMatch(/^multimodel:exact:[0-9a-f]{64}$/);
  });

  it("tells tools and forms of an answer apart, and finds those of equal schemas", async () => {
    const model = asChatModel(createFallback({ models: { small: small() } }));
    const weather = (description: string) =>
      tool(() => "sunny", { name: "weather", description, schema: z.object({ city: z.string() }) });
    const withTool = (description: string) => model.bindTools([weather(description)]).invoke("Hi");
    await model.invoke("Hi");
    await withTool("The weather in a city");
    await withTool("The weather of tomorrow");
    await withTool("The weather in a city");
    expect(server.requests).toHaveLength(3);
    server.reply("gpt-4o-mini", '{"city":"Rome"}');
    const form = (key: string) => model.withStructuredOutput(z.object({ [key]: z.string() })).invoke("Hi");
    await form("city");
    expect(await form("city")).toEqual({ city: "Rome" });
    expect(server.requests).toHaveLength(4);
  });

  it("tells schemas in the settings of a client apart by all of their properties, whatever these are called", async () => {
    server.reply("m", '{"tags":"one"}', '{"apiKey":"two"}');
    const shared = cache();
    const texts = [];
    for (const property of ["tags", "apiKey"]) {
      const schema = { type: "object", properties: { [property]: { type: "string" } } };
      const modelKwargs = { response_format: { type: "json_schema", json_schema: { name: "form", schema } } };
      const model = new ChatOpenAI({
        ...{ model: "m", apiKey: "sk-1", modelKwargs },
        configuration: { baseURL: server.openaiUrl },
      });
      texts.push(lastText(await alone({ model, cache: shared }).invoke(Q)));
    }
    expect(texts).toEqual(['{"tags":"one"}', '{"apiKey":"two"}']);
  });

  it.each<[string, (value: string) => object]>([
    ["a field of the request", (value) => ({ modelKwargs: { routing_key: value } })],
    ["a field within one", (value) => ({ modelKwargs: { extra: { stop_token: value, tags: [value] } } })],
    ["a definition of a schema", (value) => ({ modelKwargs: { schema: { $defs: { apiKey: { const: value } } } } })],
    ["a default of a schema", (value) => ({ modelKwargs: { schema: { default: { token: value } } } })],
    ["a schema of zod", (value) => ({ modelKwargs: { schema: z.object({ [value]: z.string() }) } })],
    ["a header", (value) => ({ configuration: { defaultHeaders: { "x-tenant": value } } })],
  ])("tells clients apart by %s, whatever it is called", async (_name, settings) => {
    const keyOf = async (value: string, apiKey: string) => {
      const { configuration = {}, ...fields } = settings(value) as { configuration?: { defaultHeaders?: object } };
      const headers = { "x-api-key": apiKey, ...configuration.defaultHeaders };
      const model = new ChatOpenAI({
        ...{ model: "m", apiKey, ...fields },
        configuration: { baseURL: server.openaiUrl, ...configuration, defaultHeaders: headers },
      });
      const facts: string[] = [];
      const spying: Cache = {
        ...{ name: "spy", trouble: () => undefined },
        lookUp: async ({ facts: asked }) => void facts.push(asked) as undefined,
      };
      await alone({ model, cache: spying }).invoke(Q);
      return facts[0]!;
    };
    expect(await keyOf("one", "sk-1")).toBe(await keyOf("one", "sk-2"));
    expect(await keyOf("one", "sk-1")).not.toBe(await keyOf("two", "sk-1"));
    expect(await keyOf("one", "sk-secret")).not.toContain("sk-secret");
  });

  it("gives tool calls again under new ids, and compares histories whatever the ids of their calls are", async () => {
    server.reply("gpt-4o-mini", { toolCalls: [{ name: "weather", args: { city: "Rome" }, id: "call_one" }] }, "Sunny.");
    const schema = z.object({ city: z.string() });
    const weather = tool(() => "sunny", { name: "weather", description: "The weather", schema });
    const model = asChatModel(createFallback({ models: { small: small() } })).bindTools([weather]);
    const once = await model.invoke("Weather in Rome?");
    const again = await model.invoke("Weather in Rome?");
    expect(once.tool_calls).toMatchObject([{ name: "weather", args: { city: "Rome" }, id: "call_one" }]);
    expect(again.tool_calls).toMatchObject([{ name: "weather", args: { city: "Rome" } }]);
    expect(again.tool_calls![0]!.id).not.toBe("call_one");
    expect(JSON.stringify(again)).not.toContain("call_one");
    for (const message of [once, again]) {
      const result = new ToolMessage({ content: "sunny", tool_call_id: message.tool_calls![0]!.id!, name: "weather" });
      expect((await model.invoke([new HumanMessage("Weather in Rome?"), message, result])).text).toBe("Sunny.");
    }
    expect(server.requests).toHaveLength(2);
  });

  it("keeps two answers of one model that is in an ensemble twice", async () => {
    server.reply("gpt-4o-mini", "A", "B");
    const entry = small();
    const graph = createEnsemble({
      models: { one: entry, two: entry },
      aggregate: majorityVote(),
    }).compile();
    const first = await graph.invoke(Q);
    const second = await graph.invoke(Q);
    expect(server.requests).toHaveLength(2);
    const textsOf = ({ candidates }: typeof first) => candidates.map(({ message }) => message.text).sort();
    expect(textsOf(first)).toEqual(["A", "B"]);
    expect(textsOf(second)).toEqual(["A", "B"]);
    expect(second.calls).toMatchObject([{ status: "cached" }, { status: "cached" }]);
  });

  it("keeps two answers of one model that two patterns in an ensemble share", async () => {
    server.reply("gpt-4o-mini", "A", "B");
    const entry = small();
    const graph = createEnsemble({
      models: { one: createFallback({ models: { entry } }), two: createFallback({ models: { entry } }) },
      aggregate: majorityVote(),
    }).compile();
    await graph.invoke(Q);
    expect((await graph.invoke(Q)).candidates.map(({ message }) => message.text).sort()).toEqual(["A", "B"]);
    expect(server.requests).toHaveLength(2);
  });

  it("does not climb from an answer to the same answer", async () => {
    server.reply("gpt-4o-mini", "Maybe.", "No.");
    const entry = small();
    const verify = () => ({ pass: false });
    const graph = createCascade({ models: { draft: entry, retry: entry }, verify }).compile();
    await graph.invoke(Q);
    expect(server.requests).toHaveLength(2);
    expect(lastText(await graph.invoke(Q))).toBe("No.");
    expect(server.requests).toHaveLength(2);
  });

  it("is bypassed by consistency, which samples a prompt again", async () => {
    const graph = createCascade({ models: { small: small() }, verify: consistency({ samples: 3 }), judgeLast: true });
    const { calls } = await graph.compile().invoke(Q);
    expect(calls.map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  it("caches classifiers as well as answers", async () => {
    server.reply("gpt-4o-mini", "chat");
    server.reply("gpt-4o", "Hello.");
    const route = classifyWith(small());
    const graph = createRouter({ models: { chat: openai("gpt-4o"), code: openai("gpt-4o") }, route }).compile();
    await graph.invoke(Q);
    expect((await graph.invoke(Q)).calls).toMatchObject([
      { role: "router", status: "cached" },
      { role: "answer", status: "ok" },
    ]);
  });

  it("keeps neither failures nor answers that were cut off", async () => {
    server.reply("gpt-4o-mini", { text: "Ninety", finishReason: "length" }, { error: { status: 500 } }, "No.");
    const graph = alone(small({ retry: false }));
    expect(lastText(await graph.invoke(Q))).toBe("Ninety");
    await expect(graph.invoke(Q)).rejects.toThrow();
    expect(lastText(await graph.invoke(Q))).toBe("No.");
    expect((await graph.invoke(Q)).calls).toMatchObject([{ status: "cached" }]);
    expect(server.requests).toHaveLength(3);
  });

  it("forgets an answer when its time is over", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    try {
      const graph = alone(small());
      await graph.invoke(Q);
      vi.advanceTimersByTime(59_999);
      await graph.invoke(Q);
      expect(server.requests).toHaveLength(1);
      vi.advanceTimersByTime(1);
      await graph.invoke(Q);
      expect(server.requests).toHaveLength(2);
    } finally {
      vi.useRealTimers();
    }
  });

  describe("with equal requests at the same time", () => {
    it("asks the model once", async () => {
      let answer = (_text: string) => {};
      const held = new Promise<string>((resolve) => {
        answer = resolve;
      });
      server.reply("gpt-4o-mini", () => held);
      const graph = alone(small());
      const runs = Array.from({ length: 5 }, () => graph.invoke(Q));
      await server.received(1);
      answer("No.");
      const statuses = (await Promise.all(runs)).map(({ calls }) => calls.map(({ status }) => status).join());
      expect(statuses.sort()).toEqual(["cached", "cached", "cached", "cached", "ok"]);
      expect(server.requests).toHaveLength(1);
    });

    it("survives an abort of the first", async () => {
      server.reply("gpt-4o-mini", { fault: "hang" }, "No.");
      const graph = alone(small());
      const stop = new AbortController();
      const first = graph.invoke(Q, { signal: stop.signal });
      await server.received(1);
      const second = graph.invoke(Q);
      await new Promise(setImmediate);
      stop.abort();
      await expect(first).rejects.toThrow();
      expect(lastText(await second)).toBe("No.");
      expect((await graph.invoke(Q)).calls).toMatchObject([{ status: "cached" }]);
    });

    it("ends a wait with the run's own abort", async () => {
      server.reply("gpt-4o-mini", { fault: "hang" });
      const graph = alone(small());
      const [own, other] = [new AbortController(), new AbortController()];
      const first = graph.invoke(Q, { signal: other.signal });
      await server.received(1);
      const second = graph.invoke(Q, { signal: own.signal });
      await new Promise(setImmediate);
      own.abort();
      await expect(second).rejects.toThrow();
      other.abort();
      await expect(first).rejects.toThrow();
      expect(server.requests).toHaveLength(1);
    });

    it("asks for itself when the first fails", async () => {
      server.reply("gpt-4o-mini", { error: { status: 400 } }, "No.");
      const graph = alone(small());
      const [first, second] = await Promise.allSettled([graph.invoke(Q), graph.invoke(Q)]);
      expect([first.status, second.status].sort()).toEqual(["fulfilled", "rejected"]);
      expect(server.requests).toHaveLength(2);
    });
  });

  describe("with a store that fails", () => {
    const down: Store = {
      ...memoryStore(),
      name: "redis",
      get: () => Promise.reject(new Error("down")),
      set: () => Promise.reject(new Error("down")),
    };

    it("asks the model, and says so once", async () => {
      const graph = alone(small({ cache: exactCache({ ttlMs: 1_000, store: down }) }));
      const runs = [await graph.invoke(Q), await graph.invoke(Q)];
      expect(runs.map(({ calls }) => calls.map(({ status }) => status))).toEqual([["ok"], ["ok"]]);
      expect(runs.map(({ decisions }) => decisions)).toMatchObject([
        [{ kind: "skip", chosen: "small", reason: "exactCache is passed over: its store (redis) cannot be reached" }],
        [],
      ]);
    });

    it("says so again after it had recovered", async () => {
      const values = memoryStore();
      let works = false;
      const store: Store = {
        ...values,
        name: "redis",
        get: async (key) => {
          if (!works) throw new Error("down");
          return values.get(key);
        },
      };
      const graph = alone(small({ cache: exactCache({ ttlMs: 60_000, store }) }));
      const decided: number[] = [];
      for (const state of [false, true, false]) {
        works = state;
        decided.push((await graph.invoke(Q)).decisions.length);
      }
      expect(decided).toEqual([1, 0, 1]);
    });

    it("waits 50 ms for it, and no longer", async () => {
      vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
      try {
        let asked = () => {};
        const waiting = new Promise<void>((resolve) => {
          asked = resolve;
        });
        const get = () => {
          asked();
          return new Promise<never>(() => {});
        };
        const slow = exactCache({ ttlMs: 1_000, store: { ...memoryStore(), name: "redis", get } });
        const request: CacheRequest = {
          ...{ facts: "", messages: [], question: undefined, role: "answer", context: {}, stops: [] },
          embed: (_text, _embedder, work) => work(),
        };
        const place = slow.lookUp(request);
        await waiting;
        vi.advanceTimersByTime(49);
        expect(slow.trouble()).toBeUndefined();
        vi.advanceTimersByTime(1);
        expect((await place)!.found).toBeUndefined();
        expect(slow.trouble()).toBe("its store (redis) took longer than 50 ms");
      } finally {
        vi.useRealTimers();
      }
    });

    it("takes a value that is no answer as a miss", async () => {
      const store: Store = { ...memoryStore(), get: () => "no JSON" };
      expect((await alone(small({ cache: exactCache({ ttlMs: 1, store }) })).invoke(Q)).calls).toMatchObject([
        { status: "ok" },
      ]);
    });
  });

  it("is refused on a graph, and without a time to live", () => {
    const inner = createQualityGate({ model: openai("gpt-4o-mini"), verify: () => ({ pass: true }) });
    expect(() => createFallback({ models: { inner: { model: inner, cache: cache() } } })).toThrow(InvalidModelError);
    expect(() => exactCache({ ttlMs: 0 })).toThrow(InvalidOptionError);
    expect(() => exactCache({ ttlMs: 1, store: {} as Store })).toThrow(InvalidOptionError);
    expect(() => alone(small({ cache: {} as never }))).toThrow(InvalidOptionError);
  });
});
