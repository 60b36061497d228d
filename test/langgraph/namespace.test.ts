import { FakeListChatModel } from "@langchain/core/utils/testing";
import { type LangGraphRunnableConfig, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { inNamespace, namespaceOf, placeOfGraph, taskLeft, tasksOf } from "../../src/langgraph/namespace.js";

type Node = (state: typeof MessagesAnnotation.State, config: LangGraphRunnableConfig) => Promise<object>;
const graphOf = (name: string, node: Node) =>
  new StateGraph(MessagesAnnotation).addNode(name, node).addEdge(START, name).compile();
/** Runs a node below a node of a graph around it; `seen` is called with the configurations of both. */
const nested = (seen: (config: LangGraphRunnableConfig) => void, inner: Node = async () => ({})) => {
  const below = graphOf("inner", (state, config) => {
    seen(config);
    return inner(state, config);
  });
  return graphOf("outer", async (state, config) => {
    seen(config);
    await below.invoke(state, config);
    return {};
  });
};

describe("LangGraph's namespaces", () => {
  it("hold the ids of the tasks around a node and its own, the last of which `executionInfo` has too", async () => {
    const configs: LangGraphRunnableConfig[] = [];
    await nested((config) => configs.push(config)).invoke({ messages: "Q" });
    const [outer, inner] = configs as [LangGraphRunnableConfig, LangGraphRunnableConfig];
    const ids = [outer, inner].map(({ executionInfo }) => executionInfo!.taskId);
    expect([tasksOf(outer), tasksOf(inner)]).toEqual([[ids[0]], ids]);
    expect(namespaceOf(inner)).toBe(`outer:${ids[0]}|inner:${ids[1]}`);
    expect([placeOfGraph(outer), placeOfGraph(inner)]).toEqual(["", `outer:${ids[0]}`]);
    expect(tasksOf({})).toEqual([]);
  });

  it("are told apart for runs of one graph in one task, by a number that is no task", async () => {
    const configs: LangGraphRunnableConfig[] = [];
    const below = graphOf("inner", async (_state, config) => {
      configs.push(config);
      return {};
    });
    const outer = graphOf("outer", async (state, config) => {
      await below.invoke(state, config);
      await below.invoke(state, config);
      return {};
    });
    await outer.invoke({ messages: "Q" });
    const [first, second] = configs as [LangGraphRunnableConfig, LangGraphRunnableConfig];
    expect(namespaceOf(second)).toMatch(/^outer:[\w-]+\|1\|inner:[\w-]+$/);
    expect(tasksOf(second)).toEqual([tasksOf(first)[0], second.executionInfo!.taskId]);
  });

  it("decide whose tokens are streamed: in that of the node around, a nested model's are shown", async () => {
    const model = new FakeListChatModel({ responses: ["A"] });
    const shown = async (marked: boolean) => {
      const graph = nested(
        () => {},
        async ({ messages }, config) => {
          const outermost = String(namespaceOf(config)).split("|")[0];
          const metadata = { ...config.metadata, ...inNamespace(marked ? outermost : undefined) };
          await model.invoke(messages, { callbacks: config.callbacks, metadata });
          return {};
        },
      );
      const tokens: string[] = [];
      for await (const [token] of await graph.stream({ messages: "Q" }, { streamMode: "messages" }))
        tokens.push(token.text);
      return tokens;
    };
    expect([await shown(false), await shown(true)]).toEqual([[], ["A"]]);
  });

  it("are found in an error: the outermost task it left", async () => {
    const configs: LangGraphRunnableConfig[] = [];
    const graph = nested(
      (config) => configs.push(config),
      () => Promise.reject(new Error("failed")),
    );
    const error = await graph.invoke({ messages: "Q" }).catch((thrown: unknown) => thrown);
    expect(taskLeft(error)).toBe(configs[0]!.executionInfo!.taskId);
    expect([taskLeft(new Error("elsewhere")), taskLeft(undefined), taskLeft(null)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
