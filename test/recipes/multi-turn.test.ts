import { type BaseMessage, SystemMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { InMemoryStore, MemorySaver } from "@langchain/langgraph";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  byKeyword,
  type Context,
  createRouter,
  firstOf,
  InvalidOptionError,
  type Route,
  type Specialist,
  sharedMemory,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { saying } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai, gemini } = useLoopback();

const latest: Context = ({ messages }) => messages.slice(-1);
/** What a model was sent, request by request: "role: text". */
const sent = (model: string) =>
  server.requests
    .filter((request) => request.model === model)
    .map(({ messages }) => messages.map(({ role, text }) => `${role}: ${text}`));

/** Under 50 characters is small talk. */
const byLength: Route<"fast" | "general"> = ({ messages }) => (messages.at(-1)!.text.length < 50 ? "fast" : "general");
const route = firstOf(
  byKeyword({
    code: ["code", "function", "implement", "debug"],
    math: ["calculate", "solve", "math", "equation"],
  }),
  byLength,
);

function desk(more: { readonly math?: Partial<Specialist>; readonly context?: Context } = {}) {
  const models = {
    code: { model: openai("coder"), systemPrompt: "You write code." },
    math: { model: gemini("mathematician"), systemPrompt: "You calculate.", ...more.math },
    fast: openai("chatter"),
    general: openai("generalist"),
  };
  const { context } = more;
  return createRouter({ models, route, ...(context && { context }) }).compile({ checkpointer: new MemorySaver() });
}

const thread = { configurable: { thread_id: "1" } };
const texts = (messages: readonly BaseMessage[]) => messages.map(({ type, text }) => `${type}: ${text}`);

describe("a conversation over several turns", () => {
  it.each([
    ["Please implement a stack in TypeScript, with tests.", "code"],
    ["Debug this.", "code"],
    ["Solve x² = 4.", "math"],
    ["Hello!", "fast"],
    ["Tell me how the weather in Lisbon usually is in the month of May.", "general"],
  ])('sends "%s" to %s', async (question, specialist) => {
    const { modelUsed } = await desk().invoke({ messages: question }, thread);
    expect(modelUsed).toBe(specialist);
  });

  it("shows each specialist the whole conversation unless a context says otherwise", async () => {
    server.reply("coder", "A stack.");
    server.reply("mathematician", "Eight.");
    const graph = desk();
    await graph.invoke({ messages: "Implement a stack." }, thread);
    await graph.invoke({ messages: "Calculate the bytes of it." }, thread);
    expect(sent("mathematician")).toEqual([
      ["system: You calculate.", "user: Implement a stack.", "assistant: A stack.", "user: Calculate the bytes of it."],
    ]);
  });

  it("shows the next specialist what its context lets through, and keeps thread and ledger clean", async () => {
    server.reply("coder", "A stack of 8 bytes.");
    server.reply("mathematician", "800 bytes.");
    server.reply("chatter", "You are welcome.");
    server.reply("summarizer", "They wrote a stack; an entry has 8 bytes.", "They counted the bytes of a stack.");
    const summary: Context = async ({ messages, ask }) => {
      if (messages.length === 1) return messages;
      const { text } = await ask(messages.slice(0, -1), { model: openai("summarizer") });
      return [new SystemMessage(`So far: ${text}`), ...messages.slice(-1)];
    };
    const graph = desk({ math: { context: summary }, context: latest });

    const first = await graph.invoke({ messages: "Implement a stack." }, thread);
    const second = await graph.invoke({ messages: "Calculate the bytes of 100 entries." }, thread);
    const third = await graph.invoke({ messages: "Thanks!" }, thread);

    expect(sent("coder")).toEqual([["system: You write code.", "user: Implement a stack."]]);
    expect(sent("summarizer")).toEqual([["user: Implement a stack.", "assistant: A stack of 8 bytes."]]);
    expect(sent("mathematician")).toEqual([
      [
        "system: You calculate.\n\nSo far: They wrote a stack; an entry has 8 bytes.",
        "user: Calculate the bytes of 100 entries.",
      ],
    ]);
    expect(sent("chatter")).toEqual([["user: Thanks!"]]);
    expect(sent("generalist")).toEqual([]);

    const ledger = ({ calls }: typeof first) => calls.map(({ path, model, role }) => [path, model, role]);
    expect(ledger(first)).toEqual([["code", "coder", "answer"]]);
    expect(ledger(second)).toEqual([
      ["math", "summarizer", "summary"],
      ["math", "mathematician", "answer"],
    ]);
    expect(ledger(third)).toEqual([["fast", "chatter", "answer"]]);
    expect([first, second, third].map(({ decisions }) => decisions.map(({ chosen }) => chosen))).toEqual([
      ["code"],
      ["math"],
      ["fast"],
    ]);
    expect(texts(third.messages)).toEqual([
      "human: Implement a stack.",
      "ai: A stack of 8 bytes.",
      "human: Calculate the bytes of 100 entries.",
      "ai: 800 bytes.",
      "human: Thanks!",
      "ai: You are welcome.",
    ]);
  });

  it("does not stream what a context asks for", async () => {
    server.reply("summarizer", "a summary");
    server.reply("chatter", "an answer");
    const context: Context = async ({ messages, ask }) => [
      new SystemMessage((await ask(messages, { model: openai("summarizer") })).text),
      ...messages,
    ];
    const stream = await desk({ context }).stream({ messages: "Hi" }, { ...thread, streamMode: "messages" });
    let shown = "";
    for await (const [chunk] of stream) shown += chunk.text;
    expect(shown).toBe("an answer");
  });
});

