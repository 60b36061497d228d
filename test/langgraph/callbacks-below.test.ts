import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { type CallbackManager, CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { AIMessage, AIMessageChunk } from "@langchain/core/messages";
import { ChatGenerationChunk } from "@langchain/core/outputs";
import { LangChainTracer } from "@langchain/core/tracers/tracer_langchain";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { type LangGraphRunnableConfig, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import {
  callbacksBelow,
  hidingTag,
  runStreams,
  tokenCallbacks,
  withoutHiding,
  withoutMessages,
} from "../../src/langgraph/callbacks-below.js";

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

/** A graph of one node, which returns what it is made with. */
const graphOf = (node: (config: LangGraphRunnableConfig) => Promise<object>) =>
  new StateGraph(MessagesAnnotation)
    .addNode("node", (_state, config) => node(config))
    .addEdge(START, "node")
    .compile();

/** What a stream of messages shows of a graph. */
async function shownBy(graph: ReturnType<typeof graphOf>): Promise<string[]> {
  const shown: string[] = [];
  const stream = await graph.stream({ messages: "Q" }, { streamMode: "messages", subgraphs: true });
  for await (const [, [message]] of stream as unknown as AsyncIterable<[string[], [AIMessage]]>)
    shown.push(message.text);
  return shown;
}

describe("LangGraph's streams", () => {
  it("show the messages of a nested run, and not once its callbacks are without them", async () => {
    const draft = graphOf(async () => ({ messages: [new AIMessage({ content: "draft", id: "1" })] }));
    const around = (callbacksOf: typeof withoutMessages) =>
      graphOf(async ({ callbacks, ...config }) => {
        await draft.invoke({ messages: "Q" }, { ...config, callbacks: callbacksOf(callbacks) });
        return {};
      });
    expect([await shownBy(around((callbacks) => callbacks)), await shownBy(around(withoutMessages))]).toEqual([
      ["draft"],
      [],
    ]);
  });

  it("show the tokens of a model, and not those of one with the tag that hides", async () => {
    const model = new FakeListChatModel({ responses: ["A"] });
    const tagged = (tags: string[]) =>
      graphOf(async (config) => {
        await model.invoke("Q", { ...config, tags });
        return {};
      });
    expect([await shownBy(tagged([])), await shownBy(tagged([hidingTag]))]).toEqual([["A"], []]);
  });

  it("ask for tokens by their handler, and not for those of a run below a chat model", async () => {
    const streams: boolean[] = [];
    class Model extends FakeListChatModel {
      override _generate(...[messages, options, run]: Parameters<FakeListChatModel["_generate"]>) {
        streams.push(runStreams(callbacksBelow(run)));
        return super._generate(messages, options, run);
      }
    }
    const model = new Model({ responses: ["A"] });
    model.disableStreaming = true;
    const graph = graphOf(async (config) => {
      streams.push(runStreams(config.callbacks));
      await model.invoke("Q", config);
      return {};
    });
    await shownBy(graph);
    expect(streams).toEqual([true, false]);
  });
});

/** Opens a run below that of a chat model. */
function openBelow(run: CallbackManagerForLLMRun) {
  const below = callbacksBelow(run) as CallbackManager;
  return below.handleChainStart({ lc: 1, type: "not_implemented", id: ["below"] }, {});
}

describe("LangChain's handlers", () => {
  it("are known by name: that of traces", () => {
    const tracer = new LangChainTracer();
    expect(below([tracer]).handlers[0]).toBe(tracer); // and no view of it
  });

  it("are known by name: that of event streams, which reads tokens off the output and off the callbacks of a run", async () => {
    class Model extends FakeListChatModel {
      constructor(private readonly callbacksOf: typeof tokenCallbacks) {
        super({ responses: [] });
      }

      override async *_streamResponseChunks(
        ...[_messages, _options, run]: Parameters<FakeListChatModel["_streamResponseChunks"]>
      ) {
        const open = await openBelow(run!);
        const chunk = new ChatGenerationChunk({ text: "A", message: new AIMessageChunk("A") });
        yield chunk;
        const listeners = this.callbacksOf(run);
        await listeners?.handleLLMNewToken("A", undefined, undefined, undefined, undefined, { chunk });
        await open?.handleChainEnd({});
      }
    }
    const tokensOf = async (model: Model) => {
      const tokens: unknown[] = [];
      for await (const { event } of model.streamEvents("Q", { version: "v2" }))
        if (event === "on_chat_model_stream") tokens.push(event);
      return tokens.length;
    };
    expect([await tokensOf(new Model((run) => run)), await tokensOf(new Model(tokenCallbacks))]).toEqual([2, 1]);
  });
});
