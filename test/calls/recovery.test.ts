import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { AIMessage, type AIMessageChunk, HumanMessage, RemoveMessage } from "@langchain/core/messages";
import { tool } from "@langchain/core/tools";
import {
  Command,
  interrupt,
  MemorySaver,
  MessagesAnnotation,
  REMOVE_ALL_MESSAGES,
  START,
  StateGraph,
} from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { createAgent } from "langchain";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  callsOf,
  check,
  classifyWith,
  createCascade,
  createEnsemble,
  createFallback,
  createRouter,
  judgeWith,
  longest,
  type Model,
  majorityVote,
  savings,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { httpError, saying } from "../support/fakes.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();
const thread = { configurable: { thread_id: "1" } };
const foreign = (answer: (messages: readonly unknown[]) => unknown) =>
  new StateGraph(MessagesAnnotation)
    .addNode("work", async ({ messages }) => ({ messages: await answer(messages) }) as never)
    .addEdge(START, "work")
    .compile() as unknown as Model;

describe("a fallback chain", () => {
  it("ends by name when its first model cools down and the second fails before it calls anybody", async () => {
    const down = foreign(() => Promise.reject(new Error("db down")));
    const first = { model: saying(httpError(429), httpError(500)), retry: false } as const;
    const graph = createFallback({ models: { first, down } }).compile();
    await expect(graph.invoke({ messages: "1" })).rejects.toMatchObject({ name: "AllModelsFailedError" });
    await expect(graph.invoke({ messages: "2" })).rejects.toMatchObject({
      name: "AllModelsFailedError",
      failures: [{ name: "down" }, { name: "first" }],
    });
  });

  it("takes the answer of an agent that cuts its history, and moves on from one that gives none", async () => {
    const cutting = foreign(() => [
      new RemoveMessage({ id: REMOVE_ALL_MESSAGES }),
      new HumanMessage("summary"),
      new AIMessage("short"),
    ]);
    expect(
      (
        await createFallback({ models: { cutting, b: saying("B") } })
          .compile()
          .invoke({ messages: "Hi" })
      ).messages.at(-1)!.text,
    ).toBe("short");
    const mute = foreign(() => [new RemoveMessage({ id: REMOVE_ALL_MESSAGES })]);
    expect(
      (
        await createFallback({ models: { mute, b: saying("B") } })
          .compile()
          .invoke({ messages: "Hi" })
      ).modelUsed,
    ).toBe("b");
  });

  it("moves on from an error nobody can read", async () => {
    const odd = [
      Object.assign(new Error(), { status: 429, message: { nested: true } }),
      Object.defineProperty(new Error(), "message", {
        get: () => {
          throw new Error("haha");
        },
      }),
    ];
    for (const error of odd) {
      const graph = createFallback({ models: { a: { model: saying(error), retry: false }, b: saying("B") } }).compile();
      expect((await graph.invoke({ messages: "Hi" })).modelUsed).toBe("b");
    }
  });

  it("counts patterns inside a foreign graph once, with their decisions, when it answers and when it fails", async () => {
    const inner = createFallback({
      models: { p: { model: saying(httpError(500), httpError(500)), retry: false }, q: saying("Q", "Q") },
    }).compile();
    let fails = false;
    const mid = foreign(async (messages) => {
      const { messages: all } = await inner.invoke({ messages: messages as never });
      if (fails) throw new Error("after it was paid");
      return all.slice(-1);
    });
    for (fails of [false, true]) {
      const result = await createFallback({ models: { mid, b: saying("B") } })
        .compile()
        .invoke({ messages: "Hi" });
      expect(result.calls.map(({ path, status }) => `${path}:${status}`)).toEqual([
        "mid/p:error",
        "mid/q:ok",
        ...(fails ? ["b:ok"] : []),
      ]);
      expect(result.decisions.map(({ node }) => node)).toContain("mid/p");
    }
  });

  it("keeps what was paid and decided before an interrupt when the nested pattern fails after it", async () => {
    const asking = foreign(() => {
      interrupt("May I?");
      throw new Error("x is down");
    });
    const nested = createRouter({ models: { asking, other: saying() }, route: classifyWith(saying("asking")) });
    const app = createFallback({ models: { nested, backup: saying("B") } }).compile({
      checkpointer: new MemorySaver(),
    });
    await app.invoke({ messages: "Hi" }, thread);
    const result = await app.invoke(new Command({ resume: "yes" }), thread);
    expect(result.calls.map(({ path, role }) => `${path} ${role}`)).toEqual(["nested/router router", "backup answer"]);
    expect(result.decisions.map(({ node }) => node)).toEqual(["nested/router", "nested"]);
  });

  it("multiplies no retries with a model that has its own", async () => {
    const model = saying(httpError(500), httpError(500), httpError(500), "never");
    await createFallback({ models: { a: model.withRetry({ stopAfterAttempt: 3 }), b: saying("B") } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(model.callCount).toBe(3);
  }, 600_000);
});

describe("a tool with a side effect", () => {
  const setUp = () => {
    let runs = 0;
    const book = tool(() => `booked seat ${++runs}`, { name: "book", description: "books", schema: z.object({}) });
    const agent = (model: string) => createAgent({ model: openai(model), tools: [book] });
    server.reply("small", { toolCalls: [{ name: "book", args: {} }] }, failWith.badRequest({ status: 401 }));
    server.reply("weak", { toolCalls: [{ name: "book", args: {} }] }, "weak answer");
    server.reply("large", ({ messages }) =>
      messages.some(({ role }) => role === "tool") ? "Seat 1 is yours." : { toolCalls: [{ name: "book", args: {} }] },
    );
    return { agent, runs: () => runs };
  };

  it("runs once when the agent that called it fails", async () => {
    const { agent, runs } = setUp();
    const result = await createFallback({ models: { small: agent("small"), large: agent("large") } })
      .compile()
      .invoke({ messages: "Book!" });
    expect([result.messages.at(-1)!.text, runs(), result.messages.length]).toEqual(["Seat 1 is yours.", 1, 2]);
  });

  it("runs once when a nested agent's answer is not passed", async () => {
    const { agent, runs } = setUp();
    const small = createFallback({ models: { weak: agent("weak") } });
    const verify = check(({ answer }) => answer.text.startsWith("Seat"));
    const result = await createCascade({ models: { small, large: agent("large") }, verify })
      .compile()
      .invoke({ messages: "Book!" });
    expect([result.messages.at(-1)!.text, runs()]).toEqual(["Seat 1 is yours.", 1]);
  });
});

describe("streaming", () => {
  it("takes the answer of OpenAI's Responses API, which has a status instead of a finish reason", async () => {
    const events = [
      { type: "response.created", response: { id: "r1", model: "gpt-x", status: "in_progress", output: [] } },
      { type: "response.output_text.delta", output_index: 0, content_index: 0, delta: "Hello", item_id: "m1" },
      {
        type: "response.completed",
        response: {
          id: "r1",
          object: "response",
          model: "gpt-x",
          status: "completed",
          output: [],
          usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 },
        },
      },
    ];
    const responses = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join(""));
    }).listen(0, "127.0.0.1");
    await new Promise((resolve) => responses.once("listening", resolve));
    const baseURL = `http://127.0.0.1:${(responses.address() as AddressInfo).port}/v1`;
    const model = new ChatOpenAI({ model: "gpt-x", apiKey: "none", useResponsesApi: true, configuration: { baseURL } });
    const graph = createFallback({
      models: { m: { model, firstTokenTimeout: 5_000, retry: false }, b: saying("B") },
    }).compile();
    expect(await graph.invoke({ messages: "Hi" })).toMatchObject({ modelUsed: "m" });
    responses.close();
  });

  it("says which tokens of an agent are void", async () => {
    server.reply("cut", failWith.cut({ afterChunks: 2 }));
    const graph = createFallback({
      models: { agent: createAgent({ model: openai("cut"), tools: [] }), b: openai("whole") },
    }).compile();
    const shown = new Set<string>();
    const discarded = new Set<string>();
    for await (const [, mode, chunk] of await graph.stream(
      { messages: "Hi" },
      { streamMode: ["messages", "custom"], subgraphs: true },
    )) {
      if (mode === "custom") discarded.add((chunk as unknown as { messageId: string }).messageId);
      else if ((chunk as unknown as [AIMessageChunk])[0].text !== "")
        shown.add((chunk as unknown as [AIMessageChunk])[0].id!);
    }
    expect([...shown].filter((id) => !discarded.has(id))).toHaveLength(1);
    expect(shown.size).toBeGreaterThan(1);
  }, 600_000);
});

