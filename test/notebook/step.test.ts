import { Command, MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import { check, createCascade, createFallback, createRouter, totalCost } from "../../src/index.js";
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
});
