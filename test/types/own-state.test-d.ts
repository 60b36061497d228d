import { ReducedValue, StateSchema } from "@langchain/langgraph";
import { ChatOpenAI } from "@langchain/openai";
import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";
import {
  check,
  createCascade,
  createEnsemble,
  createExperiment,
  createFallback,
  createMapReduce,
  createPipeline,
  createQualityGate,
  createRouter,
  fullHistory,
  judgeWith,
  majorityVote,
  OrchestrationState,
  type Verify,
} from "../../src/index.js";

const model = new ChatOpenAI({ model: "gpt-4o-mini" });
const list = z.array(z.string());
const MyState = new StateSchema({
  ...OrchestrationState.fields,
  customer: z.string(),
  notes: new ReducedValue(
    list.default(() => []),
    { inputSchema: list, reducer: (one, more) => [...one, ...more] },
  ),
});

describe("state", () => {
  it("types turn.state of every strategy", async () => {
    const router = createRouter({
      state: MyState,
      models: { a: model, b: { model, context: ({ state, messages }) => (state.customer === "" ? [] : messages) } },
      route: ({ state }) => {
        expectTypeOf(state.customer).toEqualTypeOf<string>();
        expectTypeOf(state.notes).toEqualTypeOf<string[]>();
        // @ts-expect-error a key the state does not have
        state.custmer;
        return state.customer === "gold" ? "b" : "a";
      },
      verify: ({ state }) => ({ pass: state.notes.length > 0 }),
      context: ({ state, messages }) => (state.customer === "" ? [] : messages),
    });
    const { customer, notes, modelUsed } = await router
      .compile()
      .invoke({ messages: "Hi", customer: "gold", notes: ["new"] });
    expectTypeOf(customer).toEqualTypeOf<string>();
    expectTypeOf(notes).toEqualTypeOf<string[]>();
    expectTypeOf(modelUsed).toEqualTypeOf<string | undefined>();
    // @ts-expect-error no text
    router.compile().invoke({ messages: "Hi", customer: 5 });
    createCascade({ state: MyState, models: { model }, verify: ({ state }) => ({ pass: state.customer !== "" }) });
    createQualityGate({ state: MyState, model, verify: ({ state }) => ({ pass: state.customer !== "" }) });
    createEnsemble({
      state: MyState,
      models: { a: model, b: model },
      aggregate: ({ state, answers }) => ({ message: answers[state.notes.length]!.message, confidence: null }),
    });
    createPipeline({
      state: MyState,
      stages: { plan: model, work: { model, next: ({ state }) => (state.customer === "gold" ? "plan" : undefined) } },
      context: ({ state, messages }) => (state.customer === "" ? [] : messages),
    });
    createMapReduce({
      state: MyState,
      plan: ({ state }) => [state.customer],
      worker: model,
      reduce: ({ state }) => state.customer,
    });
    createFallback({ state: MyState, models: { model } });
    createExperiment({ state: MyState, models: { a: model, b: model }, weights: { a: 1, b: 1 } });
  });

  it("takes the library's strategies, and strategies that name the keys they need", () => {
    createCascade({ state: MyState, models: { model }, verify: judgeWith(model) });
    createEnsemble({ state: MyState, models: { a: model, b: model }, aggregate: majorityVote() });
    createRouter({
      state: MyState,
      models: { a: model },
      route: () => "a",
      context: fullHistory(),
      verify: check(() => true),
    });
    const known: Verify<{ readonly customer: string }> = ({ state }) => ({ pass: state.customer !== "" });
    createCascade({ state: MyState, models: { model }, verify: known });
    // @ts-expect-error the graph's state has no such key
    createCascade({ models: { model }, verify: known });
  });

  it("is refused where it does not spread OrchestrationState.fields", () => {
    // @ts-expect-error it lacks them
    createFallback({ state: new StateSchema({ customer: z.string() }), models: { model } });
  });

  it("is empty for a graph without one", () => {
    createRouter({
      models: { a: model },
      route: ({ state }) => {
        // @ts-expect-error there is none
        state.customer;
        return "a";
      },
    });
  });
});
