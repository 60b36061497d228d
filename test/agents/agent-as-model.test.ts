import { tool } from "@langchain/core/tools";
import { Command, MemorySaver } from "@langchain/langgraph";
import { createAgent, humanInTheLoopMiddleware, toolCallLimitMiddleware } from "langchain";
import { describe, expect, it, vi } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  byKeyword,
  callsOf,
  check,
  createCascade,
  createFallback,
  createRouter,
  firstOf,
  totalCost,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import type { Provider } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";
import { calling, clients } from "./clients.js";

const { server } = useLoopback();

const chat = (model: string, provider: Provider = "ChatOpenAI") => clients[provider](server, model);
const gemini = (model: string) => chat(model, "ChatGoogleGenerativeAI");
const add = tool(({ a, b }) => `${a + b}`, {
  name: "add",
  description: "adds",
  schema: z.object({ a: z.number(), b: z.number() }),
});
/** A tool with a side effect: how often it ran is what the tests ask. */
function booking() {
  const seats: string[] = [];
  const schema = z.object({ name: z.string() });
  const book = tool(({ name }) => `seat ${seats.push(name)}`, { name: "book", description: "books a seat", schema });
  return { book, seats };
}
const ada = { name: "Ada" };
const thread = (id: string) => ({ configurable: { thread_id: id } });

describe.each(["ChatOpenAI", "ChatGoogleGenerativeAI"] as const)("an agent over %s as a model", (provider) => {
  it("has its own tools behind a router, and every call in the ledger with path and price", async () => {
    const { book, seats } = booking();
    const model = provider === "ChatOpenAI" ? "gpt-4o-mini" : "gemini-2.5-flash";
    server.reply(model, calling("add", { a: 1, b: 2 }, "It is 3."), calling("add", { a: 1, b: 2 }, "It is 3."));
    server.reply("clerk", calling("book", ada, "You have seat 1."));
    const graph = createRouter({
      models: {
        math: createAgent({ model: chat(model, provider), tools: [add] }),
        clerk: createAgent({ model: chat("clerk", provider), tools: [book] }),
        chat: chat("chat", provider),
      },
      route: firstOf(byKeyword({ math: ["+"], clerk: ["seat"] }), () => "chat"),
    }).compile();

    const sum = await graph.invoke({ messages: "1 + 2?" });
    expect(sum.messages.map(({ text }) => text)).toEqual(["1 + 2?", "It is 3."]);
    expect(sum.calls.map((call) => [call.path, call.node, call.model, call.status])).toEqual([
      ["math/model_request", "math", model, "ok"],
      ["math/model_request", "math", model, "ok"],
    ]);
    expect(totalCost(sum.calls)).toBeGreaterThan(0);
    expect(sum.candidates[0]?.steps?.map(({ type, text }) => [type, text])).toEqual([
      ["ai", ""],
      ["tool", "3"],
    ]);
    expect(server.requests.map(({ tools }) => tools)).toEqual([["add"], ["add"]]);

    expect((await graph.invoke({ messages: "Book a seat for Ada" })).messages.at(-1)!.text).toBe("You have seat 1.");
    expect(server.requests.slice(2).map(({ tools }) => tools)).toEqual([["book"], ["book"]]);
    expect(seats).toEqual(["Ada"]);
    await graph.invoke({ messages: "Hello" });
    expect(server.requests.at(-1)!.tools).toEqual([]);
  });

  it("streams its answer: whole, and token by token with subgraphs, and never the steps it took over", async () => {
    const { book, seats } = booking();
    server.reply("small", { toolCalls: [{ name: "book", args: ada }] }, failWith.server());
    server.reply("large", calling("book", ada, "Ada has seat 1."));
    const models = {
      small: createAgent({ model: chat("small", provider), tools: [book] }),
      large: createAgent({ model: chat("large", provider), tools: [book] }),
    };
    const graph = createFallback({ models }).compile();
    const shown: string[] = [];
    for await (const [message] of await graph.stream({ messages: "Book!" }, { streamMode: "messages" })) {
      if (message.text !== "") shown.push(message.text);
    }
    expect(shown).toEqual(["Ada has seat 1."]);

    server.reply("small", "Ada has seat 1.");
    const tokens: string[] = [];
    const options = { streamMode: "messages", subgraphs: true } as const;
    for await (const [, [message]] of await graph.stream({ messages: "Which seat?" }, options)) {
      if (message.text !== "") tokens.push(message.text);
    }
    expect(tokens.length).toBeGreaterThan(1);
    expect(tokens.join("")).toBe("Ada has seat 1.");
    expect(seats).toEqual(["Ada"]);
  });
});

