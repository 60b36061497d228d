import { AIMessage, type AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { Command, END, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { createRouter, type Model, totalTokens } from "../../src/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useOneLoopback } from "../support/use-loopback.js";
import { type ConformanceCase, cases } from "./cases.js";

const { server } = useOneLoopback();
let runs = 0;

/** The case's graph over real clients; every use has models of its own on the server. */
function setUp({ build, says }: ConformanceCase, provider: Provider, turns = 1) {
  const run = ++runs;
  const id = (name: string) => `${name}-${run}`;
  for (const [name, replies] of Object.entries(says)) {
    server.reply(id(name), ...Array.from({ length: turns }, () => replies).flat());
  }
  return { graph: build((name) => providers[provider](server, id(name))), id };
}

const aiMessages = (messages: readonly BaseMessage[]) => messages.filter(({ type }) => type === "ai");
const matrix = cases.flatMap((each) =>
  (Object.keys(providers) as Provider[]).map((provider) => ({ ...each, provider, each })),
);

describe.each(matrix)("$title over $provider", ({ each, provider, answer, modelUsed, calls, live }) => {
  it("appends exactly one AI message, with the usage of the whole run", async () => {
    const result = await setUp(each, provider).graph.compile().invoke({ messages: "A question" });
    expect(aiMessages(result.messages)).toHaveLength(1);
    const message = result.messages.at(-1) as AIMessage;
    expect(message.text).toBe(answer);
    expect(result.modelUsed).toBe(modelUsed);
    expect(result.calls.map(({ path }) => path).sort()).toEqual([...calls].sort());
    expect(result.calls.every(({ status, estimated }) => status === "ok" && estimated === undefined)).toBe(true);
    expect(message.usage_metadata?.total_tokens).toBe(totalTokens(result.calls).totalTokens);
    expect(message.response_metadata.orchestration).toMatchObject({ modelUsed, confidence: result.confidence });
  });

  it("nests in a router without counting twice, with paths and one message", async () => {
    const { graph } = setUp(each, provider);
    const outer = createRouter({ models: { inner: graph }, route: () => "inner" }).compile();
    const result = await outer.invoke({ messages: "A question" });
    expect(aiMessages(result.messages)).toHaveLength(1);
    expect(result.messages.at(-1)!.text).toBe(answer);
    expect(result.modelUsed).toBe(`inner/${modelUsed}`);
    expect(result.calls.map(({ path }) => path)).toHaveLength(calls.length);
    expect(new Set(result.calls.map(({ path }) => path))).toEqual(new Set(calls.map((path) => `inner/${path}`)));
    expect(new Set(result.calls.map(({ turnId }) => turnId)).size).toBe(1);
  });

  it("starts each turn on a thread with empty lists", async () => {
    const { graph } = setUp(each, provider, 2);
    const app = graph.compile({ checkpointer: new MemorySaver() });
    const thread = { configurable: { thread_id: "one" } };
    const first = await app.invoke({ messages: "First" }, thread);
    const second = await app.invoke({ messages: "Second" }, thread);
    expect(second.messages).toHaveLength(4);
    expect(second.calls.map(({ path }) => path).sort()).toEqual([...calls].sort());
    expect(second.decisions.length).toBe(first.decisions.length);
    expect(second.candidates.length).toBe(first.candidates.length);
    expect(second.calls.map(({ id }) => id)).not.toEqual(first.calls.map(({ id }) => id));
  });

  it("draws with x-ray, every conditional edge with its ends", async () => {
    const { graph } = setUp(each, provider);
    const alone = await graph.compile().getGraphAsync();
    const outer = createRouter({
      models: { inner: graph, other: setUp(each, provider).graph },
      route: () => "inner",
    }).compile();
    const drawn = await outer.getGraphAsync({ xray: true });
    const nodes = Object.keys(drawn.nodes);
    for (const name of Object.keys(alone.nodes).filter((node) => !node.startsWith("__")))
      expect(nodes).toContain(`inner:${name}`);
    for (const { source, target } of drawn.edges)
      expect([nodes.includes(source), nodes.includes(target)]).toEqual([true, true]);
  });

  it("streams nothing but the answer it returns, and that once", async () => {
    const { graph } = setUp(each, provider);
    const outer = createRouter({ models: { inner: graph }, route: () => "inner" }).compile();
    for (const app of [setUp(each, provider).graph.compile(), outer]) {
      const pieces: string[] = [];
      let final: AIMessage | undefined;
      const stream = await app.stream({ messages: "A question" }, { streamMode: ["messages", "values"] });
      for await (const [mode, chunk] of stream) {
        if (mode === "messages") pieces.push((chunk as unknown as [AIMessageChunk])[0].text);
        else final = (chunk as { messages: BaseMessage[] }).messages.at(-1) as AIMessage;
      }
      expect(pieces.join("")).toBe(answer);
      expect(pieces.filter((piece) => piece !== "").length > 1).toBe(live);
      expect(final?.usage_metadata?.total_tokens).toBeGreaterThan(0);
    }
  });

  it("passes an abort on to every open request, and asks nobody after it", async () => {
    const { graph, id } = setUp({ ...each, says: {} }, provider);
    for (const name of ["one", "two", "three"]) server.reply(id(name), { fault: "hang" });
    const open = server.requests.length;
    const controller = new AbortController();
    const outer = createRouter({ models: { inner: graph }, route: () => "inner" }).compile();
    const run = outer.invoke({ messages: "A question" }, { signal: controller.signal });
    await server.received(open + 1);
    controller.abort(new Error("enough"));
    await expect(run).rejects.toThrow("enough");
    await server.settled();
    const asked = server.requests.slice(open);
    expect(asked.every(({ aborted }) => aborted)).toBe(true);
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  it("calls nobody in a run that is aborted before it starts", async () => {
    const { graph } = setUp(each, provider);
    const before = server.requests.length;
    await expect(graph.compile().invoke({ messages: "A question" }, { signal: AbortSignal.abort() })).rejects.toThrow();
    expect(server.requests.length).toBe(before);
  });

  it("keeps many runs at once apart", async () => {
    const { build } = each;
    const run = ++runs;
    const echo = (name: string) => `${name}-echo-${run}`;
    for (const name of ["one", "two", "three"]) {
      server.reply(echo(name), ({ messages }) => ({
        text: `good ${messages.find(({ role, text }) => role === "user" && text.startsWith("Q"))?.text}`,
        delayMs: 1 + (messages.length % 3),
      }));
    }
    const app = build((name) => providers[provider](server, echo(name))).compile();
    const results = await Promise.all(Array.from({ length: 20 }, (_, index) => app.invoke({ messages: `Q${index}.` })));
    results.forEach((result, index) => {
      expect(result.messages.at(-1)!.text).toBe(`good Q${index}.`);
      expect(new Set(result.calls.map(({ turnId }) => turnId.split("#")[0]))).toEqual(
        new Set([result.messages[0]!.id]),
      );
    });
  });
});

/** A model that asks a person before it answers. */
function asking(): Model {
  return new StateGraph(MessagesAnnotation)
    .addNode("person", () => ({ messages: [new AIMessage(`good ${interrupt("What shall I say?")}`)] }))
    .addEdge(START, "person")
    .addEdge("person", END) as unknown as Model;
}

describe.each(cases)("$title", ({ build }) => {
  it("pauses at an interrupt inside a model, nested too, and resumes with the answer", async () => {
    const graph = build(asking);
    const outer = createRouter({ models: { inner: graph }, route: () => "inner" });
    for (const each of [graph, outer]) {
      const app = each.compile({ checkpointer: new MemorySaver() });
      const thread = { configurable: { thread_id: "one" } };
      await app.invoke({ messages: "A question" }, thread);
      let state = await app.getState(thread);
      expect(state.next.length).toBeGreaterThan(0);
      for (let answers = 0; state.next.length > 0 && answers < 5; answers++) {
        const open = state.tasks.flatMap(({ interrupts }) => interrupts);
        await app.invoke(new Command({ resume: Object.fromEntries(open.map(({ id }) => [id!, "yes"])) }), thread);
        state = await app.getState(thread);
      }
      expect(state.next).toEqual([]);
      expect(aiMessages(state.values.messages).map(({ text }) => text)).toEqual(["good yes"]);
      expect(state.values.failures).toEqual([]);
    }
  });
});
