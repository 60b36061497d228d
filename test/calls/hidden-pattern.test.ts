import type { BaseMessage } from "@langchain/core/messages";
import { MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it, vi } from "vitest";
import { check, createCascade, createEnsemble, createFallback, longest, type Models } from "../../src/index.js";
import { saying } from "../support/fakes.js";

/** Graphs as models: whatever their nodes return, and not only what a chat model streams, is shown by LangGraph. */
const graphs = {
  "a pattern": (answer: string) => createFallback({ models: { inner: saying(answer) } }),
  "a graph of a user's own": (answer: string) =>
    new StateGraph(MessagesAnnotation)
      .addNode("inner", async ({ messages }) => ({ messages: [await saying(answer).invoke(messages)] }))
      .addEdge(START, "inner")
      .compile(),
};

/** Patterns that weigh answers before one is returned. */
const patterns = {
  createEnsemble: (models: Models) => createEnsemble({ models, aggregate: longest() }),
  createCascade: (models: Models) => createCascade({ models, verify: check(({ answer }) => answer.text.length > 5) }),
};

const matrix = Object.entries(graphs).flatMap(([what, graph]) =>
  Object.entries(patterns).map(([name, pattern]) => ({
    ...{ what, name },
    build: () => pattern({ a: graph("short"), b: graph("the longer one") }).compile(),
  })),
);

async function shownBy(build: (typeof matrix)[number]["build"], config: object = {}): Promise<string[]> {
  const shown: string[] = [];
  const options = { streamMode: "messages", subgraphs: true, ...config } as const;
  for await (const [, [message]] of await build().stream({ messages: "Q" }, options))
    shown.push((message as BaseMessage).text);
  return shown.filter((text) => text !== "Q" && text !== "");
}

describe.each(matrix)("$what as a model of $name", ({ build }) => {
  it("shows nothing of an answer that is weighed, and the accepted one once", async () => {
    expect(await shownBy(build)).toEqual(["the longer one"]);
  });

  it("reports all the same to the callbacks of the run", async () => {
    const handleChatModelStart = vi.fn();
    const handleChainEnd = vi.fn();
    await shownBy(build, { callbacks: [{ handleChatModelStart, handleChainEnd }] });
    expect(handleChatModelStart).toHaveBeenCalledTimes(2);
    const names = handleChainEnd.mock.calls.map((call) => JSON.stringify(call[0]));
    expect(names.filter((output) => output.includes("short")).length).toBeGreaterThan(0);
  });
});
