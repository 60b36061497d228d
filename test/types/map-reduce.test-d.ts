import { ChatGoogleGenerativeAI } from "@langchain/google-genai";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expectTypeOf, it } from "vitest";
import {
  createExperiment,
  createFallback,
  createMapReduce,
  type MapReduceOptions,
  type PlanWork,
  type ProgressEvent,
  type ReduceAnswers,
} from "../../src/index.js";

const small = new ChatOpenAI({ model: "gpt-4o-mini" });
const large = new ChatGoogleGenerativeAI({ model: "gemini-2.0-flash" });

describe("createMapReduce", () => {
  it("takes models, entries, patterns and functions", () => {
    createMapReduce({ plan: small, worker: { model: small, timeout: 1_000 }, reduce: large });
    createMapReduce({ plan: createFallback({ models: { small } }), worker: small, reduce: large });
    createMapReduce({
      plan: ({ messages }) => messages.map(({ text }) => text),
      worker: small,
      reduce: ({ outputs, items, failures }) => {
        expectTypeOf(outputs[0]!.item).toEqualTypeOf<string>();
        expectTypeOf(failures[0]!.item).toEqualTypeOf<string | undefined>();
        return items.join("\n");
      },
    });
    createMapReduce({
      plan: async () => ["a"],
      worker: small,
      reduce: ({ ask, messages }) => ask(messages, { model: large, returned: true }),
    });
    expectTypeOf<PlanWork>().toExtend<MapReduceOptions["plan"]>();
    expectTypeOf<ReduceAnswers>().toExtend<MapReduceOptions["reduce"]>();
    // @ts-expect-error a worker is a model
    createMapReduce({ plan: small, worker: () => "a", reduce: large });
    // @ts-expect-error items are texts
    createMapReduce({ plan: () => [1], worker: small, reduce: large });
    // @ts-expect-error there is no reduce
    createMapReduce({ plan: small, worker: small });
  });

  it("knows its nodes, and what it publishes", () => {
    const graph = createMapReduce({ plan: small, worker: small, reduce: large });
    graph.addEdge("worker", "plan");
    // @ts-expect-error there is no such node
    graph.addEdge("worker", "aggregator");
    expectTypeOf<ProgressEvent["status"]>().toEqualTypeOf<"ok" | "error">();
  });
});

describe("createExperiment", () => {
  it("wants a weight for each of its models, and for no other", () => {
    createExperiment({ models: { small, large }, weights: { small: 9, large: 1 }, stickyBy: "sessionId", seed: 1 });
    createExperiment({
      models: { small, large },
      weights: { small: 1, large: 1 },
      stickyBy: ({ messages }) => messages[0]?.id,
    });
    // @ts-expect-error `large` has no weight
    createExperiment({ models: { small, large }, weights: { small: 1 } });
    // @ts-expect-error there is no model `tiny`
    createExperiment({ models: { small, large }, weights: { small: 1, large: 1, tiny: 1 } });
    const graph = createExperiment({ models: { small, large }, weights: { small: 1, large: 1 } });
    graph.addEdge("assignment", "large");
    // @ts-expect-error there is no such node
    graph.addEdge("router", "large");
  });
});