describe("an agent whose run is aborted", () => {
  it.each([
    ["ChatOpenAI", () => chat("small")],
    // Gemini's client ignores an abort outside a stream; within a pattern it is made to stream
    ["a pattern over ChatGoogleGenerativeAI", () => asChatModel(createFallback({ models: { only: gemini("small") } }))],
  ] as const)("ends, with the request %s has under way, and no other model is asked", async (_title, model) => {
    server.reply("small", calling("add", { a: 1, b: 2 }, ""), failWith.hang());
    const small = createAgent({ model: model(), tools: [add] });
    const stop = new AbortController();
    const run = createFallback({ models: { small, large: chat("large") } })
      .compile()
      .invoke({ messages: "1 + 2?" }, { signal: stop.signal })
      .catch((error: unknown) => error);
    await server.received(2);
    stop.abort();
    const error = await run;
    await server.settled();
    await vi.waitFor(() => expect(callsOf(error).map(({ status }) => status)).toEqual(["ok", "cancelled"]), {
      timeout: 300_000,
    });
    expect(server.requests.map((request) => [request.model, request.aborted])).toEqual([
      ["small", false],
      ["small", true],
    ]);
  });
});

describe("a person in the loop of an agent", () => {
  /** A cascade whose first tier asks before it books. */
  function asking(
    book: ReturnType<typeof booking>["book"],
    verify = check(({ answer }) => answer.text !== "No idea."),
  ) {
    const ask = humanInTheLoopMiddleware({ interruptOn: { book: true } });
    const small = createAgent({ model: chat("small"), tools: [book], middleware: [ask] });
    const large = createAgent({ model: chat("large"), tools: [book] });
    const team = createFallback({ models: { small } });
    return {
      flat: createCascade({ models: { small, large }, verify }).compile({ checkpointer: new MemorySaver() }),
      nested: createCascade({ models: { team, large }, verify }).compile({ checkpointer: new MemorySaver() }),
    };
  }
  const resume = (...decisions: readonly object[]) => new Command({ resume: { decisions } }) as never;

  it.each(["flat", "nested"] as const)("pauses the whole pattern and goes on where it was (%s)", async (form) => {
    const { book, seats } = booking();
    const graph = asking(book)[form];
    server.reply("small", calling("book", ada, "Ada has seat 1."));
    const paused = await graph.invoke({ messages: "Book!" }, thread("1"));
    expect(paused).toMatchObject({ __interrupt__: [{ value: { actionRequests: [{ name: "book", args: ada }] } }] });
    expect([seats, (await graph.getState(thread("1"))).next]).toEqual([[], [form === "flat" ? "small" : "team"]]);
    const result = await graph.invoke(resume({ type: "approve" }), thread("1"));
    expect([result.messages.at(-1)!.text, seats]).toEqual(["Ada has seat 1.", ["Ada"]]);
    expect(server.requests.map(({ model }) => model)).toEqual(["small", "small"]);
    expect(result.calls.map(({ status }) => status)).toEqual(["ok", "ok"]);
  });

  it.each(["flat", "nested"] as const)(
    "is not asked again for what was approved and done before a failure (%s)",
    async (form) => {
      const { book, seats } = booking();
      const graph = asking(book)[form];
      server.reply("small", { toolCalls: [{ name: "book", args: ada }] }, failWith.server());
      server.reply("large", calling("book", ada, "Ada has seat 1."));
      await graph.invoke({ messages: "Book!" }, thread("1"));
      const result = await graph.invoke(resume({ type: "approve" }), thread("1"));
      expect([result.messages.at(-1)!.text, result.modelUsed, seats]).toEqual(["Ada has seat 1.", "large", ["Ada"]]);
    },
  );

  it("may refuse: the tool does not run, and the next tier is told", async () => {
    const { book, seats } = booking();
    const graph = asking(book).flat;
    server.reply("small", { toolCalls: [{ name: "book", args: ada }] }, "No idea.");
    server.reply("large", ({ messages }) => messages.at(-1)!.text);
    await graph.invoke({ messages: "Book!" }, thread("1"));
    const result = await graph.invoke(resume({ type: "reject", message: "Not today" }), thread("1"));
    expect([result.messages.at(-1)!.text, result.modelUsed, seats]).toEqual(["Not today", "large", []]);
  });
});

describe("middleware of an agent", () => {
  it("that stops it after too many tool calls is a failure, and what was done is handed on", async () => {
    const { book, seats } = booking();
    server.reply("small", { toolCalls: [{ name: "book", args: ada }] });
    server.reply("large", calling("book", ada, "Ada has seat 1."));
    const middleware = [toolCallLimitMiddleware({ runLimit: 1, exitBehavior: "error" })];
    const small = createAgent({ model: chat("small"), tools: [book], middleware });
    const result = await createFallback({ models: { small, large: chat("large") } })
      .compile()
      .invoke({ messages: "Book!" });
    expect([result.messages.at(-1)!.text, seats]).toEqual(["Ada has seat 1.", ["Ada"]]);
  });
});

describe("a tool that answers itself", () => {
  it("is the agent's answer", async () => {
    const fields = { name: "say", description: "says it", schema: z.object({}), returnDirect: true };
    const say = tool(() => "the tool's own words", fields);
    server.reply("small", calling("say", {}, "never"));
    const small = createAgent({ model: chat("small"), tools: [say] });
    const result = await createFallback({ models: { small, large: chat("large") } })
      .compile()
      .invoke({ messages: "Say it!" });
    expect(result.messages.map(({ type, text }) => [type, text])).toEqual([
      ["human", "Say it!"],
      ["ai", "the tool's own words"],
    ]);
    expect(server.requests.map(({ model }) => model)).toEqual(["small"]);
  });
});
