import { Annotation, Command, END, MemorySaver, MessagesAnnotation, START, StateGraph } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  check,
  createCascade,
  createEnsemble,
  createFallback,
  createPipeline,
  createRouter,
  longest,
  totalCost,
  untilApproved,
} from "../../src/index.js";
import type { ModelCall } from "../../src/ledger/model-call.js";
import { ledgerTable, type Step, step } from "../../src/notebook/index.js";
import { failWith, startLoopbackServer } from "../../src/testing/index.js";
import { providers } from "../support/clients.js";
import { httpError, saying } from "../support/fakes.js";

const passes = check(({ answer }) => answer.text.startsWith("good"));

async function all(steps: AsyncIterable<Step>): Promise<Step[]> {
  const list: Step[] = [];
  for await (const each of steps) list.push(each);
  return list;
}

describe("step", () => {
  it("gives one step a node, nested ones included, each with all that happened so far", async () => {
    const inner = createCascade({ models: { small: saying("bad"), large: saying("good") }, verify: passes });
    const outer = createRouter({ models: { inner }, route: () => "inner" });
    const steps = await all(step(outer, { messages: "Why?" }));
    expect(steps.map(({ node }) => node)).toEqual([
      "router",
      "inner:small",
      "inner:verifier",
      "inner:large",
      "inner:verifier",
      "inner",
    ]);
    expect(steps.map(({ calls }) => calls.length)).toEqual([0, 1, 1, 2, 2, 2]);
    expect(steps.at(-1)!.decisions.map(({ kind }) => kind)).toEqual(["route", "escalate", "accept"]);
    expect(steps.at(-1)!.visited.at(-1)).toBe("__end__");
    expect(steps.at(-1)!.update.messages!.at(-1)!.text).toBe("good");
    expect(steps[0]!.visited).toEqual(["__start__", "router"]);
  });

  it("ends at an interrupt with what the run waits for, and goes on from there", async () => {
    const small = saying("bad");
    const large = saying("good");
    const graph = createCascade({ models: { small, large }, verify: passes }).compile({
      checkpointer: new MemorySaver(),
      interruptBefore: ["large"],
    });
    const config = { configurable: { thread_id: "1" } };
    const first = await all(step(graph, { messages: "Why?" }, config));
    expect(first.map(({ node }) => node)).toEqual(["small", "verifier", "__interrupt__"]);
    expect(first.at(-1)!.visited).not.toContain("__end__");
    expect(large.callCount).toBe(0);
    const rest = await all(step(graph, new Command({ resume: true }), config));
    expect(rest.map(({ node }) => node)).toEqual(["large", "verifier"]);
    expect([small.callCount, large.callCount]).toEqual([1, 1]);
  });

  it("gives every decision, also one that is equal to one before", async () => {
    const reviewer = () => saying("Not approved: no.", "Not approved: no.", "Approved.");
    const pipeline = () =>
      createPipeline({
        stages: { write: saying("a", "a", "a"), review: { model: reviewer(), next: untilApproved("write") } },
      });
    const kinds = ["revise", "revise", "accept"];
    const { decisions } = await pipeline().compile().invoke({ messages: "Why?" });
    expect(decisions.map(({ kind }) => kind)).toEqual(kinds);
    expect((await all(step(pipeline(), { messages: "Why?" }))).at(-1)!.decisions).toEqual(decisions);
    const outer = createRouter({ models: { inner: pipeline() }, route: () => "inner" });
    const nested = await all(step(outer, { messages: "Why?" }));
    expect(nested.at(-1)!.decisions.map(({ kind }) => kind)).toEqual(["route", ...kinds]);
  });

  it("goes on after a pause with all that the turn did before it, through real clients, on a second turn too", async () => {
    await using server = await startLoopbackServer();
    server.reply("gpt-4o-mini", "bad");
    server.reply("gpt-4o", "good");
    const small = providers.ChatOpenAI(server, "gpt-4o-mini");
    const large = providers.ChatOpenAI(server, "gpt-4o");
    const inner = createCascade({ models: { small, large }, verify: passes });
    const graph = createRouter({
      models: { inner: inner.compile({ interruptBefore: ["large"] }) },
      route: () => "inner",
    }).compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" } };
    for (const question of ["Why?", "And then?"]) {
      await all(step(graph, { messages: question }, config));
      const after = await all(step(graph, null, config));
      expect(after.map(({ node }) => node)).toEqual(["inner:large", "inner:verifier", "inner"]);
      const { values } = await graph.getState(config);
      const { visited, decisions, calls } = after.at(-1)!;
      expect(decisions).toEqual(values.decisions);
      expect(calls).toEqual(values.calls);
      expect(totalCost(calls)).toBeGreaterThan(0);
      expect(after[0]!.calls).toHaveLength(2);
      const before = ["__start__", "router", "inner:small", "inner:verifier"];
      expect(visited).toEqual([...before, "inner:large", "inner:verifier", "inner", "__end__"]);
    }
  });

  it("knows the lanes that were done beside one that paused, and gives them no second step", async () => {
    const lane = createCascade({ models: { small: saying("bad"), large: saying("good") }, verify: passes });
    const models = { plain: saying("a plain one"), left: lane.compile({ interruptBefore: ["large"] }) };
    const graph = createEnsemble({ models, aggregate: longest() }).compile({ checkpointer: new MemorySaver() });
    const config = { configurable: { thread_id: "1" } };
    await all(step(graph, { messages: "Why?" }, config));
    const after = await all(step(graph, null, config));
    expect(after.map(({ node }) => node)).toEqual(["left:large", "left:verifier", "left", "aggregator"]);
    expect(after.at(-1)!.visited.toSorted()).toEqual(
      [
        "__start__",
        "fan_out",
        "plain",
        "left:small",
        "left:verifier",
        "left:large",
        "left:verifier",
        "left",
        "aggregator",
        "__end__",
      ].toSorted(),
    );
    expect(after.at(-1)!.calls).toHaveLength(3);
  });

  it.each([
    ["text", 5],
    [5, [null]],
    [null, null],
    [{ a: 1 }, [{}, {}]],
  ])("leaves alone what another graph calls decisions (%j) and calls (%j)", async (decisions, calls) => {
    const Foreign = Annotation.Root({
      ...MessagesAnnotation.spec,
      decisions: Annotation<unknown>(),
      calls: Annotation<unknown>(),
    });
    const graph = new StateGraph(Foreign)
      .addNode("only", () => ({ decisions, calls }))
      .addEdge(START, "only")
      .addEdge("only", END);
    expect(await all(step(graph, { messages: "Hi" }))).toMatchObject([{ node: "only", decisions: [], calls: [] }]);
  });

  it("aborts the run when the loop is left, and the provider sees it", async () => {
    await using server = await startLoopbackServer();
    server.reply("slow", failWith.hang());
    const models = { first: saying(httpError(401)), slow: providers.ChatOpenAI(server, "slow") };
    for await (const { node } of step(createFallback({ models }), { messages: "Hi" })) {
      expect(node).toBe("first");
      await server.received(1);
      break;
    }
    await server.settled();
    expect(server.requests[0]).toMatchObject({ aborted: true });
  });
});

