import { getEventListeners } from "node:events";
import { FakeListChatModel } from "@langchain/core/utils/testing";
import { MemorySaver } from "@langchain/langgraph";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createEnsemble, createMapReduce, createRouter, majorityVote } from "../../src/index.js";

const model = (answer = "42", sleep = 0) => new FakeListChatModel({ responses: [answer], sleep });
const many = Array.from({ length: 20 }, (_, index) => `n${index}`);
const graphs = {
  ensemble: createEnsemble({
    models: Object.fromEntries(many.map((name) => [name, model(name)])),
    aggregate: majorityVote({ stopEarly: false }),
  }),
  "map-reduce": createMapReduce({
    plan: () => many,
    worker: model(),
    reduce: ({ outputs }) => `${outputs.length} parts`,
    maxItems: many.length,
    concurrency: many.length,
  }),
};
const cases = Object.entries(graphs).flatMap(([name, graph]) => [
  [name, "without LangGraph's loop", graph.compile()] as const,
  [name, "through LangGraph's loop", graph.compile({ checkpointer: new MemorySaver() })] as const,
]);

const input = { messages: "How many?" };

describe("the signal of a run", () => {
  const warnings: Error[] = [];
  const note = (warning: Error) => void warnings.push(warning);
  beforeEach(() => void process.on("warning", note));
  afterEach(() => {
    process.off("warning", note);
    warnings.length = 0;
  });

  it.each(cases)("of %s %s keeps no listener, and Node warns of none", async (_name, _how, graph) => {
    const { signal } = new AbortController();
    for (let run = 0; run < 2; run++) {
      await graph.invoke(input, { signal, configurable: { thread_id: `run ${run}` } });
      for await (const _chunk of await graph.stream(input, { signal, configurable: { thread_id: `stream ${run}` } }));
      expect(getEventListeners(signal, "abort")).toHaveLength(0);
    }
    await new Promise(setImmediate); // warnings are emitted in a later turn
    expect(warnings.map(String)).toEqual([]);
  });

  it("keeps no listener after a stream that is left early, or a run that fails", async () => {
    const { signal } = new AbortController();
    const router = createRouter({ models: { only: model() }, route: () => "only" }).compile();
    for await (const _chunk of await router.stream(input, { signal })) break;
    await expect(router.stream({ messages: [] }, { signal }).then((stream) => stream.next())).rejects.toThrow();
    await expect(router.invoke({ messages: [] }, { signal, callbacks: [] })).rejects.toThrow("no message");
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });

  it("ends a stream at once, with its reason", async () => {
    const controller = new AbortController();
    const router = createRouter({ models: { only: model("late", 60_000) }, route: () => "only" }).compile();
    const reason = new Error("The user has left");
    const reading = (async () => {
      for await (const _chunk of await router.stream(input, { signal: controller.signal, streamMode: "updates" }))
        controller.abort(reason); // after the node that routes
    })();
    await expect(reading).rejects.toBe(reason);
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  it("has fired already for a run that is started too late", async () => {
    const asked = model();
    const router = createRouter({ models: { only: asked }, route: () => "only" }).compile();
    const signal = AbortSignal.abort(new Error("too late"));
    await expect(router.invoke(input, { signal })).rejects.toThrow("too late");
    await expect(router.stream(input, { signal }).then((stream) => stream.next())).rejects.toThrow("too late");
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});
