import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import { Command, MemorySaver } from "@langchain/langgraph";
import { createAgent, humanInTheLoopMiddleware, providerStrategy, toolStrategy } from "langchain";
import { beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import {
  asChatModel,
  budget,
  callsOf,
  check,
  createCascade,
  createFallback,
  createRouter,
  type Decision,
  type ModelCall,
  type ModelEntry,
  type PatternGraph,
} from "../../src/index.js";
import { keptLedger } from "../../src/ledger/kept-ledger.js";
import {
  budgetMiddleware,
  cascadeMiddleware,
  fallbackMiddleware,
  type LedgerMiddleware,
  routerMiddleware,
} from "../../src/middleware/index.js";
import { failWith, type ReplySource } from "../../src/testing/index.js";
import { type Provider, providers } from "../support/clients.js";
import { useLoopback } from "../support/use-loopback.js";

const { server } = useLoopback();

type Name = "one" | "two" | "own";
type Models = Readonly<Record<Name, ModelEntry>>;
interface Case {
  readonly kind: string;
  readonly pattern: (models: Models) => Pick<PatternGraph, "compile">;
  readonly middleware: (models: Models) => LedgerMiddleware;
}

const good = check(({ answer }) => !answer.text.startsWith("bad"));
const cap = () => budget({ usd: 1, per: "day", assumePrice: { input: 1, output: 1 } });

const cases: readonly Case[] = [
  {
    kind: "router",
    pattern: ({ one, two, own }) => createRouter({ models: { one, two }, route: () => "two", fallback: own }),
    middleware: ({ one, two }) => routerMiddleware({ models: { one, two }, route: () => "two" }),
  },
  {
    kind: "fallback",
    pattern: ({ one, two, own }) => createFallback({ models: { one, two }, fallback: own }),
    middleware: ({ one, two }) => fallbackMiddleware({ models: { one, two } }),
  },
  {
    kind: "cascade",
    pattern: ({ one, two, own }) => createCascade({ models: { one, two }, verify: good, fallback: own }),
    middleware: ({ one, two }) => cascadeMiddleware({ models: { one, two }, verify: good }),
  },
  {
    kind: "budget",
    pattern: ({ one, two, own }) => createFallback({ models: { one, two }, fallback: own, budget: cap() }),
    middleware: ({ one, two }) => budgetMiddleware({ budget: cap(), models: { one, two } }),
  },
];
const clients = Object.keys(providers) as Provider[];
const all = cases.flatMap((each) => clients.map((client) => ({ ...each, client })));

const callOslo = { toolCalls: [{ name: "weather", args: { city: "Oslo" } }] };
const ran: string[] = [];
const weather = tool(
  ({ city }) => {
    ran.push(city);
    return `sunny in ${city}`;
  },
  { name: "weather", description: "The weather in a city", schema: z.object({ city: z.string() }) },
);

beforeEach(() => {
  ran.length = 0;
});

/** Hears of each step of a graph, once: nodes of the agent, and those of graphs below. */
class Steps extends BaseCallbackHandler {
  override readonly name = "steps";
  override readonly awaitHandlers = true;
  readonly places = new Set<string>();
  readonly answers: string[] = [];

  override handleChainStart(...given: Parameters<NonNullable<BaseCallbackHandler["handleChainStart"]>>): void {
    const place = given[5]?.langgraph_checkpoint_ns;
    if (typeof place === "string" && !place.includes("__start__")) this.places.add(place);
  }

  override handleChatModelStart(
    ...[{ id }]: Parameters<NonNullable<BaseCallbackHandler["handleChatModelStart"]>>
  ): void {
    this.answers.push(id.at(-1)!);
  }
}

interface Options {
  readonly middleware?: readonly ReturnType<typeof humanInTheLoopMiddleware>[];
  readonly responseFormat?: unknown;
  readonly checkpointer?: MemorySaver;
}

interface Agent {
  invoke(input: object, config?: object): Promise<Result>;
  stream(input: object, config: object): Promise<AsyncIterable<unknown>>;
}

interface Result extends Ledgers {
  readonly messages: readonly AIMessage[];
}

/** The same agent twice: over the chat model of a pattern, and with the middleware. */
function agents({ pattern, middleware, client }: (typeof all)[number], options: Options = {}) {
  const models = () => {
    const made = (name: Name) => ({ model: providers[client](server, name), retry: false as const });
    return { one: made("one"), two: made("two"), own: made("own") };
  };
  const around = models();
  const { middleware: beside = [], ...rest } = options;
  const agent = (model: BaseChatModel, more: readonly LedgerMiddleware[] = []) =>
    createAgent({ ...rest, tools: [weather], model, middleware: [...beside, ...more] } as never) as unknown as Agent;
  return { chat: agent(asChatModel(pattern(models()))), own: agent(around.own.model, [middleware(around)]) };
}

interface Ledgers {
  readonly calls: readonly ModelCall[];
  readonly decisions: readonly Decision[];
}

/** What of a ledger is the same in two runs. The pattern's own node of the last resort is the only one that is named differently. */
const lines = (calls: readonly ModelCall[]) =>
  calls.map(({ path, model, role, status, attempt, usage, error }) => [
    path,
    model,
    role,
    status,
    attempt,
    usage,
    error,
  ]);
const ledgerOf = (messages: readonly unknown[]) => messages.map((message) => keptLedger(message));

/** Scripts the models: each calls the tool where it is told of no result, and then says its own answer. */
function script(answers: Partial<Record<Name, ReplySource>>) {
  for (const [name, answer] of Object.entries(answers)) {
    server.reply(name, (request) =>
      request.messages.some(({ role }) => role === "tool")
        ? typeof answer === "function"
          ? answer(request)
          : answer
        : callOslo,
    );
  }
}

describe.each(all)("$kind as a middleware, over $client", (each) => {
  it("answers with tools as the chat model does: messages, requests and ledger, in fewer steps of graphs", async () => {
    script({ one: "bad", two: "It is sunny", own: "It is dark" });
    const { chat, own } = agents(each);
    const [around, within] = [new Steps(), new Steps()];
    const before = await chat.invoke({ messages: "Weather in Oslo?" }, { callbacks: [around] });
    const asked = server.requests.map(({ model, tools }) => [model, tools]);
    const after = await own.invoke({ messages: "Weather in Oslo?" }, { callbacks: [within] });
    expect(after.messages.map(({ type, text }) => [type, text])).toEqual(
      before.messages.map(({ type, text }) => [type, text]),
    );
    expect(ran).toEqual(["Oslo", "Oslo"]);
    expect(server.requests.slice(asked.length).map(({ model, tools }) => [model, tools])).toEqual(asked);
    const { calls, decisions } = after;
    const kept = ledgerOf(before.messages);
    expect(lines(calls)).toEqual(lines(kept.flatMap((each) => each.calls)));
    expect(decisions).toEqual(kept.flatMap((each) => each.decisions));
    expect(calls.length).toBe(asked.length);
    expect([...within.places].map((place) => place.split(":")[0])).toEqual([
      expect.stringMatching(/before_agent$/),
      "model_request",
      "tools",
      "model_request",
    ]);
    expect(within.places.size).toBeLessThan(around.places.size);
    expect(within.answers.length).toBe(around.answers.length);
  });

  it("streams the same tokens, and the ledger of each step as it ends", async () => {
    script({ one: { text: "bad", chunks: 2 }, two: { text: "It is sunny", chunks: 3 }, own: "It is dark" });
    const { chat, own } = agents(each);
    const read = async (agent: Agent) => {
      const texts = new Map<string, string>();
      const updates: [string, Partial<Ledgers>][] = [];
      const stream = await agent.stream({ messages: "Weather in Oslo?" }, { streamMode: ["messages", "updates"] });
      for await (const [mode, event] of stream as AsyncIterable<[string, unknown]>) {
        if (mode === "updates") updates.push(...(Object.entries(event as object) as typeof updates));
        else {
          const [message] = event as [AIMessageChunk];
          if (message.type === "ai" && message.text)
            texts.set(message.id!, (texts.get(message.id!) ?? "") + message.text);
        }
      }
      return { texts: [...texts.values()], updates };
    };
    const before = await read(chat);
    const after = await read(own);
    expect(after.texts).toEqual(before.texts);
    expect(after.texts).toHaveLength(1);
    const steps = after.updates.filter(([name]) => name === "model_request").map(([, update]) => update);
    const paid = { router: [1, 1], fallback: [1, 1], cascade: [1, 2], budget: [1, 1] }[each.kind];
    expect(steps.map(({ calls }) => calls?.length)).toEqual(paid);
  });
});

describe.each(cases.map((each) => ({ ...each, client: clients[0]! })))("$kind as a middleware", (each) => {
  it.each([
    ["a tool", toolStrategy(z.object({ degrees: z.number() }))],
    ["the provider", providerStrategy(z.object({ degrees: z.number() }))],
  ] as const)("gives structured output by %s, with the ledger", async (_by, responseFormat) => {
    const answer: ReplySource = ({ tools }) => {
      const [form] = tools.filter((name) => name !== "weather");
      return form === undefined ? '{"degrees":21}' : { toolCalls: [{ name: form, args: { degrees: 21 } }] };
    };
    script({ one: answer, two: answer, own: answer });
    const { chat, own } = agents(each, { responseFormat });
    const before = await chat.invoke({ messages: "Weather in Oslo?" });
    const after = await own.invoke({ messages: "Weather in Oslo?" });
    expect(after).toMatchObject({ structuredResponse: { degrees: 21 } });
    expect(before).toMatchObject({ structuredResponse: { degrees: 21 } });
    const kept = ledgerOf(before.messages).flatMap(({ calls }) => calls);
    expect(lines(after.calls)).toEqual(lines(kept));
    expect(kept.length).toBeGreaterThanOrEqual(2);
  });

  it("asks the agent's own model as the last resort", async () => {
    script({ own: "It is dark" });
    const bad = each.kind === "cascade" ? "bad" : failWith.quota();
    server.reply("one", bad);
    server.reply("two", bad);
    const { own } = agents(each);
    const { messages, calls } = await own.invoke({ messages: "Weather in Oslo?" });
    expect(messages.at(-1)!.text).toBe("It is dark");
    expect(calls.at(-1)).toMatchObject({ path: "fallback", model: "own", status: "ok" });
  });

  it("throws the same error, with its ledger, when no model answers", async () => {
    for (const name of ["one", "two", "own"]) server.reply(name, failWith.unknownModel());
    const { chat, own } = agents(each);
    const thrown = (agent: Agent) =>
      agent.invoke({ messages: "Hi" }).then(
        () => expect.fail(),
        (error: Error) => error,
      );
    const before = await thrown(chat);
    const after = await thrown(own);
    expect([after.name, after.message]).toEqual([before.name, before.message]);
    expect((after.cause as Error).constructor).toBe(before.constructor);
    expect(lines(callsOf(after))).toEqual(lines(callsOf(before)));
    expect(callsOf(after).length).toBeGreaterThan(1);
  });

  it("pauses for a person beside it, and goes on with one ledger", async () => {
    script({ one: "It is sunny", two: "It is sunny" });
    const beside = humanInTheLoopMiddleware({ interruptOn: { weather: true } });
    const { own } = agents(each, { middleware: [beside], checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" } };
    const paused = await own.invoke({ messages: "Weather in Oslo?" }, config);
    expect(paused).toHaveProperty("__interrupt__");
    expect([ran, paused.calls.length]).toEqual([[], 1]);
    const resume = { decisions: [{ type: "approve" }] };
    const { calls, decisions } = await own.invoke(new Command({ resume }), config);
    expect([ran, calls.map(({ status }) => status)]).toEqual([["Oslo"], ["ok", "ok"]]);
    expect(decisions.length).toBeLessThanOrEqual(4);
    const next = await own.invoke({ messages: "And now?" }, config);
    expect(next.calls).toHaveLength(1);
  });

  it("is no second ledger around the agent", async () => {
    script({ one: "bad", two: "It is sunny", own: "It is dark" });
    const { chat, own } = agents(each);
    const team = (agent: Agent) => createRouter({ models: { agent: agent as never }, route: () => "agent" }).compile();
    const before = await team(chat).invoke({ messages: "Weather in Oslo?" });
    const after = await team(own).invoke({ messages: "Weather in Oslo?" });
    expect(lines(after.calls)).toEqual(lines(before.calls));
    expect(after.messages.at(-1)!.text).toBe(before.messages.at(-1)!.text);
  });
});
