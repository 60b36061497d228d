import {
  AIMessage,
  HumanMessage,
  mapChatMessagesToStoredMessages,
  mapStoredMessagesToChatMessages,
} from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Affinity,
  asChatModel,
  createExperiment,
  createRouter,
  InvalidOptionError,
  type RouterOptions,
} from "../../src/index.js";
import { httpError, saying } from "../support/fakes.js";

afterEach(() => {
  vi.useRealTimers();
});

const many = (text: string) => saying(...Array<string>(40).fill(text));
/** A router that names `a`, then `b`, then `c`, … as often as it is asked. */
function alternating(affinity: Affinity | undefined, more: Partial<RouterOptions<"a" | "b">> = {}) {
  const order = ["a", "b", "a", "b", "a", "b", "a", "b"] as const;
  let asked = 0;
  const route = () => order[asked++]!;
  const graph = createRouter({
    models: { a: many("A"), b: many("B") },
    route,
    ...(affinity && { affinity }),
    ...more,
  });
  return { graph, asked: () => asked };
}

describe("affinity by thread", () => {
  const thread = { configurable: { thread_id: "1" } };

  it("keeps the model that gave the last answer, and says so", async () => {
    const { graph, asked } = alternating({ by: "thread" });
    const app = graph.compile({ checkpointer: new MemorySaver() });
    await app.invoke({ messages: "One" }, thread);
    const second = await app.invoke({ messages: "Two" }, thread);
    expect(second).toMatchObject({ modelUsed: "a", route: "a" });
    expect(second.decisions).toEqual([
      {
        node: "router",
        kind: "route",
        chosen: "a",
        candidates: ["a", "b"],
        reason: "kept: a gave the last answer of this thread",
      },
    ]);
    expect((await app.invoke({ messages: "One" }, { configurable: { thread_id: "2" } })).route).toBe("b");
    expect(asked()).toBe(2);
  });

  it("reads it off any conversation that holds the answers, stored ones too", async () => {
    const { graph, asked } = alternating({ by: "thread" });
    const app = graph.compile();
    const { messages } = await app.invoke({ messages: "One" });
    const stored = JSON.parse(JSON.stringify(mapChatMessagesToStoredMessages(messages)));
    const restored = [...mapStoredMessagesToChatMessages(stored), new HumanMessage("Two")];
    expect((await app.invoke({ messages: restored })).route).toBe("a");
    expect(asked()).toBe(1);
  });

  it("forgets after idleMs, counted from the last answer", async () => {
    vi.useFakeTimers({ now: 1_000, toFake: ["Date"] });
    const { graph } = alternating({ by: "thread", idleMs: 1_000 });
    const app = graph.compile({ checkpointer: new MemorySaver() });
    const routes = [];
    for (const wait of [0, 1_000, 1_000, 1_001, 500]) {
      vi.setSystemTime(Date.now() + wait);
      routes.push((await app.invoke({ messages: "Q" }, thread)).route);
    }
    expect(routes).toEqual(["a", "a", "a", "b", "b"]);
  });

  it("chooses anew where the kept model is cooling down, and where another pattern or nobody gave the answer", async () => {
    const a = {
      model: saying("A", httpError(429, "slow", { headers: { "retry-after": "3000" } })),
      retry: false,
    } as const;
    const models = { a, b: many("B") };
    const { graph, asked } = alternating({ by: "thread" }, { models, fallback: many("F") });
    const app = graph.compile({ checkpointer: new MemorySaver() });
    await app.invoke({ messages: "One" }, thread);
    const fallen = await app.invoke({ messages: "Two" }, thread);
    expect(fallen.modelUsed).toBe("fallback"); // kept, and it failed
    expect((await app.invoke({ messages: "Three" }, thread)).route).toBe("b"); // it cools down
    expect(asked()).toBe(2);
    const foreign = new AIMessage({ content: "x", response_metadata: { orchestration: { modelUsed: "x/b" } } });
    for (const answer of [foreign, new AIMessage("x")]) {
      const fresh = alternating({ by: "thread" });
      await fresh.graph.compile().invoke({ messages: [new HumanMessage("One"), answer, new HumanMessage("Two")] });
      expect(fresh.asked()).toBe(1);
    }
  });

  it("keeps each place of a nested graph for itself", async () => {
    const { graph, asked } = alternating({ by: "thread" });
    const outer = createRouter({
      models: { chat: graph, talk: many("T") },
      route: ({ messages }) => (messages.at(-1)!.text === "talk" ? "talk" : "chat"),
    }).compile({ checkpointer: new MemorySaver() });
    const used = [];
    for (const message of ["one", "talk", "two"])
      used.push((await outer.invoke({ messages: message }, thread)).modelUsed);
    expect(used).toEqual(["chat/a", "talk", "chat/a"]);
    expect(asked()).toBe(1);
  });

  it("works below an agent", async () => {
    const { graph, asked } = alternating({ by: "thread" });
    const agent = createAgent({ model: asChatModel(graph), tools: [], checkpointer: new MemorySaver() });
    for (const message of ["One", "Two", "Three"]) await agent.invoke({ messages: message }, thread);
    expect(asked()).toBe(1);
  });

  it("keeps a variant, which counts for its side, but none that is drawn no more", async () => {
    const app = (b: number) =>
      createExperiment({
        models: { a: many("A"), b: many("B") },
        weights: { a: 1, b },
        affinity: { by: "thread" },
      }).compile();
    const { messages } = await app(1_000_000).invoke({ messages: "One" });
    const again = [...messages, new HumanMessage("Two")];
    const kept = await app(1 / 1_000_000).invoke({ messages: again });
    expect(kept.route).toBe("b");
    expect(kept.messages.at(-1)!.response_metadata).toMatchObject({ orchestration: { variants: { assignment: "b" } } });
    expect((await app(0).invoke({ messages: again })).route).toBe("a");
  });
});

