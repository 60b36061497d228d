import { AIMessage, type BaseMessage, HumanMessage } from "@langchain/core/messages";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Ledger } from "../../src/ledger/ledger.js";
import type { ModelCall, Price } from "../../src/ledger/model-call.js";
import type { Decision } from "../../src/state/decision.js";
import { LedgerHandler } from "../../src/tracing/ledger-handler.js";
import { callOf } from "../ledger/calls.js";

interface Fields {
  readonly price?: Price | null;
  readonly signal?: AbortSignal;
  readonly given?: readonly BaseMessage[];
}
function listening({ price, signal = new AbortController().signal, given = [] }: Fields = {}) {
  const ledger = new Ledger();
  const { calls } = ledger;
  const decided: Decision[] = [];
  const handler = new LedgerHandler({
    path: "team/agent",
    node: "agent",
    turnId: "t",
    role: "answer",
    price,
    signal,
    note: (call: ModelCall) => ledger.note(call),
    decided: (decision) => decided.push(decision),
    known: ledger,
    given,
  });
  const start = (metadata: Record<string, unknown> = {}, runId = "run") =>
    handler.handleChatModelStart({} as never, [[new HumanMessage("12345678")]], runId, undefined, {}, [], metadata);
  const end = (message: AIMessage, runId = "run") =>
    handler.handleLLMEnd({ generations: [[{ text: message.text, message } as never]] }, runId);
  const token = () => handler.handleLLMNewToken("a", { prompt: 0, completion: 0 }, "run");
  return { handler, calls, decided, start, end, token };
}
const usage_metadata = { input_tokens: 100, output_tokens: 50, total_tokens: 150 };
const answer = (id: string, fields: object = { usage_metadata }) => new AIMessage({ content: "Hi", id, ...fields });
const price = { input: 1, output: 2 };

