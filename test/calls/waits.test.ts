import { describe, expect, it } from "vitest";
import { createFallback, type ModelCall } from "../../src/index.js";
import { ledgerTable } from "../../src/notebook/index.js";
import { failWith } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();
const Q = { messages: "Hi" };
const waitsOf = (calls: readonly ModelCall[]) => calls.map(({ retryWaitMs, queuedMs }) => ({ retryWaitMs, queuedMs }));
const none = { retryWaitMs: undefined, queuedMs: undefined };

describe("waits in the ledger", () => {
  it("says how long a call waited for a retry, and for room under its limit", async () => {
    server.reply("a", failWith.server(), { text: "one", delayMs: 60 }, "two");
    const model = { model: openai("a"), limit: { concurrency: 1 }, retry: { backoff: [30] } };
    const graph = createFallback({ models: { a: model } }).compile();
    const [first, second] = await Promise.all([graph.invoke(Q), graph.invoke(Q)]);
    const [failed, ...rest] = [...first.calls, ...second.calls].toSorted(
      (one, other) => one.startedAt - other.startedAt,
    );
    expect(waitsOf([failed!])).toEqual([none]);
    const retried = rest.find(({ attempt }) => attempt === 2)!;
    expect(retried.retryWaitMs).toBeGreaterThanOrEqual(29);
    const queued = rest.filter(({ queuedMs = 0 }) => queuedMs > 0);
    expect(queued.length).toBeGreaterThan(0);
    expect(ledgerTable(rest)).toContain(">waited ms<");
    expect(ledgerTable(rest, { latency: false })).not.toContain(">waited ms<");
    expect(ledgerTable([failed!])).not.toContain(">waited ms<");
  });

  it("counts the wait of a chain for the model that recovers first", async () => {
    server.reply("a", failWith.rateLimit({ retryAfter: "0.5" }), "yes");
    server.reply("b", failWith.rateLimit({ retryAfter: "40" }));
    const { calls } = await createFallback({ models: { a: openai("a"), b: openai("b") } })
      .compile()
      .invoke(Q);
    expect(calls.map(({ path, status }) => `${path} ${status}`)).toEqual(["a error", "b error", "a ok"]);
    expect(waitsOf(calls).slice(0, 2)).toEqual([none, none]);
    expect(calls[2]!.retryWaitMs).toBeGreaterThan(0);
  });

  it("is that of one request only, when a pool goes on to another client", async () => {
    server.reply("a", failWith.server(), failWith.quota(), "yes");
    const { calls } = await createFallback({
      models: { a: { clients: [openai("a"), openai("a")], retry: { backoff: [20] } } },
    })
      .compile()
      .invoke(Q);
    expect(calls.map(({ attempt, status }) => [attempt, status])).toEqual([
      [1, "error"],
      [2, "error"],
      [2, "ok"],
    ]);
    expect(waitsOf([calls[0]!, calls[2]!])).toEqual([none, none]);
    expect(calls[1]!.retryWaitMs).toBeGreaterThanOrEqual(19);
  });
});
