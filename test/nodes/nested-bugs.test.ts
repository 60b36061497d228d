import { AIMessage } from "@langchain/core/messages";
import { RunnableLambda } from "@langchain/core/runnables";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  asChatModel,
  callsOf,
  createCascade,
  createEnsemble,
  createFallback,
  createQualityGate,
  createRouter,
  judgeWith,
  type Model,
  majorityVote,
} from "../../src/index.js";
import { saying } from "../support/fakes.js";

const two = () => ({ x: saying("Score: 2"), y: saying("Score: 2") });
const bug = () => {
  throw new TypeError("Cannot read properties of null (reading 'x')");
};

/** Patterns with a mistake in a function they were given. */
const broken: Readonly<Record<string, readonly [build: () => ReturnType<typeof createFallback>, message: RegExp]>> = {
  "verify returns nothing": [
    () => createCascade({ models: two(), verify: (() => undefined) as never }),
    /verify is undefined/,
  ],
  "verify returns true": [
    () => createQualityGate({ model: saying("Score: 2"), verify: (() => true) as never }),
    /verify is true/,
  ],
  "verify returns a text for an answer": [
    () => createCascade({ models: two(), verify: (() => ({ pass: true, answer: "better" })) as never }),
    /verify\.answer is "better"/,
  ],
  "route names no model": [() => createRouter({ models: two(), route: () => "zzz" as never }), /route chose "zzz"/],
  "route returns a number": [() => createRouter({ models: two(), route: () => 1 as never }), /route/],
  "aggregate returns nothing": [
    () => createEnsemble({ models: two(), aggregate: (() => undefined) as never }),
    /aggregate is undefined/,
  ],
  "normalize returns nothing": [
    () => createEnsemble({ models: two(), aggregate: majorityVote({ normalize: (() => undefined) as never }) }),
    /normalize is undefined/,
  ],
};

const places: Readonly<Record<string, (inner: Model) => { compile(): unknown }>> = {
  "a judge": (inner) => createCascade({ models: { a: saying("A"), b: saying("B") }, verify: judgeWith(inner) }),
  "a judge as a chat model": (inner) =>
    createCascade({ models: { a: saying("A"), b: saying("B") }, verify: judgeWith(asChatModel(inner as never)) }),
  "a model of a chain": (inner) => createFallback({ models: { inner, spare: saying("spare") } }),
  "a lane": (inner) => createEnsemble({ models: { inner, spare: saying("spare") }, aggregate: majorityVote() }),
};

describe("a mistake in a nested pattern", () => {
  for (const [place, around] of Object.entries(places)) {
    it.each(Object.entries(broken))(`ends the run where the pattern is ${place}: %s`, async (_, [build, message]) => {
      const graph = around(build() as Model).compile() as { invoke(input: object): Promise<unknown> };
      const error = await graph.invoke({ messages: "Q" }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).toMatch(message);
    });
  }

  const graphs: Readonly<Record<string, Model>> = {
    "a graph": new StateGraph(MessagesAnnotation).addNode("n", bug).addEdge(START, "n").compile() as unknown as Model,
    "a runnable": RunnableLambda.from(bug) as unknown as Model,
  };
  it.each(Object.entries(graphs))("ends the run where the judge is %s of the user", async (_, judge) => {
    const graph = createCascade({ models: { a: saying("A"), b: saying("B") }, verify: judgeWith(judge) });
    await expect(graph.compile().invoke({ messages: "Q" })).rejects.toThrow("Cannot read properties of null");
  });

  it.each(Object.entries(graphs))("lets the next model answer where a model is %s of the user", async (_, model) => {
    const graph = createFallback({ models: { model, spare: saying("spare") } });
    expect((await graph.compile().invoke({ messages: "Q" })).modelUsed).toBe("spare");
  });

  it("keeps the ledger", async () => {
    const [build] = broken["verify returns nothing"]!;
    const graph = createCascade({ models: { a: saying("A"), b: saying("B") }, verify: judgeWith(build()) });
    const error = await graph
      .compile()
      .invoke({ messages: "Q" })
      .catch((thrown: unknown) => thrown);
    expect(callsOf(error).map(({ path }) => path)).toEqual(["a", "verifier/x"]);
  });
});

describe("an outcome of an aggregate that is none", () => {
  it.each([
    [{ message: new AIMessage("A"), confidence: 1, winner: "zzz" }, /winner is "zzz"; return one of x, y/],
    [{ message: new AIMessage("A"), confidence: Number.NaN }, /confidence is NaN/],
    [{ message: new AIMessage("A"), confidence: 7 }, /confidence is 7; return a number from 0 to 1/],
    [{ message: new AIMessage(""), confidence: 1 }, /an answer in the message/],
    [{ message: "A", confidence: 1 }, /message: AIMessage/],
  ])("is refused by name: %#", async (outcome, message) => {
    const graph = createEnsemble({ models: two(), aggregate: (() => outcome) as never });
    await expect(graph.compile().invoke({ messages: "Q" })).rejects.toThrow(message);
  });
});
