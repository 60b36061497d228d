import type { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, HumanMessage, ToolMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { fakeModel } from "@langchain/core/testing";
import { tool } from "@langchain/core/tools";
import { createAgent, createMiddleware } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  BudgetExceededError,
  budget,
  createEnsemble,
  type Decision,
  judgeWith,
  longest,
  type ModelCall,
  totalCost,
} from "../../src/index.js";
import {
  budgetMiddleware,
  byPhase,
  cascadeMiddleware,
  fallbackMiddleware,
  routerMiddleware,
} from "../../src/middleware/index.js";
import { failWith } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();

const fail = tool(
  ({ city }) => {
    if (city === "Atlantis") throw new Error("no such city");
    return `sunny in ${city}`;
  },
  { name: "weather", description: "The weather in a city", schema: z.object({ city: z.string() }) },
);
const call = (city: string) => ({ toolCalls: [{ name: "weather", args: { city } }] });
/** Tells the model of a tool that failed, as agents are commonly set up. */
const telling = createMiddleware({
  name: "telling",
  wrapToolCall: async (request, handler) => {
    try {
      return await handler(request);
    } catch {
      const { id = "", name } = request.toolCall;
      return new ToolMessage({ content: "It failed", tool_call_id: id, name, status: "error" });
    }
  },
});

interface Ledgers {
  readonly messages: readonly AIMessage[];
  readonly calls: readonly ModelCall[];
  readonly decisions: readonly Decision[];
}
const run = async (middleware: readonly unknown[], own: BaseChatModel = openai("own")) => {
  const agent = createAgent({ model: own, tools: [fail], middleware: [...middleware, telling] as never });
  return (await agent.invoke({ messages: [new HumanMessage("Hi")] } as never)) as unknown as Ledgers;
};
const models = (calls: readonly ModelCall[]) => calls.map(({ model }) => model);

describe("routerMiddleware", () => {
  it("plans with one model, acts with another and recovers with the first, by phase", async () => {
    server.reply("large", call("Oslo"), call("Oslo"));
    server.reply("small", call("Atlantis"), "It is sunny");
    const route = byPhase({ plan: "large", act: "small" });
    const { calls, decisions } = await run([
      routerMiddleware({ models: { large: openai("large"), small: openai("small") }, route }),
    ]);
    expect(models(calls)).toEqual(["large", "small", "large", "small"]);
    expect(decisions.map(({ reason }) => reason.split(":")[0])).toEqual(["plan", "act", "recover", "act"]);
  });

  it("asks the lanes of an ensemble, where the agent is held to one thing at a time, without marks of the agent", async () => {
    const seen: object[] = [];
    const lane = (name: string) =>
      RunnableLambda.from((_messages: unknown, { metadata = {} }: { metadata?: object }) => {
        seen.push(metadata);
        return new AIMessage(name);
      });
    const both = createEnsemble({ models: { a: lane("Short"), b: lane("The longer one") }, aggregate: longest() });
    const router = routerMiddleware({ models: { both }, route: () => "both" });
    const agent = createAgent({ model: openai("own"), middleware: [router] });
    const { messages, calls } = await agent.invoke({ messages: "Hi" }, { maxConcurrency: 1 } as object);
    expect([messages.at(-1)!.text, calls.map(({ path }) => path)]).toEqual(["The longer one", ["both/a", "both/b"]]);
    for (const metadata of seen) expect(metadata).not.toHaveProperty("lc_agent_name");
    expect(seen).toHaveLength(2);
  });

  it("keeps a tool loop with its model, whatever the route says then", async () => {
    server.reply("a", call("Oslo"), "It is sunny");
    const route = ({ messages }: { messages: readonly unknown[] }) => (messages.length === 1 ? "a" : "b");
    const { calls } = await run([routerMiddleware({ models: { a: openai("a"), b: openai("b") }, route })]);
    expect(models(calls)).toEqual(["a", "a"]);
  });

  it("asks the agent's own model when the route makes no decision", async () => {
    server.reply("own", "Here");
    const { calls } = await run([routerMiddleware({ models: { a: openai("a") }, route: () => undefined })]);
    expect(models(calls)).toEqual(["own"]);
  });
});

describe("cascadeMiddleware", () => {
  it("counts the judge, too", async () => {
    server.reply("a", "Draft");
    server.reply("judge", "Score: 2");
    server.reply("own", "Final");
    const verify = judgeWith(openai("judge"));
    const { calls, messages } = await run([cascadeMiddleware({ models: { a: openai("a") }, verify })]);
    expect(calls.map(({ model, role }) => [model, role])).toEqual([
      ["a", "answer"],
      ["judge", "judge"],
      ["own", "answer"],
    ]);
    expect(messages.at(-1)!.text).toBe("Final");
  });
});