describe("LedgerHandler", () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 5_000 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("writes a line as a call begins, and completes it as it ends", () => {
    const { calls, start, end, token } = listening({ price });
    start({ ls_model_name: "gpt-4o-mini", langgraph_node: "model_request" });
    expect(calls).toMatchObject([{ status: "cancelled", estimated: true, usage: { inputTokens: 2, outputTokens: 0 } }]);
    vi.advanceTimersByTime(30);
    token();
    vi.advanceTimersByTime(70);
    token();
    end(answer("1"));
    expect(calls).toEqual([
      {
        id: expect.any(String),
        turnId: "t",
        path: "team/agent/model_request",
        node: "agent",
        model: "gpt-4o-mini",
        role: "answer",
        status: "ok",
        attempt: 1,
        startedAt: 5_000,
        latencyMs: 100,
        timeToFirstTokenMs: 30,
        usage: { inputTokens: 100, outputTokens: 50 },
        price,
        costUsd: 0.0002,
      },
    ]);
  });

  it("looks the price up by the model that is called, unless the entry names one or says it is unknown", () => {
    for (const [given, costUsd] of [
      [undefined, (100 * 0.15 + 50 * 0.6) / 1e6],
      [price, 0.0002],
      [null, null],
    ] as const) {
      const { calls, start, end } = listening({ price: given });
      start({ ls_model_name: "gpt-4o-mini" });
      end(answer("1"));
      expect(calls[0]?.costUsd).toBe(costUsd);
    }
  });

  it("estimates the tokens of a client that reports none, and says so", () => {
    const { calls, start, end } = listening({ price });
    start();
    end(new AIMessage("123456789"));
    expect(calls[0]).toMatchObject({ estimated: true, usage: { inputTokens: 2, outputTokens: 3 }, costUsd: 8 / 1e6 });
  });

  it("bills nothing for a request that was rejected, and redacts what the provider said", () => {
    const { handler, calls, start } = listening({ price });
    start();
    handler.handleLLMError(Object.assign(new Error("bad key sk-abcdefghijkl"), { status: 401 }), "run");
    expect(calls[0]).toMatchObject({
      status: "error",
      costUsd: 0,
      error: { name: "Error", class: "authentication", status: 401, message: "bad key [redacted]" },
    });
    expect(calls[0]).not.toHaveProperty("usage");
    expect(calls[0]).not.toHaveProperty("estimated");
  });

  it("bills the prompt of a call that was cut or timed out", () => {
    for (const [tokens, error, status] of [
      [1, new TypeError("terminated"), "error"],
      [0, new DOMException("late", "TimeoutError"), "timeout"],
    ] as const) {
      const { handler, calls, start, token } = listening({ price });
      start();
      for (let sent = 0; sent < tokens; sent++) token();
      handler.handleLLMError(error, "run");
      expect(calls[0]).toMatchObject({ status, estimated: true, usage: { inputTokens: 2 }, costUsd: 2 / 1e6 });
    }
  });

  it.each(["boom", undefined, Object.create(null)])("writes down that %o was thrown", (thrown) => {
    const { handler, calls, start } = listening();
    start();
    handler.handleLLMError(thrown, "run");
    expect(calls[0]).toMatchObject({ status: "error", error: { class: "unknown", message: expect.any(String) } });
  });

  it("leaves what was stopped as cancelled, whatever its client says then", () => {
    const stop = new AbortController();
    const { handler, calls, start, end } = listening({ price, signal: stop.signal });
    start({}, "one");
    start({}, "two");
    stop.abort();
    handler.handleLLMError(new DOMException("aborted", "AbortError"), "one");
    end(answer("late"), "two");
    expect(calls.map(({ status, error }) => ({ status, error }))).toEqual([
      { status: "cancelled" },
      { status: "cancelled" },
    ]);
  });

  it("keeps calls apart that run at once, and ignores runs it did not see begin", () => {
    const { handler, calls, start, end } = listening({ price });
    start({ ls_model_name: "a" }, "one");
    start({ ls_model_name: "b" }, "two");
    end(answer("2"), "two");
    end(answer("3"), "three");
    handler.handleLLMError(new Error("four"), "four");
    expect(calls.map(({ model, status }) => [model, status])).toEqual([
      ["a", "cancelled"],
      ["b", "ok"],
    ]);
  });

  it("accounts for an answer no callback told of, and not twice for one it saw", () => {
    const { handler, calls, start, end } = listening({ price });
    start();
    end(answer("seen"));
    const unseen = answer("unseen", { usage_metadata, response_metadata: { model_name: "gpt-4o" } });
    handler.addUnreported([answer("seen"), new HumanMessage("tool result"), unseen]);
    expect(calls).toHaveLength(2);
    expect(calls[1]).toMatchObject({ path: "team/agent", model: "gpt-4o", status: "ok", costUsd: 0.0002 });
  });

  it("estimates the one answer of a runnable that is no chat model", () => {
    const { handler, calls } = listening({ price });
    handler.addUnreported([new AIMessage("12345678")], { called: true });
    expect(calls).toMatchObject([{ status: "ok", estimated: true, usage: { inputTokens: 0, outputTokens: 2 } }]);
  });

  it("invents no call for a message that a function gave", () => {
    const { handler, calls } = listening({ price });
    handler.addUnreported([new AIMessage("I am a function")]);
    expect(calls).toEqual([]);
  });

  it("takes over the ledger a message carries, once, as part of this run", () => {
    const carried = [callOf({ id: "1", turnId: "before" }), callOf({ id: "2", turnId: "before" })];
    const decisions = [{ node: "a", kind: "route", chosen: "b", reason: "-" }];
    const message = answer("x", {
      usage_metadata,
      response_metadata: { orchestration: { costUsd: 1, ledger: { calls: carried, decisions } } },
    });
    const { handler, calls, decided, start } = listening({ price });
    handler.handleChatModelStart({} as never, [[message]], "run");
    start({ ls_model_name: "gpt-4o-mini" }, "next");
    handler.addUnreported([message]);
    expect(calls.map(({ id, turnId }) => [id, turnId]).slice(0, 2)).toEqual([
      ["1", "t"],
      ["2", "t"],
    ]);
    expect(calls.filter(({ id }) => id === "1" || id === "2")).toHaveLength(2);
    expect(decided).toEqual(decisions);
  });

  it("takes over nothing of the conversation it was given", () => {
    const ledger = { calls: [callOf()], decisions: [] };
    const message = answer("x", { usage_metadata, response_metadata: { orchestration: { costUsd: 1, ledger } } });
    const { handler, calls } = listening({ price, given: [message] });
    handler.handleChatModelStart({} as never, [[message]], "run", undefined, {}, [], { multimodel_path: "a" });
    expect(calls).toEqual([]);
  });

  it("writes a whole run in one line, at its own cost, where nothing else is known of it", () => {
    const response_metadata = { model_name: "gpt-4o", orchestration: { modelUsed: "large", costUsd: 0.5 } };
    const { handler, calls } = listening();
    handler.addUnreported([answer("x", { usage_metadata, response_metadata })]);
    expect(calls).toMatchObject([{ model: "agent", costUsd: 0.5, summed: true, usage: { inputTokens: 100 } }]);
    expect(calls[0]).not.toHaveProperty("price");
  });

  it("ends what is still out with the word it is given", () => {
    const { handler, calls, start, end } = listening({ price });
    start({}, "one");
    start({}, "two");
    end(answer("1"), "one");
    vi.advanceTimersByTime(40);
    handler.close("timeout");
    end(answer("late"), "two");
    expect(calls.map(({ status, latencyMs }) => [status, latencyMs])).toEqual([
      ["ok", 0],
      ["timeout", 40],
    ]);
  });
});
