import type { AIMessage } from "@langchain/core/messages";
import { createSupervisor } from "@langchain/langgraph-supervisor";
import { createAgent } from "langchain";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asChatModel, check, createCascade, createFallback, createRouter } from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";
import { calling, clients } from "./clients.js";
import { openShop, type Shop } from "./shop.js";

const { server } = useLoopback();
let shop: Shop;
beforeAll(async () => {
  shop = await openShop("http");
}, 600_000);
afterAll(() => shop.close());

const chat = (model: string, provider: Provider = "ChatOpenAI") => clients[provider](server, model);
const tea = { article: "tea" };
const order = { toolCalls: [{ name: "order", args: tea }] };
const sold = async () => (await shop.orders()).split(", ").filter((entry) => entry !== "none").length;

describe("a cascade as the model of an agent with MCP tools", () => {
  /** An agent whose every step goes through a cascade over both providers. */
  const agent = () => {
    const verify = check(({ answer }) => answer.text !== "No idea.");
    const models = { small: chat("small"), large: chat("large", "ChatGoogleGenerativeAI") };
    return createAgent({ model: asChatModel(createCascade({ models, verify })), tools: [shop.tools.order!] });
  };

  it("uses the tool once, and has its answers verified", async () => {
    server.reply("small", order, "No idea.");
    server.reply("large", "Your tea is ordered.");
    const before = await sold();
    const { messages } = await agent().invoke({ messages: [{ role: "user", content: "Order tea!" }] });
    expect(messages.map(({ type }) => type)).toEqual(["human", "ai", "tool", "ai"]);
    expect([messages.at(-1)!.text, (await sold()) - before]).toEqual(["Your tea is ordered.", 1]);
    expect(server.requests.map(({ model, tools }) => [model, tools])).toEqual([
      ["small", ["order"]],
      ["small", ["order"]],
      ["large", ["order"]],
    ]);
    expect((messages.at(-1) as AIMessage).response_metadata.orchestration).toMatchObject({ modelUsed: "large" });
  });

  it("hands what its tool did to the next model of a chain when the whole agent fails", async () => {
    server.reply("small", order, failWith.authentication());
    server.reply("large", failWith.authentication());
    server.reply("spare", calling("order", tea, "Your tea is ordered."));
    const before = await sold();
    const spare = createAgent({ model: chat("spare"), tools: [shop.tools.order!] });
    const result = await createFallback({ models: { agent: agent(), spare } })
      .compile()
      .invoke({ messages: "Order tea!" });
    expect([result.messages.at(-1)!.text, (await sold()) - before]).toEqual(["Your tea is ordered.", 1]);
    expect(server.requests.at(-1)!.messages.map(({ role }) => role)).toEqual(["user", "assistant", "tool"]);
    expect(result.calls.map(({ path, status }) => [path, status])).toEqual([
      ["agent/small", "ok"],
      ["agent/small", "error"],
      ["agent/large", "error"],
      ["spare/model_request", "ok"],
    ]);
  });
});

describe("a supervisor of agents", () => {
  it("led by a fallback chain, is a model of a router, and every call is in the ledger", async () => {
    const seller = createAgent({
      model: chat("seller", "ChatGoogleGenerativeAI"),
      tools: [shop.tools.price!],
      name: "seller",
    });
    const lead = asChatModel(
      createFallback({ models: { first: { model: chat("first"), retry: false }, second: chat("second") } }),
    );
    const team = createSupervisor({ agents: [seller.graph], llm: lead, supervisorName: "lead" });
    server.reply("first", failWith.server());
    server.reply("second", { toolCalls: [{ name: "transfer_to_seller", args: {} }] }, "Tea is 4 EUR.");
    server.reply("seller", { toolCalls: [{ name: "price", args: tea }] }, "4 EUR");
    const graph = createRouter({ models: { team }, route: () => "team" }).compile();
    const result = await graph.invoke({ messages: "What does tea cost?" });
    expect(result.messages.map(({ text }) => text)).toEqual(["What does tea cost?", "Tea is 4 EUR."]);
    expect(result.calls.map(({ path, model, status }) => [path, model, status])).toEqual([
      ["team/first", "first", "error"],
      ["team/second", "second", "ok"],
      ["team/model_request", "seller", "ok"],
      ["team/model_request", "seller", "ok"],
      ["team/first", "first", "error"],
      ["team/second", "second", "ok"],
    ]);
    const results = result.candidates[0]!.steps!.filter(({ type }) => type === "tool");
    expect(results.map(({ name, text }) => `${name}: ${text}`)).toContain("price: 4");
  });
});
