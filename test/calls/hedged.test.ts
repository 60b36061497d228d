import type { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  createCascade,
  createFallback,
  exactCache,
  InvalidModelError,
  InvalidOptionError,
  judgeWith,
  type ModelEntry,
  totalCost,
} from "../../src/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai, gemini, client } = useLoopback();

beforeEach(() => vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"], shouldAdvanceTime: true }));
afterEach(() => vi.useRealTimers());

const eager = (entry: Partial<ModelEntry> = {}): ModelEntry => ({
  model: openai("gpt-4o-mini"),
  hedge: { afterMs: 60_000, maxExtra: 1 },
  retry: false,
  ...entry,
});
const alone = (entry: ModelEntry) => createFallback({ models: { small: entry } }).compile();
const Q = { messages: "Is 91 prime?" };
/** Starts a run, and lets the time pass after which its request is sent a second time. */
async function twice<Result>(run: Promise<Result>, arrived = 1): Promise<Result> {
  run.catch(() => {});
  await server.received(arrived);
  await vi.advanceTimersByTimeAsync(60_000);
  return run;
}
const lastText = ({ messages }: { readonly messages: readonly unknown[] }) => (messages.at(-1) as AIMessage).text;
/** Holds a reply back until there is a second request. */
const afterSecond = (text: string) => async () => {
  await server.received(2);
  return text;
};
const streamed = async (graph: ReturnType<typeof alone>) => {
  const chunks: AIMessageChunk[] = [];
  const events: unknown[] = [];
  let state: Awaited<ReturnType<typeof graph.invoke>> | undefined;
  for await (const [mode, part] of await graph.stream(Q, { streamMode: ["messages", "custom", "values"] })) {
    if (mode === "messages") chunks.push(part[0] as AIMessageChunk);
    else if (mode === "custom") events.push(part);
    else state = part;
  }
  const ids = new Set(chunks.map(({ id }) => id));
  return { text: chunks.map(({ text }) => text).join(""), ids, events, state: state! };
};

describe.each(["ChatOpenAI", "ChatGoogleGenerativeAI"] as const)("hedge, over %s", (provider) => {
  const hedgedClient = () => eager({ model: client(provider, "model") });

  it("takes the answer of the second request, and aborts the first", async () => {
    server.reply("model", { fault: "hang" }, "No.");
    const result = await twice(alone(hedgedClient()).invoke(Q));
    await server.settled();
    expect(lastText(result)).toBe("No.");
    expect(server.requests.map(({ aborted }) => aborted)).toEqual([true, false]);
    expect(result.calls).toMatchObject([{ status: "cancelled" }, { status: "ok", hedge: true }]);
    expect(result.calls[0]!.latencyMs).toBeGreaterThanOrEqual(0);
    expect(result.decisions).toMatchObject([
      {
        kind: "hedge",
        chosen: "small",
        reason: "sent twice, since there was no answer after 60000 ms: the second request answered first",
      },
    ]);
  });

  it("streams one of the two only, and reports nothing as discarded", async () => {
    server.reply("model", { fault: "hang" }, "No, it is seven times thirteen.");
    const { text, ids, events, state } = await twice(streamed(alone(hedgedClient())));
    expect(text).toBe("No, it is seven times thirteen.");
    expect([ids.size, events]).toEqual([1, []]);
    expect(ids.has((state.messages.at(-1) as AIMessage).id)).toBe(true);
    expect(state.calls).toMatchObject([{ status: "cancelled" }, { status: "ok" }]);
  });
});

describe("hedge", () => {
  it("takes the answer of the first request if it comes first, and aborts the second", async () => {
    server.reply("gpt-4o-mini", afterSecond("No."), { fault: "hang" });
    const result = await twice(alone(eager()).invoke(Q));
    await server.settled();
    expect(lastText(result)).toBe("No.");
    expect(result.calls).toMatchObject([{ status: "ok" }, { status: "cancelled", hedge: true }]);
    expect(result.calls[0]).not.toHaveProperty("hedge");
    expect(server.requests.map(({ aborted }) => aborted)).toEqual([false, true]);
    expect(result.decisions).toMatchObject([{ reason: expect.stringContaining("the first request answered first") }]);
  });

  it("bills the request that lost as far as it is known", async () => {
    server.reply("gpt-4o-mini", { fault: "hang" }, "No.");
    const { calls } = await twice(alone(eager()).invoke(Q));
    const [lost, won] = calls;
    expect(lost).toMatchObject({ estimated: true, usage: { outputTokens: 0 } });
    expect(lost!.costUsd).toBeGreaterThan(0);
    expect(totalCost(calls)).toBeCloseTo(lost!.costUsd! + won!.costUsd!, 12);
  });

  it("waits for the other request when one fails", async () => {
    server.reply("gpt-4o-mini", afterSecond("No."), { error: { status: 500 } });
    expect((await twice(alone(eager()).invoke(Q))).calls).toMatchObject([{ status: "ok" }, { status: "error" }]);
    server.reply(
      "gemini-2.0-flash",
      async () => {
        await server.received(4);
        return { error: { status: 500 } };
      },
      "Yes.",
    );
    const other = await twice(alone(eager({ model: gemini("gemini-2.0-flash") })).invoke(Q), 3);
    expect(lastText(other)).toBe("Yes.");
  });

  it("moves on to the next model when both fail", async () => {
    server.reply("gpt-4o-mini", async () => {
      await server.received(2);
      return { error: { status: 500 } };
    });
    server.reply("gpt-4o", "No.");
    const graph = createFallback({ models: { small: eager(), large: openai("gpt-4o") } }).compile();
    const result = await twice(graph.invoke(Q));
    expect(result.modelUsed).toBe("large");
    expect(result.calls.map(({ status }) => status)).toEqual(["error", "error", "ok"]);
    expect(result.decisions[0]).toMatchObject({
      kind: "hedge",
      reason: expect.stringContaining("neither gave an answer"),
    });
  });

  it("retries each of the two as the entry says", async () => {
    server.reply("gpt-4o-mini", { fault: "hang" }, { error: { status: 500 } }, "No.");
    const result = await twice(alone(eager({ retry: { backoff: [0] } })).invoke(Q));
    expect(lastText(result)).toBe("No.");
    expect(result.calls).toMatchObject([
      { status: "cancelled", attempt: 1 },
      { status: "error", attempt: 1, hedge: true },
      { status: "ok", attempt: 2, hedge: true },
    ]);
  });

  it("does not ask again a stream that has begun to be shown", async () => {
    let finish = (_end: object) => {};
    const graph = alone(eager());
    server.reply("gpt-4o-mini", { fault: "hang", text: "Ninety one is", afterChunks: 2 });
    const stop = new AbortController();
    const run = async () => {
      for await (const [chunk] of await graph.stream(Q, { streamMode: "messages", signal: stop.signal })) {
        if (chunk.text !== "") finish(chunk);
      }
    };
    const shown = new Promise<object>((resolve) => {
      finish = resolve;
    });
    const ended = run().catch(() => {});
    await shown;
    await vi.advanceTimersByTimeAsync(60_000);
    stop.abort();
    await ended;
    expect(server.requests).toHaveLength(1);
  });

  it("shows the request that streams first, also when the other one has tokens later", async () => {
    const slow = { text: "slow answer", chunks: 5, chunkDelayMs: 3 };
    server.reply(
      "gpt-4o-mini",
      async () => {
        await server.received(2);
        return slow;
      },
      { text: "fast reply", chunks: 5, chunkDelayMs: 3 },
    );
    const { text, ids, events, state } = await twice(streamed(alone(eager())));
    expect(["slow answer", "fast reply"]).toContain(text);
    expect(lastText(state)).toBe(text);
    expect([ids.size, events]).toEqual([1, []]);
    expect(state.calls.map(({ status }) => status).sort()).toEqual(["cancelled", "ok"]);
  });

  it("falls back with a discard event when the shown request is cut", async () => {
    server.reply("gpt-4o-mini", { fault: "hang" }, { fault: "cut", text: "Ninety one is", afterChunks: 2 });
    server.reply("gpt-4o", "No.");
    const models = { small: eager(), large: openai("gpt-4o") };
    const { events, state } = await twice(streamed(createFallback({ models }).compile() as ReturnType<typeof alone>));
    expect(events).toMatchObject([{ type: "attempt_discarded", path: "small" }]);
    expect(lastText(state)).toBe("No.");
  });

  it("hedges judges", async () => {
    server.reply("judge", { fault: "hang" }, '{"score": 9}');
    server.reply("draft", "No.");
    const verify = judgeWith(eager({ model: openai("judge") }));
    const models = { draft: openai("draft"), large: openai("gpt-4o") };
    const { calls } = await twice(createCascade({ models, verify }).compile().invoke(Q), 2);
    expect(calls).toMatchObject([
      { role: "answer", status: "ok" },
      { role: "judge", status: "cancelled" },
      { role: "judge", status: "ok", hedge: true },
    ]);
  });

  it("ends both requests with an abort of the run", async () => {
    server.reply("gpt-4o-mini", { fault: "hang" });
    const stop = new AbortController();
    const run = twice(alone(eager()).invoke(Q, { signal: stop.signal }));
    run.catch(() => {});
    await server.received(2);
    stop.abort(new Error("the user left"));
    await expect(run).rejects.toThrow();
    await server.settled();
    expect(server.requests.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it("is not asked again by percentile while too few calls are known", async () => {
    const graph = alone(eager({ hedge: { percentile: 0.5, maxExtra: 1 } }));
    for (let index = 0; index < 9; index++) await graph.invoke(Q);
    expect(server.requests).toHaveLength(9);
    await graph.invoke(Q); // the tenth
    await server.settled();
    server.reply("gpt-4o-mini", { fault: "hang" }, "No.");
    const before = server.requests.length;
    expect(lastText(await graph.invoke(Q))).toBe("No.");
    expect(server.requests.length).toBe(before + 2);
  });

  it("asks a second time once only at first, however many calls are slow", async () => {
    server.reply("gpt-4o-mini", { fault: "hang" }, "No.", { fault: "hang" });
    const graph = alone(eager({ hedge: { afterMs: 60_000 } }));
    await twice(graph.invoke(Q));
    const stop = new AbortController();
    const run = twice(graph.invoke(Q, { signal: stop.signal }), 3);
    await server.received(3);
    await vi.advanceTimersByTimeAsync(120_000);
    stop.abort();
    await expect(run).rejects.toThrow();
    expect(server.requests).toHaveLength(3);
  });

  it("asks no second time while its model cools down", async () => {
    let answer = (_text: string) => {};
    const held = new Promise<string>((resolve) => {
      answer = resolve;
    });
    server.reply("gpt-4o-mini", () => held, { error: { kind: "rate_limit", retryAfter: "60" } });
    const graph = alone(eager());
    const run = graph.invoke(Q);
    await server.received(1);
    await expect(graph.invoke({ messages: "Hi" })).rejects.toThrow();
    await vi.advanceTimersByTimeAsync(60_000);
    answer("No.");
    expect(lastText(await run)).toBe("No.");
    expect(server.requests).toHaveLength(2);
  });

  it("is behind the cache", async () => {
    server.reply("gpt-4o-mini", { fault: "hang" }, "No.");
    const graph = alone(eager({ cache: exactCache({ ttlMs: 60_000 }) }));
    await twice(graph.invoke(Q));
    expect((await graph.invoke(Q)).calls).toMatchObject([{ status: "cached" }]);
    expect(server.requests).toHaveLength(2);
  });

  it("is refused on a graph, and without a time", () => {
    const inner = createFallback({ models: { small: openai("gpt-4o-mini") } });
    expect(() => alone(eager({ model: inner }))).toThrow(InvalidModelError);
    const wrong = [
      {},
      { afterMs: 0 },
      { percentile: 1 },
      { afterMs: 1, percentile: 0.5 },
      { afterMs: 1, maxExtra: 0 },
      { after: 1 },
      { afterMs: "800" },
      { percentile: "0.9" },
      { afterMs: 1, maxExtra: "0.5" },
      true,
    ];
    for (const hedge of wrong) expect(() => alone(eager({ hedge: hedge as never }))).toThrow(InvalidOptionError);
  });
});
