import { subscribe as listen, unsubscribe as unlisten } from "node:diagnostics_channel";
import { AIMessage } from "@langchain/core/messages";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { interrupt, MemorySaver } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import { createCascade, createFallback, type DecisionEvent, type ModelCall, subscribe } from "../../src/index.js";

const says = (text: string) => new FakeListChatModel({ responses: [text] });
const fails = () =>
  Object.assign(new FakeListChatModel({ responses: [""] }), {
    _generate: async () => {
      throw Object.assign(new Error("down"), { status: 500 });
    },
  });

describe("subscribe", () => {
  it("reports each call and decision of a run once, also nested ones, as they stand in the ledger", async () => {
    const calls: ModelCall[] = [];
    const decisions: DecisionEvent[] = [];
    const end = subscribe({ onCall: (call) => calls.push(call), onDecision: (decision) => decisions.push(decision) });
    const inner = createFallback({ models: { down: { model: fails(), retry: false }, up: says("yes") } });
    const run = await createCascade({ models: { inner, large: says("large") }, verify: () => ({ pass: true }) })
      .compile()
      .invoke({ messages: "Hi" });
    end();
    await createFallback({ models: { a: says("later") } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(calls).toEqual(run.calls);
    expect(decisions.map(({ turnId: _turn, ...decision }) => decision)).toEqual(run.decisions);
    expect(new Set(decisions.map(({ turnId }) => turnId))).toEqual(new Set([run.calls[0]!.turnId]));
  });

  it("publishes on the channels of Node too", async () => {
    const heard: unknown[] = [];
    const listener = (message: unknown) => heard.push((message as ModelCall).path);
    listen("langgraph-multimodel:call", listener);
    await createFallback({ models: { a: says("yes") } })
      .compile()
      .invoke({ messages: "Hi" });
    unlisten("langgraph-multimodel:call", listener);
    await createFallback({ models: { a: says("yes") } })
      .compile()
      .invoke({ messages: "Hi" });
    expect(heard).toEqual(["a"]);
  });

  it("ends no run because of a subscriber that throws, and warns", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const end = subscribe({
      onCall: () => {
        throw new Error("alert is broken");
      },
    });
    const run = await createFallback({ models: { a: says("yes") } })
      .compile()
      .invoke({ messages: "Hi" });
    end();
    expect(run.messages.at(-1)!.text).toBe("yes");
    expect(warn.mock.calls.map(([warning]) => String(warning))).toEqual(["Error: alert is broken"]);
    warn.mockRestore();
  });

  it("warns of a subscriber whose promise rejects, which would end the process", async () => {
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const end = subscribe({ onCall: async () => Promise.reject(new Error("pager is down")) });
    await createFallback({ models: { a: says("yes") } })
      .compile()
      .invoke({ messages: "Hi" });
    end();
    expect(warn.mock.calls.map(([warning]) => String(warning))).toEqual(["Error: pager is down"]);
    warn.mockRestore();
  });

  it("does not report a call that an interrupt paused until it ends", async () => {
    const calls: ModelCall[] = [];
    const end = subscribe({ onCall: (call) => calls.push(call) });
    const asks = Object.assign(new FakeListChatModel({ responses: [""] }), {
      _generate: async () => {
        const text = String(interrupt("which?"));
        return { generations: [{ text, message: new AIMessage(text) }] };
      },
    });
    const graph = createFallback({ models: { asks } }).compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" } };
    await graph.invoke({ messages: "Hi" }, config);
    expect(calls).toEqual([]);
    end();
  });

  it("refuses unknown names and what is no function", () => {
    expect(() => subscribe({ onCal: () => {} } as never)).toThrow(/onCall/);
    expect(() => subscribe({ onCall: "log" } as never)).toThrow(/give a function/);
    expect(() => subscribe(undefined as never)).toThrow(/give functions/);
  });
});