describe("context of createRouter", () => {
  const question = { messages: [new SystemMessage("Be brief."), ...["One", "Two"].map(said)] };
  function said(content: string) {
    return { role: "user", content };
  }

  it("gives the strategy the conversation and the window of the model that reads it", async () => {
    const seen: unknown[] = [];
    const context: Context = ({ messages, outputs, contextWindow }) => {
      seen.push([messages.length, outputs, contextWindow]);
      return messages;
    };
    const models = { sized: { model: saying("hi"), contextWindow: 900 }, other: saying("hi") };
    for (const name of ["sized", "other"] as const)
      await createRouter({ models, route: () => name, context })
        .compile()
        .invoke(question);
    expect(seen).toEqual([
      [3, [], 900],
      [3, [], undefined],
    ]);
  });

  it("holds for the fallback too, unless that has its own", async () => {
    const [shared, own] = [saying("hi"), saying("hi")];
    const build = (fallback: Specialist) =>
      createRouter({ models: { a: saying() }, route: () => undefined, fallback, context: latest }).compile();
    await build({ model: shared }).invoke(question);
    await build({ model: own, context: ({ messages }) => messages.slice(-2) }).invoke(question);
    expect(shared.calls[0]!.messages.map(({ text }) => text)).toEqual(["Two"]);
    expect(own.calls[0]!.messages.map(({ text }) => text)).toEqual(["One", "Two"]);
  });

  it("does not pass a model over for a conversation it will not see whole", async () => {
    const tiny = { model: saying("from tiny"), contextWindow: 20 };
    const build = (context?: Context) =>
      createRouter({ models: { tiny }, route: () => "tiny", fallback: saying("spare"), ...(context && { context }) });
    const long = { messages: [said("x".repeat(400)), said("Hi")] };
    expect((await build().compile().invoke(long)).modelUsed).toBe("fallback");
    expect((await build(latest).compile().invoke(long)).modelUsed).toBe("tiny");
  });

  it("goes to the fallback when the model that summarizes fails, and says so", async () => {
    server.reply("summarizer", failWith.server());
    server.reply("spare", "The spare answer.");
    const broken: Context = async ({ messages, ask }) => [
      await ask(messages, { model: { model: openai("summarizer"), retry: false } }),
    ];
    const models = { a: { model: openai("a"), context: broken } };
    const run = (fallback?: Specialist) =>
      createRouter({ models, route: () => "a", ...(fallback && { fallback }) })
        .compile()
        .invoke({ messages: "Hi" });
    const result = await run({ model: openai("spare") });
    expect(result).toMatchObject({ modelUsed: "fallback", failures: [{ name: "a", class: "server" }] });
    expect(result.calls.map(({ role, status }) => [role, status])).toEqual([
      ["summary", "error"],
      ["answer", "ok"],
    ]);
    await expect(run()).rejects.toMatchObject({ name: "ModelCallError", path: "a", class: "server" });
    expect(sent("a")).toEqual([]);
  });

  it("does not hide from the fallback what a tool has done already", async () => {
    let booked = 0;
    const book = tool(() => `booked seat ${++booked}`, { name: "book", description: "books", schema: z.object({}) });
    server.reply("agent", { toolCalls: [{ name: "book", args: {} }] }, failWith.authentication());
    server.reply("spare", "Seat 1 is yours.");
    const graph = createRouter({
      models: { agent: createAgent({ model: openai("agent"), tools: [book] }) },
      route: () => "agent",
      fallback: gemini("spare"),
      context: latest,
    }).compile();
    const { messages } = await graph.invoke({ messages: ["Hello", "Hi!", "Book a seat!"].map(said) });
    expect(messages.at(-1)!.text).toBe("Seat 1 is yours.");
    const [seen] = sent("spare");
    expect(seen![0]).toBe("user: Book a seat!");
    expect(seen!.join()).toContain("booked seat 1");
    expect(booked).toBe(1);
  });

  it("remembers what specialists answered, with a context that does", async () => {
    const context = sharedMemory({ namespace: "desk" });
    const [a, b] = [saying("The fence is green."), saying("Green, as the fence.")];
    const graph = createRouter({
      models: { a, b },
      route: ({ messages }) => (messages.at(-1)!.text.startsWith("Which") ? "b" : "a"),
      context,
    }).compile({ store: new InMemoryStore() });
    await graph.invoke({ messages: "Paint the fence." });
    await graph.invoke({ messages: "Which color for the gate?" }); // another thread
    expect(b.calls[0]!.messages.map(({ text }) => text)).toEqual([
      expect.stringContaining("The fence is green."),
      "Which color for the gate?",
    ]);
  });

  it("refuses a context that is no function, and one that returns no messages", async () => {
    const route = () => "a" as const;
    const build = (context: unknown, fallback: unknown = undefined) =>
      createRouter({
        models: { a: { model: saying("hi"), context: context as Context } },
        route,
        ...(fallback === undefined ? {} : { fallback: fallback as Specialist }),
      });
    const named = (option: string) => expect.objectContaining({ name: "InvalidOptionError", option });
    expect(() => build("all")).toThrow(named("createRouter.models.a.context"));
    expect(() => build(undefined, { model: saying(), context: 5 })).toThrow(named("createRouter.fallback.context"));
    expect(() => createRouter({ models: { a: saying() }, route, context: "all" as never })).toThrow(
      named("createRouter.context"),
    );
    for (const nothing of [undefined, [], "text", [said("not a message")]]) {
      const run = build(() => nothing)
        .compile()
        .invoke({ messages: "Hi" });
      await expect(run).rejects.toSatisfy(InvalidOptionError.isInstance);
      await expect(run).rejects.toMatchObject({ option: "a.context" });
    }
  });
});
