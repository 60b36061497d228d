import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createQualityGate,
  createRouter,
  judgeWith,
  longest,
  synthesizeWith,
} from "../../src/index.js";
import { failWith } from "../../src/testing/index.js";
import { useLoopback } from "../support/use-loopback.js";

const { server, openai } = useLoopback();

describe("nesting three deep", () => {
  const build = () => {
    const vote = createEnsemble({ models: { a: openai("a"), b: openai("b") }, aggregate: synthesizeWith(openai("s")) });
    const gate = createQualityGate({
      model: vote,
      verify: judgeWith(createFallback({ models: { j: openai("judge") } })),
      maxRevisions: 1,
    });
    return createRouter({ models: { gate, other: openai("x") }, route: () => "gate" });
  };

  it("bills every call once, with its path, also under a checkpointer and with a pattern as judge asked twice", async () => {
    server.reply("judge", "Score: 3", "Score: 9");
    const app = build().compile({ checkpointer: new MemorySaver() });
    const result = await app.invoke({ messages: "Hi" }, { configurable: { thread_id: "1" } });
    expect(result.calls.map(({ path }) => path).sort()).toEqual(
      [
        "draft/a",
        "draft/aggregator",
        "draft/b",
        "revise/a",
        "revise/aggregator",
        "revise/b",
        "verifier/j",
        "verifier/j",
      ].map((path) => `gate/${path}`),
    );
    expect(server.requests).toHaveLength(8);
    expect(result).toMatchObject({ modelUsed: "gate/revise/aggregator", confidence: 0.9 });
    expect(result.messages).toHaveLength(2);
  });

  it("asks two nested judges in one node, at once, under a checkpointer", async () => {
    const judge = (name: string) => createFallback({ models: { [name]: openai(name) } });
    const both = check(async ({ ask, messages }) => {
      const answers = await Promise.all(["j1", "j2"].map((name) => ask(messages, { model: judge(name) })));
      return answers.length === 2;
    });
    const graph = createCascade({ models: { a: openai("a") }, verify: both, judgeLast: true }).compile({
      checkpointer: new MemorySaver(),
    });
    const result = await graph.invoke({ messages: "Hi" }, { configurable: { thread_id: "1" } });
    expect(result.calls.map(({ path }) => path)).toEqual(["a", "verifier/j1", "verifier/j2"]);
    expect(result.verdict?.pass).toBe(true);
  });

  it("draws every level", async () => {
    const drawn = await build().compile().getGraphAsync({ xray: true });
    expect(Object.keys(drawn.nodes)).toContain("gate:draft:fan_out");
  });

  it("keeps a failing lane of a nested ensemble from hurting anybody", async () => {
    server.reply("a", failWith.badRequest());
    const inner = createEnsemble({ models: { a: openai("a"), b: openai("b") }, aggregate: longest() });
    const result = await createRouter({ models: { inner }, route: () => "inner" })
      .compile()
      .invoke({ messages: "Hi" });
    expect(result.modelUsed).toBe("inner/b");
  });
});
