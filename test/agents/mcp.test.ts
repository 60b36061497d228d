import { createAgent, createMiddleware, HumanMessage, ToolMessage } from "langchain";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { byKeyword, check, createCascade, createFallback, createRouter, firstOf } from "../../src/index.js";
import type { Provider } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";
import { calling, clients } from "./clients.js";
import { openShop, type Shop } from "./shop.js";

const { server } = useLoopback();
const chat = (model: string, provider: Provider = "ChatOpenAI") => clients[provider](server, model);
const tea = { article: "tea" };

describe.each(["stdio", "http"] as const)("tools of an MCP server over %s", (transport) => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop(transport);
  }, 600_000);
  afterAll(async () => {
    await shop.close();
    expect(shop.alive()).toBe(false);
  });

  it.each(["ChatOpenAI", "ChatGoogleGenerativeAI"] as const)(
    "are used by the model of a router they were granted to, over %s",
    async (provider) => {
      const { price, order, orders, clock } = shop.tools;
      const graph = createRouter({
        models: {
          advice: createAgent({ model: chat("adviser", provider), tools: [price!, clock!] }),
          purchase: createAgent({ model: chat("buyer", provider), tools: [price!, order!, orders!] }),
          chat: chat("chatter", provider),
        },
        route: firstOf(byKeyword({ purchase: ["order"], advice: ["price", "time"] }), () => "chat"),
      }).compile();
      server.reply("adviser", calling("price", tea, "Tea is 4 EUR."));
      server.reply("buyer", calling("order", tea, "It is bought."));
      server.reply("chatter", "Good morning!");
      const ask = async (question: string) => {
        const { messages, route, candidates } = await graph.invoke({ messages: question });
        return [route, messages.at(-1)!.text, candidates.flatMap(({ steps }) => steps ?? []).at(-1)?.text];
      };
      expect(await ask("Hello")).toEqual(["chat", "Good morning!", undefined]);
      expect(await ask("What is the price of tea?")).toEqual(["advice", "Tea is 4 EUR.", "4"]);
      const before = await shop.orders();
      const [route, answer, result] = await ask("Please order tea");
      expect([route, answer]).toEqual(["purchase", "It is bought."]);
      expect(await shop.orders()).toBe(before === "none" ? "tea" : `${before}, tea`);
      expect(result).toMatch(/^order \d+: tea$/);
      expect(Object.fromEntries(server.requests.map(({ model, tools }) => [model, tools]))).toEqual({
        chatter: [],
        adviser: ["price", "clock"],
        buyer: ["price", "order", "orders"],
      });
    },
  );

  it("tell the model of a failure, and the run goes on", async () => {
    server.reply("adviser", calling("price", { article: "wine" }, "There is no wine."));
    const advice = createAgent({ model: chat("adviser"), tools: [shop.tools.price!] });
    const result = await createFallback({ models: { advice, other: chat("other") } })
      .compile()
      .invoke({ messages: "What does wine cost?" });
    expect([result.messages.at(-1)!.text, result.modelUsed]).toEqual(["There is no wine.", "advice"]);
    expect(server.requests.at(-1)!.messages.at(-1)!.text).toContain("The shop has no wine");
  });

  it("judge an answer: a verifier asks the server itself, and no model", async () => {
    const { price } = shop.tools;
    const right = check(async ({ messages, answer }) => {
      const article = /(tea|coffee|cocoa)/.exec(messages.at(-1)!.text)?.[1];
      const listed = await price!.invoke({ article });
      return answer.text.includes(`${listed} EUR`) || { pass: false, reason: `${article} is ${listed} EUR` };
    });
    server.reply("small", "Coffee is 3 EUR.");
    server.reply("large", "Coffee is 7 EUR.");
    const graph = createCascade({ models: { small: chat("small"), large: chat("large") }, verify: right }).compile();
    const result = await graph.invoke({ messages: "What is a coffee?" });
    expect([result.messages.at(-1)!.text, result.verdict?.pass]).toEqual(["Coffee is 7 EUR.", true]);
    expect(result.decisions.map(({ kind, reason }) => [kind, reason])).toEqual([
      ["escalate", "coffee is 7 EUR"],
      ["accept", "the check passed"],
    ]);
    expect(result.calls.map(({ path }) => path)).toEqual(["small", "large"]);
  });
});

describe.each(["stdio", "http"] as const)("an MCP server over %s that dies in the middle of a run", (transport) => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await openShop(transport);
  }, 600_000);
  afterEach(async () => {
    await shop.close();
    expect(shop.alive()).toBe(false);
  });
  const dying = async () => {
    await shop.kill();
    return { toolCalls: [{ name: "price", args: tea }] };
  };

  it("is an error the model is told of; the verifier sends its answer on, with what was done before", async () => {
    server.reply("small", { toolCalls: [{ name: "order", args: tea }] }, dying, "The shop does not answer.");
    server.reply("large", calling("order", tea, "Your tea is ordered; its price is unknown."));
    const models = {
      small: createAgent({ model: chat("small"), tools: Object.values(shop.tools) }),
      large: createAgent({ model: chat("large"), tools: Object.values(shop.tools) }),
    };
    const verify = check(({ answer }) => answer.text.includes("ordered"));
    const result = await createCascade({ models, verify }).compile().invoke({ messages: "Order tea!" });
    expect([result.messages.at(-1)!.text, result.modelUsed]).toEqual([
      "Your tea is ordered; its price is unknown.",
      "large",
    ]);
    const told = server.requests.at(-1)!.messages.filter(({ role }) => role === "tool");
    expect(told.map(({ text }) => text)).toEqual(["order 1: tea", expect.stringContaining("Error calling tool price")]);
  });

  it("fails the agent where its middleware lets tool errors through, and the next model answers", async () => {
    const strict = createMiddleware({
      name: "strict",
      wrapToolCall: async (request, handler) => {
        const result = await handler(request);
        if (ToolMessage.isInstance(result) && result.status === "error") throw new Error(result.text);
        return result;
      },
    });
    server.reply("small", { toolCalls: [{ name: "order", args: tea }] }, dying);
    server.reply("large", ({ messages }) => `Done: ${messages.find(({ role }) => role === "tool")!.text}`);
    const small = createAgent({ model: chat("small"), tools: Object.values(shop.tools), middleware: [strict] });
    const result = await createFallback({ models: { small, large: chat("large") } })
      .compile()
      .invoke({ messages: [new HumanMessage("Order tea!")] });
    expect([result.messages.at(-1)!.text, result.modelUsed]).toEqual(["Done: order 1: tea", "large"]);
    expect(result.failures).toMatchObject([{ name: "small", message: expect.stringContaining("price") }]);
  });
});