describe("fallbackMiddleware", () => {
  it("makes no call twice under a retry around it, and keeps what the failed attempt paid", async () => {
    server.reply("a", failWith.unknownModel());
    server.reply("own", failWith.unknownModel(), "At last");
    let times = 0;
    const again = createMiddleware({
      name: "again",
      wrapModelCall: async (request, handler) => {
        times++;
        try {
          return await handler(request);
        } catch {
          times++;
          return handler(request);
        }
      },
    });
    const { calls, messages } = await run([again, fallbackMiddleware({ models: { a: openai("a") } })]);
    expect([times, messages.at(-1)!.text]).toEqual([2, "At last"]);
    expect(calls.map(({ model, status }) => [model, status])).toEqual([
      ["a", "error"],
      ["own", "error"],
      ["a", "error"],
      ["own", "ok"],
    ]);
    expect(server.requests).toHaveLength(4);
  });

  it("ends at once when the caller aborts, and asks no other model", async () => {
    const controller = new AbortController();
    server.reply("a", () => {
      controller.abort();
      return failWith.hang();
    });
    const agent = createAgent({
      model: openai("own"),
      middleware: [fallbackMiddleware({ models: { a: openai("a") } })],
    });
    await expect(agent.invoke({ messages: "Hi" }, { signal: controller.signal })).rejects.toThrow(/abort/i);
    expect(server.requests.map(({ model }) => model)).toEqual(["a"]);
  });
});

describe("budgetMiddleware", () => {
  const assumePrice = { input: 1_000, output: 1_000 };

  it("passes over what does not fit, and says so", async () => {
    server.reply("own", "Own");
    const models = { a: { model: openai("a"), price: { input: 1, output: 1 } } };
    const { calls, decisions } = await run([budgetMiddleware({ usd: 0, per: "day", models })]);
    expect(calls.map(({ path }) => path)).toEqual(["fallback"]);
    expect(decisions[0]).toMatchObject({ kind: "skip", chosen: "a", reason: expect.stringMatching(/budget/) });
  });

  it("ends the agent with the default response when nothing fits, and with an error without one", async () => {
    const own = fakeModel().respond(new AIMessage("Own"));
    const spent = budget({ usd: 0, per: "day", assumePrice });
    const { messages, calls } = await run([budgetMiddleware({ budget: spent, defaultResponse: "No money." })], own);
    expect([messages.at(-1)!.text, calls, own.callCount]).toEqual(["No money.", [], 0]);
    const error = await run([budgetMiddleware({ budget: spent })], own).then(
      () => expect.fail(),
      (thrown: Error) => thrown,
    );
    expect([error.name, BudgetExceededError.isInstance(error.cause)]).toEqual(["BudgetExceededError", true]);
  });

  it("covers what the middleware before it chose, counted once", async () => {
    const usage = { inputTokens: 1_000, outputTokens: 1_000 };
    server.reply("a", { ...call("Oslo"), usage }, { text: "It is sunny", usage });
    const daily = budget({ usd: 1_000, per: "day", name: "daily", assumePrice });
    const entry = { model: openai("a"), price: { input: 1, output: 1 }, maxOutputTokens: 2_000 };
    const router = routerMiddleware({ models: { a: entry }, route: () => "a" });
    const { calls, decisions } = await run([router, budgetMiddleware({ budget: daily })]);
    expect(calls.map(({ path }) => path)).toEqual(["model/a", "model/a"]);
    expect(decisions.map(({ node }) => node)).toEqual(["model/router", "model/router"]);
    expect(totalCost(calls)).toBeCloseTo(0.004);
    expect(daily.purse({}, [])!.used()).toBeCloseTo(0.004);
  });

  it("may be several by name", () => {
    const names = [
      budgetMiddleware({ usd: 1, per: "day" }),
      budgetMiddleware({ usd: 1, per: "hour", name: "per user", key: ({ context }) => context.sessionId }),
    ].map(({ name }) => name);
    expect(names).toEqual(["budgetMiddleware", "budgetMiddleware_per_user"]);
  });
});

describe("the options of a middleware", () => {
  const a = {} as never;
  it.each([
    [() => routerMiddleware(undefined as never), /routerMiddleware/],
    [
      () => routerMiddleware({ models: { a }, route: () => "a", fallback: a } as never),
      /routerMiddleware\.fallback.*createAgent/,
    ],
    [() => fallbackMiddleware({ models: {} }), /models/],
    [
      () => fallbackMiddleware({ models: { a: openai("a") }, state: a } as never),
      /fallbackMiddleware\.state.*stateSchema/,
    ],
    [() => cascadeMiddleware({ models: { a: openai("a") } } as never), /verify/],
    [() => budgetMiddleware({ usd: -1, per: "day" }), /budget\.usd/],
    [() => budgetMiddleware({ budget: { usd: 1 } } as never), /budget/],
  ])("are refused as they are given: %s", (make, message) => {
    expect(make).toThrow(message);
  });
});
