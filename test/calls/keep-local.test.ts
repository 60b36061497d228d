import { InMemoryCache } from "@langchain/core/caches";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { Command, InMemoryStore, interrupt, MemorySaver, StateSchema } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  bestOf,
  bySimilarity,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createMapReduce,
  createPipeline,
  createRouter,
  exactCache,
  InvalidOptionError,
  judgeWith,
  keepLocal,
  memoryStore,
  NotAllowedError,
  OrchestrationState,
  sharedMemory,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";

const secret = "4111-7777";
const privacy = keepLocal({
  detect: (text) => text.includes(secret),
  allow: ({ tags }) => tags?.includes("local") === true,
});
const asked = `My number is ${secret}.`;
const local = (...answers: readonly (string | Error)[]) => ({ model: saying(...answers), tags: ["local"] });

describe("keepLocal", () => {
  it("lets a run without a find go anywhere", async () => {
    const far = saying("far");
    const graph = createFallback({ models: { far, near: local("near") }, privacy }).compile();
    expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("far");
  });

  it("skips what is not allowed, with a reason that holds nothing of the text", async () => {
    const far = saying("far");
    const graph = createFallback({ models: { far, near: local("near") }, privacy }).compile();
    const { modelUsed, decisions, calls } = await graph.invoke({ messages: asked });
    expect(modelUsed).toBe("near");
    expect(far.callCount).toBe(0);
    expect(decisions[0]).toMatchObject({ kind: "skip", chosen: "far", reason: expect.stringContaining("not allow") });
    expect(JSON.stringify([decisions, calls])).not.toContain(secret);
  });

  it("ends in NotAllowedError when nothing allowed can answer, and nothing left", async () => {
    const far = saying("far");
    const further = saying("further");
    const graph = createFallback({ models: { far, further }, privacy }).compile();
    const error = await graph.invoke({ messages: asked }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(NotAllowedError);
    expect(NotAllowedError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ class: "not_allowed", message: expect.not.stringContaining(secret) });
    expect(far.callCount + further.callCount).toBe(0);
  });

  it("ends in NotAllowedError when the allowed ones fail, with their failures as its cause", async () => {
    const far = saying("far");
    const near = { ...local(httpError(503)), retry: false } as const;
    const graph = createFallback({ models: { near, far }, privacy }).compile();
    await expect(graph.invoke({ messages: asked })).rejects.toMatchObject({
      name: "NotAllowedError",
      cause: { name: "AllModelsFailedError" },
    });
    expect(far.callCount).toBe(0);
  });

  it("takes the default response instead", async () => {
    const far = saying("far");
    const graph = createFallback({ models: { far }, defaultResponse: "Not here.", privacy }).compile();
    expect((await graph.invoke({ messages: asked })).messages.at(-1)!.text).toBe("Not here.");
    expect(far.callCount).toBe(0);
  });

  it("holds for the streams of LangGraph's loop as without it", async () => {
    const far = saying("far", "far");
    const graph = createFallback({ models: { far, near: local("near", "near") }, privacy }).compile({
      checkpointer: new MemorySaver(),
    });
    const chunks = [];
    for await (const chunk of await graph.stream({ messages: asked }, { configurable: { thread_id: "1" } }))
      chunks.push(chunk);
    expect(far.callCount).toBe(0);
    expect((await graph.getState({ configurable: { thread_id: "1" } })).values).toMatchObject({ modelUsed: "near" });
  });

  it.each([
    [
      "throws",
      () => {
        throw new TypeError(`cannot read ${secret}`);
      },
    ],
    ["rejects", async () => Promise.reject(new TypeError(secret))],
    ["returns nothing", (() => undefined) as never],
  ])("closes the gate when the detector %s", async (_how, detect) => {
    const far = saying("far");
    const broken = keepLocal({ detect, allow: ({ tags }) => tags?.includes("local") === true });
    const graph = createFallback({ models: { far, near: local("near") }, privacy: broken }).compile();
    const { modelUsed, decisions } = await graph.invoke({ messages: "Hi" });
    expect([modelUsed, far.callCount]).toEqual(["near", 0]);
    expect(JSON.stringify(decisions)).not.toContain(secret);
  });

  it.each([
    [
      "throws",
      () => {
        throw new Error("x");
      },
    ],
    ["rejects", (async () => Promise.reject(new Error("x"))) as never],
    ["returns a promise", (async () => true) as never],
    ["returns a truthy value", (() => "yes") as never],
  ])("does not allow an entry when `allow` %s", async (_how, allow) => {
    const far = saying("far");
    const graph = createFallback({ models: { far }, privacy: keepLocal({ detect: () => true, allow }) }).compile();
    await expect(graph.invoke({ messages: "Hi" })).rejects.toThrow(NotAllowedError);
    expect(far.callCount).toBe(0);
  });

  it("shows `allow` the entry with what is known of its model, and nothing of a pattern", async () => {
    const seen: unknown[] = [];
    const see = keepLocal({
      detect: () => true,
      allow: ({ modelId, provider, tier, tags }) => seen.push({ modelId, provider, tier, tags }) > 0,
    });
    const client = new ChatOpenAI({
      model: "gpt-4o",
      apiKey: "none",
      configuration: { baseURL: "http://127.0.0.1:9" },
    });
    const entry = { model: client, retry: false, tier: "far", tags: ["x"] } as const;
    const inner = createFallback({ models: { entry }, defaultResponse: "no" });
    await createFallback({ models: { inner }, privacy: see }).compile().invoke({ messages: "Hi" });
    expect(seen).not.toHaveLength(0);
    for (const each of seen)
      expect(each).toEqual({ modelId: "gpt-4o", provider: expect.any(String), tier: "far", tags: ["x"] });
  });

  it("refuses anything but a rule", () => {
    const models = { far: saying("far") };
    expect(() => createFallback({ models, privacy: { detect: () => true, allow: () => true } as never })).toThrow(
      InvalidOptionError,
    );
    expect(() => keepLocal({ detect: "x" as never, allow: () => true })).toThrow(InvalidOptionError);
    expect(() => keepLocal({ detect: () => true } as never)).toThrow("keepLocal.allow");
  });

  it("reads what stands in tool results, tool calls, blocks and the system prompt", async () => {
    const call = { id: "1", name: "look_up", args: { who: secret } };
    const conversations = [
      [new HumanMessage("Hi"), new AIMessage({ content: "", tool_calls: [call] }), new ToolMessage("x", "1")],
      [
        new HumanMessage("Hi"),
        new AIMessage({ content: "", tool_calls: [{ ...call, args: {} }] }),
        new ToolMessage(`found ${secret}`, "1"),
      ],
      [new HumanMessage({ content: [secret.slice(0, 5), secret.slice(5)].map((text) => ({ type: "text", text })) })],
    ];
    for (const messages of conversations) {
      const far = saying("far");
      const graph = createFallback({ models: { far, near: local("near") }, privacy }).compile();
      await graph.invoke({ messages });
      expect(far.callCount).toBe(0);
    }
    const far = saying("far");
    const graph = createFallback({ models: { far, near: local("near") }, privacy, system: `About ${secret}` });
    await graph.compile().invoke({ messages: "Hi" });
    expect(far.callCount).toBe(0);
  });

  it("reads own state, before a template is filled with it", async () => {
    const far = saying("far");
    const state = new StateSchema({ ...OrchestrationState.fields, customer: z.string() });
    const graph = createFallback({ models: { far, near: local("near") }, privacy, state }).compile();
    expect((await graph.invoke({ messages: "Hi", customer: secret })).modelUsed).toBe("near");
    expect(far.callCount).toBe(0);
  });

  it("keeps classifiers, judges and aggregators out, too", async () => {
    const other = saying("near", "near");
    const router = createRouter({
      models: { far: saying("far"), near: local("near") },
      route: classifyWith(other),
      privacy,
    }).compile();
    expect((await router.invoke({ messages: asked })).modelUsed).toBe("near");
    const cascade = createCascade({
      models: { near: local("draft"), far: saying("far") },
      verify: judgeWith(other),
      privacy,
    }).compile();
    expect((await cascade.invoke({ messages: asked })).messages.at(-1)!.text).toBe("draft");
    const ensemble = createEnsemble({
      models: { one: local("1"), two: local("2"), far: saying("far") },
      aggregate: bestOf(other),
      privacy,
    }).compile();
    expect(["1", "2"]).toContain((await ensemble.invoke({ messages: asked })).messages.at(-1)!.text);
    expect(other.callCount).toBe(0);
  });

  it("sends a run to the first allowed model when the route chose another one", async () => {
    const far = saying("far");
    const graph = createRouter({ models: { far, near: local("near") }, route: () => "far", privacy }).compile();
    const { modelUsed, decisions } = await graph.invoke({ messages: asked });
    expect(modelUsed).toBe("near");
    expect(decisions.map(({ kind, chosen }) => [kind, chosen])).toEqual([
      ["skip", "far"],
      ["route", "near"],
    ]);
  });

  it("is inherited by patterns within, and an inner rule does not lift it", async () => {
    const far = saying("far");
    const open = keepLocal({ detect: () => false, allow: () => true });
    const inner = createFallback({ models: { far, near: local("near") }, privacy: open });
    const graph = createFallback({ models: { inner }, privacy }).compile();
    expect((await graph.invoke({ messages: asked })).modelUsed).toBe("inner/near");
    expect(far.callCount).toBe(0);
  });

  it("marks the rest of the run by what a worker's item, a draft or a plan says", async () => {
    const far = saying("far");
    const graph = createMapReduce({
      plan: () => ["one", `two ${secret}`],
      worker: local("first", "second"),
      reduce: far,
      privacy,
    }).compile();
    const { messages } = await graph.invoke({ messages: "Hi" });
    expect(messages.at(-1)!.text).toContain("second");
    expect(far.callCount).toBe(0);
  });

  it("keeps caches, shared memory and embedders out of a marked run", async () => {
    const store = memoryStore();
    const cache = exactCache({ ttlMs: 60_000, store });
    const model = saying("a", "b");
    const graph = createFallback({ models: { near: { model, tags: ["local"], cache } }, privacy }).compile();
    await graph.invoke({ messages: asked });
    await graph.invoke({ messages: asked });
    expect(model.callCount).toBe(2);

    const kept: string[] = [];
    const clientCache = Object.assign(new InMemoryCache(), {
      update: async (prompt: string) => void kept.push(prompt),
    });
    const own = new FakeListChatModel({ responses: ["a", "b"], cache: clientCache });
    const clients = createFallback({ models: { near: { model: own, tags: ["local"] } }, privacy }).compile();
    await clients.invoke({ messages: asked });
    expect(kept).toEqual([]);
    await clients.invoke({ messages: "Hi" });
    expect(kept).toHaveLength(1);

    const memory = new InMemoryStore();
    const pipeline = createPipeline({
      stages: { one: local("1", "1"), two: local("2", "2") },
      context: sharedMemory({ namespace: "team" }),
      privacy,
    }).compile({ store: memory });
    await pipeline.invoke({ messages: asked });
    expect(await memory.search(["team"])).toEqual([]);
    await pipeline.invoke({ messages: "Hi" });
    expect(await memory.search(["team"])).not.toEqual([]);

    const seen: string[] = [];
    const embeddings = {
      embedQuery: async (text: string) => {
        seen.push(text);
        return [1, 0];
      },
      embedDocuments: async (texts: string[]) => texts.map(() => [1, 0]),
    };
    const models = { near: local("n"), other: local("o") };
    const route = bySimilarity({ embeddings, examples: { near: ["x"] }, threshold: 0.1 });
    await createRouter({ models, route, fallback: local("f"), privacy })
      .compile()
      .invoke({ messages: asked });
    expect(seen).toEqual([]);
    const declared = keepLocal({ detect: () => true, allow: () => true, embeddings: [embeddings] });
    await createRouter({ models, route, privacy: declared }).compile().invoke({ messages: asked });
    expect(seen).toEqual([asked]);
  });

  it("resumes marked, although nothing in the state shows it any more", async () => {
    const far = saying("far");
    const state = new StateSchema({ ...OrchestrationState.fields, customer: z.string() });
    const graph = createPipeline({
      stages: {
        draft: local("draft"),
        pause: {
          ...local("x"),
          context: ({ messages }) => {
            interrupt("go on?");
            return messages;
          },
        },
        last: far,
      },
      state,
      privacy,
    }).compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "Hi", customer: secret }, config);
    await graph.updateState(config, { customer: "no longer there" });
    const { modelUsed } = await graph.invoke(new Command({ resume: true }), config);
    expect(modelUsed).not.toBe("last");
    expect(far.callCount).toBe(0);
  });
});
