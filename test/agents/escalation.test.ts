import type { BaseMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { END, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { ToolNode, toolsCondition } from "@langchain/langgraph/prebuilt";
import { AIMessage, createAgent, createMiddleware, ToolMessage } from "langchain";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { z } from "zod";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createQualityGate,
  createRouter,
  type Model,
  synthesizeWith,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";
import { calling, clients } from "./clients.js";
import { openShop, type Shop } from "./shop.js";

const { server } = useLoopback();
let shop: Shop;
beforeAll(async () => {
  shop = await openShop("stdio");
}, 600_000);
afterAll(() => shop.close());

const chat = (model: string, provider: Provider = "ChatOpenAI") => clients[provider](server, model);
const tea = { article: "tea" };
const order = { toolCalls: [{ name: "order", args: tea }] };
const down = failWith.server();
const ordered = check(({ answer }) => answer.text === "Your tea is ordered.");

/** An agent that may order; what it buys is in the order book of the shop's own process. */
const buyer = (model: string, provider?: Provider) =>
  createAgent({ model: chat(model, provider), tools: [shop.tools.order!] });

/** What the shop sold during a run. */
async function soldDuring<Result>(run: () => Promise<Result>): Promise<{ result: Result; sold: string[] }> {
  const book = async () => (await shop.orders()).split(", ").filter((entry) => entry !== "none");
  const before = await book();
  const result = await run();
  return { result, sold: (await book()).slice(before.length) };
}

const names: readonly Provider[] = ["ChatOpenAI", "ChatGoogleGenerativeAI"];
const matrix = names.flatMap((first) => names.map((second) => ({ first, second })));

describe.each(matrix)("a side effect of an agent over $first, taken over by $second,", ({ first, second }) => {
  const patterns = {
    "createFallback, when the agent fails": (models: { small: Model; large: Model }) => createFallback({ models }),
    "createCascade, when the agent fails": (models: { small: Model; large: Model }) =>
      createCascade({ models, verify: ordered }),
    "createCascade, when the answer is not passed": (models: { small: Model; large: Model }) =>
      createCascade({ models, verify: ordered }),
    "createRouter, when the agent fails": ({ small, large }: { small: Model; large: Model }) =>
      createRouter({ models: { small }, route: () => "small", fallback: large }),
  } as const;

  it.each(Object.entries(patterns))("happens once in %s", async (title, pattern) => {
    server.reply("small", order, title.endsWith("fails") ? down : "No idea.");
    server.reply("large", calling("order", tea, "Your tea is ordered."));
    for (const large of [buyer("large", second), chat("large", second)]) {
      server.reply("small", order, title.endsWith("fails") ? down : "No idea.");
      const graph = pattern({ small: buyer("small", first), large }).compile();
      const { result, sold } = await soldDuring(() => graph.invoke({ messages: "Order tea!" }));
      expect(sold).toEqual(["tea"]);
      expect(result.messages.map(({ text }) => text)).toEqual(["Order tea!", "Your tea is ordered."]);
      const [prompt] = server.requests.filter(({ model }) => model === "large").slice(-1);
      expect(prompt!.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
      expect(prompt!.messages.at(-1)!.text).toMatch(/order \d+: tea/);
    }
  });
});

describe("a side effect below", () => {
  const nested = {
    "a nested pattern that fails": () => createFallback({ models: { buyer: buyer("small"), spare: chat("broken") } }),
    "a nested pattern that fails two levels down": () =>
      createRouter({
        models: { team: createFallback({ models: { buyer: buyer("small") } }) },
        route: () => "team",
      }),
    "a nested pattern whose spare model answers": () =>
      createFallback({ models: { buyer: buyer("small"), spare: chat("spare") } }),
    "a nested pattern that fails after its first tier was refused": () =>
      createCascade({
        models: { buyer: { model: buyer("weak") }, spare: chat("broken") },
        verify: () => ({ pass: false }),
        fallback: chat("broken"),
      }),
    "a nested pattern that takes too long": () => ({
      model: createFallback({ models: { buyer: buyer("slow") } }),
      timeout: 400,
    }),
    "a nested ensemble without a quorum": () =>
      createEnsemble({
        models: { buyer: buyer("weak"), spare: chat("broken") },
        aggregate: synthesizeWith(chat("broken")),
        minimum: 2,
      }),
  } as const;

  it.each(Object.entries(nested))("%s is known to the next tier", async (_title, build) => {
    server.reply("small", order, down);
    server.reply("weak", order, "No idea.");
    server.reply("slow", order, failWith.hang());
    server.reply("spare", "No idea.");
    server.reply("broken", failWith.authentication());
    server.reply("large", calling("order", tea, "Your tea is ordered."));
    const graph = createCascade({ models: { team: build(), large: buyer("large") }, verify: ordered }).compile();
    const { result, sold } = await soldDuring(() => graph.invoke({ messages: "Order tea!" }));
    expect([result.messages.at(-1)!.text, result.modelUsed, sold]).toEqual(["Your tea is ordered.", "large", ["tea"]]);
  });

  it("an agent whose entry retries is known to its next attempt", async () => {
    server.reply("small", order, down, calling("order", tea, "Your tea is ordered."));
    const small = { model: buyer("small"), retry: { maxRetries: 1, backoff: [0] } };
    const graph = createCascade({ models: { small, large: chat("large") }, verify: () => ({ pass: false }) }).compile();
    const { sold } = await soldDuring(() => graph.invoke({ messages: "Order tea!" }));
    expect(sold).toEqual(["tea"]);
    const prompt = server.requests.find(({ model }) => model === "large")!;
    expect(prompt.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
  });

  it("a draft is known when it is revised", async () => {
    server.reply("small", order, "No idea.", calling("order", tea, "Your tea is ordered."));
    const graph = createQualityGate({ model: buyer("small"), verify: ordered }).compile();
    const { result, sold } = await soldDuring(() => graph.invoke({ messages: "Order tea!" }));
    expect([result.modelUsed, sold]).toEqual(["revise", ["tea"]]);
  });

  it("lanes is each lane's own", async () => {
    for (const lane of ["a", "b"]) server.reply(lane, calling("order", tea, "Your tea is ordered."));
    const graph = createEnsemble({
      models: { a: buyer("a"), b: buyer("b") },
      aggregate: ({ answers }) => ({ message: answers[0]!.message, confidence: null }),
    }).compile();
    const { result, sold } = await soldDuring(() => graph.invoke({ messages: "Order tea!" }));
    expect(sold).toEqual(["tea", "tea"]);
    expect(result.candidates.map(({ steps }) => steps?.length)).toEqual([2, 2]);
  });
});

describe("tool calls that are handed on", () => {
  const price = { toolCalls: [{ name: "price", args: tea, id: "call_1" }] };

  it("are not taken for calls of the next tier, whose provider numbers them alike", async () => {
    server.reply("small", { toolCalls: [{ name: "order", args: tea, id: "call_1" }] }, down);
    server.reply("large", price, ({ messages }) => `It costs ${messages.at(-1)!.text} EUR.`);
    const clerk = chat("large").bindTools!([shop.tools.price!]);
    const large = new StateGraph(MessagesAnnotation)
      .addNode("model", async ({ messages }) => ({ messages: await clerk.invoke(messages) }))
      .addNode("tools", new ToolNode([shop.tools.price!])) // runs no call whose id has a result
      .addEdge(START, "model")
      .addConditionalEdges("model", toolsCondition, ["tools", END])
      .addEdge("tools", "model");
    const graph = createFallback({ models: { small: buyer("small"), large } }).compile();
    const result = await graph.invoke({ messages: "Order tea! What does it cost?" });
    expect(result.messages.at(-1)!.text).toBe("It costs 4 EUR.");
  });

  it("come from every tier before", async () => {
    server.reply("one", price, "No idea.");
    server.reply("two", { toolCalls: [{ name: "order", args: tea, id: "call_1" }] }, down);
    server.reply("three", "Your tea is ordered.");
    const one = createAgent({ model: chat("one"), tools: [shop.tools.price!] });
    const models = { one, two: buyer("two", "ChatGoogleGenerativeAI"), three: chat("three", "ChatGoogleGenerativeAI") };
    const graph = createCascade({ models, verify: ordered }).compile();
    const { result, sold } = await soldDuring(() => graph.invoke({ messages: "Order tea!" }));
    expect([result.modelUsed, sold]).toEqual(["three", ["tea"]]);
    const { contents } = server.requests.at(-1)!.body as { contents: { role: string; parts: object[] }[] };
    expect(contents.map(({ parts }) => Object.keys(parts[0]!)[0])).toEqual([
      "text",
      ...["functionCall", "functionResponse", "functionCall", "functionResponse"],
    ]);
  });

  it("go past a model that cannot read them", async () => {
    server.reply("small", order, "No idea.");
    server.reply("large", "Your tea is ordered.");
    const models = {
      small: buyer("small"),
      plain: { model: chat("plain"), capabilities: ["vision"] as const },
      large: chat("large"),
    };
    const result = await createCascade({ models, verify: ordered }).compile().invoke({ messages: "Order tea!" });
    expect([result.modelUsed, server.requests.map(({ model }) => model)]).toEqual([
      "large",
      ["small", "small", "large"],
    ]);
    expect(result.decisions).toContainEqual({
      node: "verifier",
      kind: "skip",
      chosen: "plain",
      reason: "it has no tools",
    });
  });

  it("are no examples that a prompt shows", async () => {
    const examples = createMiddleware({
      name: "examples",
      wrapModelCall: (request, handler) => {
        const shown = [
          new AIMessage({ content: "", tool_calls: [{ id: "example", name: "order", args: { article: "milk" } }] }),
          new ToolMessage({ content: "order 0: milk", tool_call_id: "example", name: "order" }),
        ];
        return handler({ ...request, messages: [...shown, ...request.messages] });
      },
    });
    server.reply("small", down);
    server.reply("large", "Nothing is ordered.");
    const small = createAgent({ model: chat("small"), tools: [shop.tools.order!], middleware: [examples] });
    await createFallback({ models: { small, large: chat("large") } })
      .compile()
      .invoke({ messages: "Order tea!" });
    expect(server.requests.map(({ messages }) => messages.length)).toEqual([3, 1]);
  });

  it("say that a call was begun whose result nobody waited for", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    onTestFinished(() => void vi.useRealTimers());
    const never = () => {
      vi.advanceTimersByTime(300); // the time of the agent is up once the call has begun
      return new Promise(() => {});
    };
    const book = tool(never, { name: "book", description: "books", schema: z.object({}) });
    const slow = createAgent({ model: chat("slow"), tools: [book] });
    server.reply("slow", { toolCalls: [{ name: "book", args: {} }] });
    server.reply("large", ({ messages }) => `So: ${messages.at(-1)!.text}`);
    const models = { slow: { model: slow, timeout: 300 }, large: chat("large") };
    const result = await createFallback({ models }).compile().invoke({ messages: "Book!" });
    expect(result.messages.at(-1)!.text).toMatch(/^So: This call was begun and its result is not known/);
  });

  it("survive a pause between two tiers", async () => {
    server.reply("small", order, "No idea.");
    server.reply("large", calling("order", tea, "Your tea is ordered."));
    const models = { small: buyer("small"), large: buyer("large", "ChatGoogleGenerativeAI") };
    const graph = createCascade({ models, verify: ordered }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["large"],
    });
    const thread = { configurable: { thread_id: "1" } };
    const { result, sold } = await soldDuring(async () => {
      await graph.invoke({ messages: "Order tea!" }, thread);
      expect((await graph.getState(thread)).next).toEqual(["large"]);
      return graph.invoke(null, thread);
    });
    expect([result.messages.at(-1)!.text, result.modelUsed, sold]).toEqual(["Your tea is ordered.", "large", ["tea"]]);
  });

  it("are kept with the failures of a run in which nobody answered", async () => {
    server.reply("small", order, down);
    server.reply("large", failWith.authentication());
    const graph = createFallback({ models: { small: buyer("small"), large: chat("large") } }).compile();
    const { result, sold } = await soldDuring(() => graph.invoke({ messages: "Order tea!" }).catch((error) => error));
    expect(sold).toEqual(["tea"]);
    expect(result.failures[0].steps.map(({ type }: BaseMessage) => type)).toEqual(["ai", "tool"]);
  });
});
