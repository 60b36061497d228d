import * as langgraph from "@langchain/langgraph";
import {
  Command,
  EmptyChannelError,
  EmptyInputError,
  GraphDrained,
  GraphInterrupt,
  GraphRecursionError,
  GraphValueError,
  InvalidUpdateError,
  MultipleSubgraphsError,
  NodeInterrupt,
  NodeTimeoutError,
  ParentCommand,
  RemoteException,
  StateGraphInputError,
  UnknownInterruptError,
  UnreachableNodeError,
} from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { classifyError, ModelCallError } from "../../src/index.js";
import { belongsToGraph, errorCode, lacksCheckpointer } from "../../src/langgraph/graph-errors.js";
import { httpError } from "../support/fakes.js";

const itsOwn = {
  GraphInterrupt: new GraphInterrupt([]),
  NodeInterrupt: new NodeInterrupt("why"),
  GraphDrained: new GraphDrained("shutdown"),
  ParentCommand: new ParentCommand(new Command({ goto: "a" })),
  GraphRecursionError: new GraphRecursionError("Recursion limit of 25 reached", {
    lc_error_code: "GRAPH_RECURSION_LIMIT",
  }),
  GraphValueError: new GraphValueError("No checkpointer set", { lc_error_code: "MISSING_CHECKPOINTER" }),
  InvalidUpdateError: new InvalidUpdateError("twice", { lc_error_code: "INVALID_CONCURRENT_GRAPH_UPDATE" }),
  EmptyInputError: new EmptyInputError("nothing"),
  EmptyChannelError: new EmptyChannelError("nothing"),
  UnknownInterruptError: new UnknownInterruptError("which", { reason: "ambiguous" }),
  UnreachableNodeError: new UnreachableNodeError("nowhere"),
  MultipleSubgraphsError: new MultipleSubgraphsError("two"),
  StateGraphInputError: new StateGraphInputError("what"),
};
/** They fail as a call does: a remote graph that is down, a node that is too slow. */
const calls = {
  RemoteException: new RemoteException("down"),
  NodeTimeoutError: new NodeTimeoutError({ node: "a", elapsed: 2, kind: "run", runTimeout: 1 }),
};
/** Parents of the others, which are never thrown themselves, and data. */
const none = ["BaseLangGraphError", "GraphBubbleUp", "NodeError"];

describe("belongsToGraph", () => {
  it("knows every error LangGraph exports", () => {
    const exported = Object.entries(langgraph).flatMap(([name, value]) => {
      const isError = typeof value === "function" && value.prototype instanceof Error;
      return isError || name === "NodeError" ? [name] : [];
    });
    expect(exported.sort()).toEqual([...Object.keys(itsOwn), ...Object.keys(calls), ...none].sort());
  });

  it.each(Object.entries(itsOwn))("is true for %s, which no model failed with", (_name, error) => {
    expect(belongsToGraph(error)).toBe(true);
    expect(classifyError(error)).toEqual({ class: "interrupt", retryable: false, movesOn: false });
  });

  it.each(Object.entries(itsOwn).slice(4))(
    "finds %s of another copy, behind what wraps it and beside others",
    (_name, error) => {
      const { name, message } = error;
      const foreign = Object.assign(new Error(message), { name, lc_error_code: undefined });
      const wrapped = new Error("MiddlewareError", { cause: new Error("inner", { cause: foreign }) });
      for (const each of [foreign, wrapped, new AggregateError([new Error("other"), foreign])])
        expect(belongsToGraph(each)).toBe(true);
    },
  );

  it.each([
    "Called interrupt() outside the context of a graph.",
    "Cannot use Command(resume=...) without checkpointer",
    "checkpointer: true cannot be used for root graphs.",
    'Failed to put checkpoint. The passed RunnableConfig is missing a required "thread_id" field in its "configurable" property.',
    'Checkpointer requires one or more of the following "configurable" keys: "thread_id"',
    'Passed "recursionLimit" must be at least 1.',
  ])("is true for the plain error %j", (message) => expect(belongsToGraph(new Error(message))).toBe(true));

  it.each([
    ...Object.values(calls),
    httpError(500),
    httpError(404, "No checkpointer set"),
    Object.assign(new Error("bad"), { name: "EmptyInputError" }),
    new TypeError("fetch failed"),
    new ModelCallError({ path: "a", class: "server", cause: undefined, reason: "down", movesOn: true }),
    new AggregateError([httpError(500), httpError(429)]),
    undefined,
    null,
    "GraphRecursionError",
    { name: "GraphRecursionError" },
  ])("is false for what a call fails with: %s", (error) => expect(belongsToGraph(error)).toBe(false));

  it("comes to an end with errors that hold themselves, or cannot be read", () => {
    const circle: Error & { errors?: unknown[] } = new Error("circle");
    circle.cause = circle;
    circle.errors = Array(100).fill(circle);
    const hostile = Object.defineProperty(new Error("x"), "cause", {
      get: () => {
        throw new Error("no");
      },
    });
    expect([belongsToGraph(circle), belongsToGraph(hostile)]).toEqual([false, false]);
  });
});

describe("lacksCheckpointer", () => {
  it("is true for what a run that would pause ends in, and for no other end", async () => {
    const endOf = (node: () => object) =>
      new langgraph.StateGraph(langgraph.MessagesAnnotation)
        .addNode("node", node)
        .addEdge(langgraph.START, "node")
        .compile()
        .invoke({ messages: "Q" })
        .catch((error: unknown) => error);
    const paused = await endOf(() => ({ messages: [String(langgraph.interrupt("Continue?"))] }));
    expect([lacksCheckpointer(paused), errorCode(paused as Error)]).toEqual([true, "MISSING_CHECKPOINTER"]);
    const others = [await endOf(() => Promise.reject(new Error("failed"))), httpError(500), undefined, null, "text"];
    expect(others.map(lacksCheckpointer)).toEqual(others.map(() => false));
  });
});
