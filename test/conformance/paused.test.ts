import { AIMessage, HumanMessage } from "@langchain/core/messages";
import { Command, interrupt, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { createAgent, tool } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  callsOf,
  createFallback,
  createRouter,
  type Model,
  type ModelCall,
  totalCost,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";
import { type AnyPattern, type ConformanceCase, cases } from "./cases.js";

const { server } = useLoopback();

const usage = { inputTokens: 1_000, outputTokens: 100 };
/** Models whose prices are so different that a sum at one of them is wrong. */
const ids: Record<Provider, Record<string, string>> = {
  ChatOpenAI: { one: "gpt-4o-mini", two: "gpt-4o", three: "gpt-4.1" },
  ChatGoogleGenerativeAI: { one: "gemini-2.0-flash", two: "gemini-2.5-flash", three: "gemini-2.5-pro" },
};

/** The case's graph over real clients, as often as it is to answer. */
function priced({ build, says }: ConformanceCase, provider: Provider, times: number) {
  for (const [name, replies] of Object.entries(says)) {
    const texts = Array.from({ length: times }, () => replies).flat();
    server.reply(ids[provider][name]!, ...texts.map((text) => ({ text, usage })));
  }
  return build((name) => providers[provider](server, ids[provider][name]!));
}

/** A graph nobody can look into: a pattern answers, and what comes then may pause. */
function around(pattern: AnyPattern, then: () => string): Model {
  const inner = pattern.compile();
  return new StateGraph(MessagesAnnotation)
    .addNode("pattern", async ({ messages }) => ({
      messages: (await inner.invoke({ messages })).messages.slice(-1),
    }))
    .addNode("then", () => ({ messages: [new AIMessage(then())] }))
    .addEdge(START, "pattern")
    .addEdge("pattern", "then")
    .compile() as unknown as Model;
}

const within = (model: Model) => createRouter({ models: { outer: model }, route: () => "outer" });
const linesOf = (calls: readonly ModelCall[]) => calls.map(({ path, costUsd }) => `${path} ${costUsd}`).sort();
const matrix = cases.flatMap((each) =>
  (Object.keys(providers) as Provider[]).map((provider) => ({ title: each.title, provider, each })),
);
const thread = { configurable: { thread_id: "one" } };

describe.each(matrix)("$title over $provider, in a foreign graph in a pattern", ({ each, provider }) => {
  it("has after a pause the ledger and the decisions it has without one", async () => {
    const pattern = priced(each, provider, 2);
    const straight = await within(around(pattern, () => "yes"))
      .compile()
      .invoke({ messages: "A question" });
    const app = within(around(pattern, () => interrupt("Go on?") as string)).compile({
      checkpointer: new MemorySaver(),
    });
    await app.invoke({ messages: "A question" }, thread);
    const resumed = await app.invoke(new Command({ resume: "yes" }), thread);
    expect(resumed.messages.at(-1)!.text).toBe("yes");
    expect(straight.calls).toHaveLength(each.calls.length);
    expect(linesOf(resumed.calls)).toEqual(linesOf(straight.calls));
    expect(totalCost(resumed.calls)).toBeCloseTo(totalCost(straight.calls)!, 10);
    expect(new Set(resumed.calls.map(({ turnId }) => turnId)).size).toBe(1);
    expect(resumed.decisions.map(({ node, kind }) => [node, kind])).toEqual(
      straight.decisions.map(({ node, kind }) => [node, kind]),
    );
  });
});

describe.each(matrix)(
  "asChatModel($title) over $provider, called twice by a foreign graph in a pattern",
  ({ each, provider }) => {
    it("is counted twice, when the graph pauses in between", async () => {
      const chat = asChatModel(priced(each, provider, 2).compile());
      const agent = new StateGraph(MessagesAnnotation)
        .addNode("first", async ({ messages }) => ({ messages: [await chat.invoke(messages)] }))
        .addNode("person", () => ({ messages: [new HumanMessage(interrupt("And now?") as string)] }))
        .addNode("second", async ({ messages }) => ({ messages: [await chat.invoke(messages.slice(-1))] }))
        .addEdge(START, "first")
        .addEdge("first", "person")
        .addEdge("person", "second")
        .compile() as unknown as Model;
      const app = within(agent).compile({ checkpointer: new MemorySaver() });
      await app.invoke({ messages: "A question" }, thread);
      const { calls, messages } = await app.invoke(new Command({ resume: "yes" }), thread);
      expect(messages.at(-1)!.text).toBe(each.answer);
      expect(calls.map(({ path }) => path).sort()).toEqual(
        [...each.calls, ...each.calls].map((path) => `outer/${path}`).sort(),
      );
      expect(calls.every(({ summed, estimated }) => summed === undefined && estimated === undefined)).toBe(true);
      expect(JSON.stringify(messages.at(-1)!.response_metadata)).not.toContain("ledger");
    });
  },
);

describe.each(Object.keys(providers) as Provider[])("a pattern in createAgent in a pattern, over %s", (provider) => {
  const build = (work: () => unknown) => {
    const act = tool(async () => String(await work()), { name: "act", description: "Acts", schema: z.object({}) });
    const { one, two } = ids[provider] as { one: string; two: string };
    server.reply(one, failWith.server());
    server.reply(two, ({ messages }) =>
      messages.some(({ role }) => role === "tool")
        ? { text: "done", usage }
        : { toolCalls: [{ name: "act", args: {} }], usage },
    );
    const dead = { model: providers[provider](server, one), retry: false } as const;
    const model = asChatModel(createFallback({ models: { dead, alive: providers[provider](server, two) } }));
    return within(createAgent({ model, tools: [act] }) as unknown as Model).compile({
      checkpointer: new MemorySaver(),
    });
  };
  const step = ["outer/dead error", "outer/alive ok"];
  /** The model that made the calls reads their results: the other one is not asked again. */
  const both = [...step, "outer/alive ok"];
  const seen = (calls: readonly ModelCall[]) => calls.map(({ path, status }) => `${path} ${status}`);

  it("keeps every call of before a pause, those that failed too", async () => {
    const app = build(() => interrupt("Go on?"));
    await app.invoke({ messages: "Act!" }, thread);
    const { calls, messages } = await app.invoke(new Command({ resume: "yes" }), thread);
    expect(messages.at(-1)!.text).toBe("done");
    expect(seen(calls)).toEqual(both);
    const [, first, second] = calls;
    expect(totalCost(calls)).toBeCloseTo(2 * first!.costUsd!, 10);
    expect(second!.costUsd).toBe(first!.costUsd);
  });

  it("keeps them when the run is stopped and started again", async () => {
    const controller = new AbortController();
    let works = 0;
    const app = build(() => {
      if (++works > 1) return "yes";
      controller.abort(new Error("the process ends"));
      return new Promise(() => {});
    });
    const error = await app.invoke({ messages: "Act!" }, { ...thread, signal: controller.signal }).catch((e) => e);
    expect(seen(callsOf(error))).toEqual(step);
    const { calls } = await app.invoke(null, thread);
    expect(works).toBe(2);
    expect(seen(calls)).toEqual(both);
  });
});