describe("affinity by sessionId", () => {
  const session = (sessionId: string) => ({ context: { sessionId } });

  it("keeps the model of a session over threads, and says so", async () => {
    const { graph, asked } = alternating({ by: "sessionId" });
    const app = graph.compile();
    expect((await app.invoke({ messages: "One" }, session("s-1"))).route).toBe("a");
    expect((await app.invoke({ messages: "One" }, session("s-2"))).route).toBe("b");
    const again = await app.invoke({ messages: "Two" }, session("s-1"));
    expect(again.decisions).toMatchObject([{ kind: "route", chosen: "a", reason: "kept: this session has a" }]);
    expect(asked()).toBe(2);
  });

  it("says what was not there to keep it by", async () => {
    const { graph } = alternating({ by: "sessionId" });
    const { decisions } = await graph.compile().invoke({ messages: "One" });
    expect(decisions[0]!.reason).toBe("the route chose a, not kept: the run context has no sessionId");
  });

  it("forgets after idleMs, counted from the last run", async () => {
    vi.useFakeTimers({ now: 1_000, toFake: ["Date"] });
    const app = alternating({ by: "sessionId", idleMs: 1_000 }).graph.compile();
    const routes = [];
    for (const wait of [0, 1_000, 1_000, 1_001]) {
      vi.setSystemTime(Date.now() + wait);
      routes.push((await app.invoke({ messages: "Q" }, session("s"))).route);
    }
    expect(routes).toEqual(["a", "a", "a", "b"]);
  });

  it("remembers the 10,000 sessions used last", { timeout: 600_000 }, async () => {
    let asked = 0;
    const route = () => {
      asked++;
      return "a" as const;
    };
    const graph = createRouter({ models: { a: { model: many("A") } }, route, affinity: { by: "sessionId" } });
    const { nodes } = graph as unknown as {
      nodes: Record<string, { runnable: { invoke(state: object, config: object): Promise<object> } }>;
    };
    const state = {
      messages: [new HumanMessage("Q")],
      candidates: [],
      outputs: [],
      calls: [],
      decisions: [],
      failures: [],
    };
    const run = (id: number) => nodes.router!.runnable.invoke(state, session(`s-${id}`));
    for (let id = 0; id < 10_000; id++) await run(id);
    await run(0); // used again: the last to go
    expect(asked).toBe(10_000);
    await run(10_000); // in its place s-1 goes
    await run(0);
    await run(2);
    expect(asked).toBe(10_001);
    await run(1);
    expect(asked).toBe(10_002);
  });

  it("shares nothing between two graphs, nor between two places of one", async () => {
    const { graph, asked } = alternating({ by: "sessionId" });
    const outer = createRouter({
      models: { x: graph, y: graph },
      route: ({ messages }) => messages.at(-1)!.text as "x",
    }).compile();
    const used = [];
    for (const message of ["x", "y", "x", "y"])
      used.push((await outer.invoke({ messages: message }, session("s"))).modelUsed);
    expect(used).toEqual(["x/a", "y/b", "x/a", "y/b"]);
    expect(asked()).toBe(2);
  });

  it("keeps what was drawn in place of a variant that is down", async () => {
    const models = { a: { model: saying(httpError(503), httpError(503)), retry: false }, b: many("B") } as const;
    const app = createExperiment({ models, weights: { a: 1_000_000, b: 1 }, affinity: { by: "sessionId" } }).compile();
    await app.invoke({ messages: "One" }, session("s"));
    const { decisions } = await app.invoke({ messages: "Two" }, session("s"));
    expect(decisions).toMatchObject([{ kind: "route", chosen: "b", reason: "kept: this session has b" }]);
    expect(models.a.model.callCount).toBe(1);
  });
});

describe("affinity", () => {
  it.each([
    [null, "createRouter.affinity"],
    ["thread", "createRouter.affinity"],
    [{}, "createRouter.affinity"],
    [{ by: "session" }, "createRouter.affinity"],
    [{ by: "thread", idleMs: 0 }, "createRouter.affinity.idleMs"],
    [{ by: "thread", idleMs: "1" }, "createRouter.affinity.idleMs"],
    [{ by: "thread", idleMs: Number.NaN }, "createRouter.affinity.idleMs"],
    [{ by: "thread", idelMs: 5 }, "did you mean idleMs"],
  ])("refuses %o", (affinity, said) => {
    const build = () => alternating(undefined, { affinity: affinity as never });
    expect(build).toThrow(InvalidOptionError);
    expect(build).toThrow(said);
    const models = { a: many("A") };
    expect(() => createExperiment({ models, weights: { a: 1 }, affinity: affinity as never })).toThrow(
      InvalidOptionError,
    );
  });
});