describe("the rest of a run", () => {
  it("does not wait for a slot once the outcome is certain", async () => {
    server.reply("busy", { fault: "hang" });
    const busy = { model: openai("busy"), limit: { concurrency: 1 } };
    const stop = new AbortController();
    const other = createFallback({ models: { busy } }).compile().invoke({ messages: "Hi" }, { signal: stop.signal });
    other.catch(() => {});
    await server.received(1);
    const result = await createEnsemble({
      models: { a: saying("yes"), b: saying("yes"), busy },
      aggregate: majorityVote(),
    })
      .compile()
      .invoke({ messages: "Hi" });
    expect(result.aggregate?.votes).toEqual({ yes: 2 });
    stop.abort();
  });

  it("lets a model without tools judge and classify in text", async () => {
    const refusing =
      (text: string) =>
      ({ body }: { body: { tools?: unknown } }) =>
        body.tools === undefined
          ? text
          : ({ error: { status: 400, message: "this model does not support tools" } } as const);
    server.reply("judge", refusing("Score: 3"));
    server.reply("router", refusing("b"));
    const models = { a: saying("A"), b: saying("B") };
    const judged = await createCascade({ models, verify: judgeWith(openai("judge")), judgeLast: true })
      .compile()
      .invoke({ messages: "Hi" });
    expect(judged).toMatchObject({ modelUsed: "b", verdict: { pass: false, score: 0.3 } });
    expect(server.requests).toHaveLength(3);
    const routed = await createRouter({
      models: { a: saying(), b: saying("B") },
      route: classifyWith(openai("router")),
    })
      .compile()
      .invoke({ messages: "Hi" });
    expect(routed.modelUsed).toBe("b");
  });

  it("says the default response when the fallback of an ensemble fails too", async () => {
    const bad = () => ({ model: saying(httpError(500)), retry: false }) as const;
    const options = { aggregate: longest(), fallback: bad(), defaultResponse: "Later." };
    expect(
      (
        await createEnsemble({ models: { a: bad() }, ...options })
          .compile()
          .invoke({ messages: "Hi" })
      ).modelUsed,
    ).toBe("default_response");
  });

  it("keeps the ledger of a run that a route or verifier ended", async () => {
    const route = async ({ ask, messages }: Parameters<ReturnType<typeof classifyWith>>[0]) => {
      await ask(messages, { model: saying("paid") });
      throw new TypeError("my bug");
    };
    const error = await createRouter({ models: { a: saying() }, route: route as never })
      .compile()
      .invoke({ messages: "Hi" })
      .catch((failed) => failed);
    expect(callsOf(error)).toMatchObject([{ path: "router", status: "ok" }]);
  });

  it("tells two runs over one message object apart", async () => {
    const price = { input: 1, output: 1 };
    const usage_metadata = { input_tokens: 10, output_tokens: 5, total_tokens: 15 };
    const answer = () => new AIMessage({ content: "A", usage_metadata });
    const graph = createFallback({ models: { a: { model: saying(answer(), answer()), price } } }).compile();
    const message = new HumanMessage("Hi");
    const runs = [await graph.invoke({ messages: [message] }), await graph.invoke({ messages: [message] })];
    expect(
      savings(
        runs.flatMap(({ calls }) => calls),
        { against: price },
      ).savedPercent,
    ).toBeCloseTo(0, 9);
  });
});
