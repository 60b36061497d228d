import { LangChainInstrumentation } from "@arizeai/openinference-instrumentation-langchain";
import * as managerModule from "@langchain/core/callbacks/manager";
import { CallbackManager } from "@langchain/core/callbacks/manager";
import { createAgent } from "langchain";
import { afterEach, describe, expect, it } from "vitest";
import { asChatModel, createEnsemble, createFallback, createRouter, majorityVote } from "../../src/index.js";
import { instrument, openTelemetry } from "../../src/tracing/index.js";
import { saying } from "../support/fakes.js";
import { drawn, memoryMetrics, memoryTraces, treeOf } from "./support/traced.js";

const untraced: unknown = Reflect.get(CallbackManager, "_configureSync");
const undone: (() => void)[] = [];
afterEach(() => {
  for (const undo of undone.splice(0).reverse()) undo();
});
const instrumented = (options: Parameters<typeof instrument>[0]) => {
  const undo = instrument(options);
  undone.push(undo);
  return undo;
};
const routed = () =>
  createRouter({
    models: {
      team: createEnsemble({ models: { a: saying("yes"), b: saying("yes") }, aggregate: majorityVote() }),
      s: saying("s"),
    },
    route: () => "team",
  }).compile();
const tree = `
invoke_workflow createRouter
  routing_decision [path=router route]
  team
    invoke_workflow createEnsemble
      fan_out
      a
        chat a [path=team/a]
      b
        chat b [path=team/b]
      result_aggregation [path=team/aggregator vote]`.trim();

describe("instrument", () => {
  it("gives spans to two providers, and counts a call once", async () => {
    const [first, second] = [memoryTraces(), memoryTraces()];
    const { meterProvider, collect } = memoryMetrics();
    instrumented({ tracerProvider: first.tracerProvider, meterProvider });
    instrumented({ tracerProvider: second.tracerProvider, meterProvider });
    instrumented({ tracerProvider: second.tracerProvider, meterProvider });
    await routed().invoke({ messages: "Q" });
    for (const { spans } of [first, second]) expect(treeOf(spans().map(drawn))).toBe(tree);
    const [duration] = (await collect()).filter(
      ({ descriptor }) => descriptor.name === "gen_ai.client.operation.duration",
    );
    expect(duration!.dataPoints.map(({ value }) => (value as { count: number }).count)).toEqual([1, 1]);
  });

  it("refuses a second way to the same provider, until the first has ended", () => {
    const { tracerProvider } = memoryTraces();
    const undo = instrumented({ tracerProvider });
    expect(() => instrument({ tracerProvider, content: true })).toThrow(/instrument\.content is true.*has not ended/);
    undo();
    instrumented({ tracerProvider, content: true });
  });

  it("traces graphs, and agents around them, that are given no callbacks, until it is undone", async () => {
    const before = Reflect.get(CallbackManager, "_configureSync");
    const { tracerProvider, spans, reset } = memoryTraces();
    const undo = instrumented({ tracerProvider });
    await routed().invoke({ messages: "Q" });
    expect(treeOf(spans().map(drawn))).toBe(tree);
    reset();
    const model = asChatModel(createFallback({ models: { main: saying("done") } }), { name: "support" });
    await createAgent({ model, tools: [], name: "helper" }).invoke({ messages: "Q" } as never);
    expect(treeOf(spans().map(drawn))).toBe(
      `
invoke_agent helper
  model_request
    invoke_workflow support
      invoke_workflow createFallback
        main
          chat main [path=main]`.trim(),
    );
    reset();
    undo();
    await routed().invoke({ messages: "Q" });
    expect(spans()).toEqual([]);
    expect(Reflect.get(CallbackManager, "_configureSync")).toBe(before);
  });

  it("keeps session and tags of runs without callbacks", async () => {
    const { tracerProvider, spans } = memoryTraces();
    instrumented({ tracerProvider });
    await routed().invoke({ messages: "Q" }, { context: { sessionId: "s-1", tags: ["nightly"] } });
    for (const { attributes } of spans()) {
      expect(attributes).toMatchObject({ "session.id": "s-1", "tag.tags": ["nightly"] });
    }
  });

  it("leaves a run with a handler of its own to that one", async () => {
    const [all, one] = [memoryTraces(), memoryTraces()];
    instrumented({ tracerProvider: all.tracerProvider });
    await routed().invoke({ messages: "Q" }, { callbacks: [openTelemetry({ tracerProvider: one.tracerProvider })] });
    expect([all.spans().length, treeOf(one.spans().map(drawn))]).toEqual([0, tree]);
  });

  it("ends in any order beside another", async () => {
    const [first, second] = [memoryTraces(), memoryTraces()];
    const undoFirst = instrumented({ tracerProvider: first.tracerProvider });
    const undoSecond = instrumented({ tracerProvider: second.tracerProvider });
    undoFirst();
    await routed().invoke({ messages: "Q" });
    expect([first.spans().length, treeOf(second.spans().map(drawn))]).toEqual([0, tree]);
    undoSecond();
    await routed().invoke({ messages: "Q" });
    expect(first.spans().length).toBe(0);
  });
});

describe("beside OpenInference's instrumentation of LangChain", () => {
  const { tracerProvider, spans, reset } = memoryTraces();
  const theirs = () => {
    reset();
    const instrumentation = new LangChainInstrumentation({ tracerProvider: tracerProvider as never });
    const module = { ...managerModule };
    instrumentation.manuallyInstrument(module as never);
    undone.push(() => {
      Reflect.apply(Reflect.get(instrumentation, "unpatch"), instrumentation, [module]);
      Reflect.set(CallbackManager, "_configureSync", untraced); // `openTelemetry` stands around it, so that it does not find itself
      expect(CallbackManager.configure([])!.handlers).toEqual([]); // other files run in this process
    });
  };
  const roots = () => spans().filter(({ parentSpanContext }) => parentSpanContext === undefined);

  it("is the only one without ours", async () => {
    theirs();
    await routed().invoke({ messages: "Q" });
    expect(roots().map(({ name, instrumentationScope }) => [name, instrumentationScope.name])).toEqual([
      ["createRouter", "@arizeai/openinference-instrumentation-langchain"],
    ]);
  });

  it.each([
    [
      "openTelemetry",
      async () => routed().invoke({ messages: "Q" }, { callbacks: [openTelemetry({ tracerProvider })] }),
    ],
    [
      "instrument, which came later",
      async () => {
        instrumented({ tracerProvider });
        await routed().invoke({ messages: "Q" });
      },
    ],
  ] as const)("gives way to %s: each run, node and call has one span", async (_name, run) => {
    theirs();
    await run();
    expect(treeOf(spans().map(drawn))).toBe(tree);
  });

  it("gives way to instrument that came first", async () => {
    instrumented({ tracerProvider });
    theirs();
    await routed().invoke({ messages: "Q" });
    expect(treeOf(spans().map(drawn))).toBe(tree);
  });
});

describe("without a provider", () => {
  it("a run is as it would be", async () => {
    const run = await routed().invoke({ messages: "Q" }, { callbacks: [openTelemetry()] });
    expect(run.messages.at(-1)!.text).toBe("yes");
  });
});
