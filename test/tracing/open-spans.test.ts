import { FakeListChatModel } from "@langchain/core/utils/testing";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { describe, expect, it, vi } from "vitest";
import { createEnsemble, createFallback, majorityVote } from "../../src/index.js";
import { openTelemetry } from "../../src/tracing/index.js";
import { saying } from "../support/fakes.js";

/** A model that answers only when it is aborted. */
class Hanging extends FakeListChatModel {
  override async _generate(_messages: unknown, options: this["ParsedCallOptions"]): Promise<never> {
    setImmediate(this.begun);
    return new Promise((_, reject) => options.signal?.addEventListener("abort", () => reject(options.signal!.reason)));
  }
  constructor(private readonly begun: () => void = () => {}) {
    super({ responses: ["never"] });
  }
}

/** Spans that have begun and not ended. */
function openSpans() {
  const open = new Map<string, string>();
  const ended: string[] = [];
  const processor: SpanProcessor = {
    onStart: (span) => void open.set(span.spanContext().spanId, span.name),
    onEnd: (span) => {
      open.delete(span.spanContext().spanId);
      ended.push(span.name);
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  };
  const tracerProvider = new BasicTracerProvider({ spanProcessors: [processor] });
  return { open, ended, callbacks: [openTelemetry({ tracerProvider })] };
}

describe("openTelemetry › spans that are open", () => {
  it("end when a run is aborted, with all below it", async () => {
    const { open, ended, callbacks } = openSpans();
    const stop = new AbortController();
    const models = { a: new Hanging(() => stop.abort()), b: new Hanging() };
    const run = createEnsemble({ models, aggregate: majorityVote() })
      .compile()
      .invoke({ messages: "Q" }, { callbacks, signal: stop.signal });
    await expect(run).rejects.toThrow();
    await vi.waitFor(() => expect([...open.values()]).toEqual([]));
    expect(ended).toEqual(expect.arrayContaining(["chat a", "invoke_workflow createEnsemble"]));
  });

  it("end when a model is timed out, and the next one answers", async () => {
    const { open, ended, callbacks } = openSpans();
    const slow = { model: new Hanging(), timeout: 5, retry: false } as const;
    const graph = createFallback({ models: { slow, second: saying("yes") } }).compile();
    expect((await graph.invoke({ messages: "Q" }, { callbacks })).messages.at(-1)!.text).toBe("yes");
    expect([...open.values()]).toEqual([]);
    expect(ended).toEqual(["chat slow", "slow", "chat second", "second", "invoke_workflow createFallback"]);
  });

  it("end with a graph of another's whose call was aborted", async () => {
    const { open, callbacks } = openSpans();
    const stop = new AbortController();
    const model = new Hanging(() => stop.abort());
    const graph = new StateGraph(MessagesAnnotation)
      .addNode("own", async ({ messages }) => ({ messages: [await model.invoke(messages)] }))
      .addEdge(START, "own")
      .compile();
    await expect(graph.invoke({ messages: "Q" }, { callbacks, signal: stop.signal })).rejects.toThrow();
    await vi.waitFor(() => expect([...open.values()]).toEqual([]));
  });

  it("are no failure of a run when an exporter throws", async () => {
    const broken: SpanProcessor = {
      onStart: () => {},
      onEnd: () => {
        throw new Error("exporter is broken");
      },
      forceFlush: async () => {},
      shutdown: async () => {},
    };
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [broken] });
    const logged = vi.spyOn(console, "warn").mockImplementation(() => {}); // LangChain logs errors of callbacks
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const graph = createFallback({ models: { a: saying("yes") } }).compile();
    const run = await graph.invoke({ messages: "Q" }, { callbacks: [openTelemetry({ tracerProvider })] });
    expect(run.messages.at(-1)!.text).toBe("yes");
    expect(warn.mock.calls.map(([warning]) => String(warning))).toContain("Error: exporter is broken");
    warn.mockRestore();
    logged.mockRestore();
  });

  it.each([
    ["tracerProvider", "getTracer"],
    ["meterProvider", "getMeter"],
  ])("are no failure of a run when the %s throws", async (option, method) => {
    const refuse = () => {
      throw new Error("provider is broken");
    };
    const logged = [vi.spyOn(console, "error"), vi.spyOn(console, "warn")].map((each) => each.mockReturnValue());
    const graph = createFallback({ models: { a: saying("yes") } }).compile();
    const callbacks = [openTelemetry({ [option]: { [method]: refuse } } as never)];
    const run = await graph.invoke({ messages: "Q" }, { callbacks });
    expect(run.messages.at(-1)!.text).toBe("yes");
    expect(logged.flatMap(({ mock }) => mock.calls).join()).toContain("provider is broken");
    for (const each of logged) each.mockRestore();
  });

  it("are ended when a meter throws", async () => {
    const refuse = () => {
      throw new Error("meter is broken");
    };
    const instrument = { record: refuse, add: refuse };
    const meter = { createHistogram: () => instrument, createCounter: () => instrument };
    const meterProvider = { getMeter: () => meter } as never;
    const exporter = new InMemorySpanExporter();
    const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    const warn = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
    const graph = createFallback({ models: { a: saying("yes") } }).compile();
    await graph.invoke({ messages: "Q" }, { callbacks: [openTelemetry({ tracerProvider, meterProvider })] });
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toContain("chat a");
    warn.mockRestore();
  });
});
