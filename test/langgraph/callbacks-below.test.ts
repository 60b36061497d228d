import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type CallbackManager, CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { describe, expect, it, vi } from "vitest";
import { callbacksBelow, withoutHiding } from "../../src/langgraph/callbacks-below.js";

const handler = (name: string, more: object = {}) =>
  Object.assign(BaseCallbackHandler.fromMethods({ handleChainStart: () => {}, handleLLMNewToken: () => {} }), {
    name,
    ...more,
  });

/** The run of a chat model, as LangChain makes it. */
const runWith = (handlers: BaseCallbackHandler[], tags: string[] = [], metadata: Record<string, unknown> = {}) =>
  new CallbackManagerForLLMRun("run", handlers, handlers, tags, tags, metadata, metadata);

const below = (...given: Parameters<typeof runWith>) => callbacksBelow(runWith(...given)) as CallbackManager;

describe("callbacksBelow", () => {
  it("makes what runs below a child of the run, with its metadata but without the marks of the model above", () => {
    const manager = below([], [], { tenant: "x", ls_provider: "agent", ls_agent_type: "root", lc_agent_name: "boss" });
    expect(manager.getParentRunId()).toBe("run");
    expect(manager.inheritableMetadata).toEqual({ tenant: "x" });
    expect(manager.metadata).toEqual({ tenant: "x" });
  });

  it("hands tags down, and not those that hide", () => {
    const manager = below([], ["blue", "nostream", "langsmith:nostream"]);
    expect([manager.tags, manager.inheritableTags]).toEqual([["blue"], ["blue"]]);
  });

  it("reports runs to a user's handler and no tokens, and leaves out those of LangGraph that show tokens", () => {
    const shown = ["StreamMessagesHandler", "StreamProtocolMessagesHandler"].map((name) => handler(name));
    const prefer = { lc_prefer_streaming: true, lc_prefer_chat_model_stream_events: true };
    const { handlers } = below([...shown, handler("mine", prefer)]);
    expect(handlers.map(({ name }) => name)).toEqual(["mine"]);
    const [mine] = handlers as unknown as Record<string, unknown>[];
    expect(mine).toMatchObject({ handleChainStart: expect.any(Function), lc_prefer_streaming: false });
    expect([mine!.handleLLMNewToken, mine!.lc_prefer_chat_model_stream_events]).toEqual([undefined, false]);
  });

  it.each(["multimodel_ledger", "langchain_tracer"])("shows tokens to %s, which sees runs whole", (name) => {
    const own = handler(name);
    expect(below([own]).handlers).toEqual([own]);
    expect(below([own]).handlers[0]).toBe(own);
  });

  it("calls a user's handler as its own method", () => {
    const seen = vi.fn(function (this: unknown) {
      return this;
    });
    const own = handler("mine", { handleLLMEnd: seen });
    const [view] = below([own]).handlers as unknown as [{ handleLLMEnd(): unknown }];
    expect(view.handleLLMEnd()).toBe(own);
  });

  it("is nothing where there is neither a run nor a handler", () => {
    expect(callbacksBelow(undefined)).toBeUndefined();
    const own = handler("mine");
    expect(callbacksBelow(undefined, own)).toEqual([own]);
  });
});

describe("withoutHiding", () => {
  it("leaves out the tags that hide tokens", () => {
    expect(withoutHiding(["a", "nostream", "langsmith:nostream", "b"])).toEqual(["a", "b"]);
  });
});