describe("ledgerTable", () => {
  it("has a line for each call and the total, and keeps markup in names as text", async () => {
    const graph = createFallback({
      models: { first: saying(httpError(401, "<b>no</b>")), backup: saying("here") },
    }).compile();
    const { calls } = await graph.invoke({ messages: "Hi" });
    const html = ledgerTable([{ ...calls[0]!, model: "<script>" }, calls[1]!]);
    expect(html.match(/<tr>/g)).toHaveLength(4);
    expect(html).toContain("error: authentication");
    expect(html).toContain("&lt;script&gt;");
    expect(totalCost(calls)).toBeNull();
    expect(html).toContain("unknown");
    expect(ledgerTable(calls, { latency: false })).not.toContain(">ms<");
  });

  it("marks the call that gave the answer of a state, in words for who does not see it", async () => {
    const graph = createFallback({ models: { first: saying(httpError(401)), backup: saying("here") } }).compile();
    const state = await graph.invoke({ messages: "Hi" });
    const [row, ...others] = ledgerTable(state).match(/<tr .*?<\/td>/g)!;
    expect(row).toMatch(/title="gave the answer"><td[^>]*>→ backup<\/td>$/);
    expect(others).toEqual([]);
    expect(ledgerTable(state.calls)).not.toContain("→");
  });

  it("tells what is not known from nothing, what is estimated from what was measured, and a low price from none", () => {
    const call = { id: "1", turnId: "t", path: "a", node: "a", model: "m", role: "answer", status: "ok" } as const;
    const cellsOf = (more: Partial<ModelCall>) =>
      [
        ...ledgerTable([{ ...call, attempt: 1, startedAt: 0, latencyMs: 1, costUsd: 0, ...more }])
          .match(/<tbody>(.*)<\/tbody>/)![1]!
          .matchAll(/right">([^<]*)</g),
      ].map(([, text]) => text);
    expect(cellsOf({})).toEqual(["–", "–", "0.000000", "–", "1"]);
    const usage = { inputTokens: 12, outputTokens: 3 };
    expect(cellsOf({ usage, costUsd: 0.00000033 })).toEqual(["12", "3", "0.00000033", "100", "1"]);
    expect(cellsOf({ usage, costUsd: 0.5, estimated: true })).toEqual(["~12", "~3", "~0.500000", "100", "1"]);
    expect(cellsOf({ status: "error" })).toEqual(["–", "–", "–", "–", "1"]); // not billed
  });
});
