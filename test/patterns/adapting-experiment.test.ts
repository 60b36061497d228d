import { AIMessage } from "@langchain/core/messages";
import { MemorySaver } from "@langchain/langgraph";
import { describe, expect, it } from "vitest";
import {
  type Adapt,
  asChatModel,
  check,
  createExperiment,
  createFallback,
  createRouter,
  explain,
  InvalidOptionError,
  judgeWith,
  type RewardTurn,
  thompson,
} from "../../src/index.js";
import { httpError, saying, shapeOf } from "../support/fakes.js";

const forever = (text: string) => saying(...Array<string>(60).fill(text));
const both = () => ({ a: forever("A"), b: forever("B") });
const weights = { a: 1, b: 1 };
const isB = ({ answer }: RewardTurn) => answer.text === "B";

describe("createExperiment › adapt", () => {
  it("has a node that scores, where a reward is given", () => {
    expect(shapeOf(createExperiment({ models: both(), weights, adapt: thompson({ reward: isB }) }))).toEqual([
      "__start__ → assignment",
      "a ⇢ __end__",
      "a ⇢ assignment",
      "a ⇢ score",
      "assignment ⇢ a",
      "assignment ⇢ b",
      "b ⇢ __end__",
      "b ⇢ assignment",
      "b ⇢ score",
      "score → __end__",
    ]);
    expect(shapeOf(createExperiment({ models: both(), weights, adapt: thompson() }))).toEqual(
      shapeOf(createExperiment({ models: both(), weights })),
    );
  });

  it("moves the traffic to the variant that is rewarded, and stops", async () => {
    const models = both();
    const adapt = thompson({ reward: isB, least: 3, stop: { margin: 0.1, confidence: 0.9999 } });
    const graph = createExperiment({ models, weights, seed: 1, adapt }).compile();
    for (let run = 0; run < 59 && adapt.state().winner === undefined; run++) await graph.invoke({ messages: "Hi" });
    expect(adapt.state().winner).toBe("b");
    expect(models.b.callCount).toBeGreaterThan(models.a.callCount);
    const { decisions, messages } = await graph.invoke({ messages: "Hi" });
    expect(decisions).toMatchObject([
      {
        node: "assignment",
        kind: "route",
        chosen: "b",
        scores: { a: 0, b: 1 },
        reason: expect.stringMatching(
          /^the experiment has stopped: b is within 0\.1 of the best .*\(a 0 of \d+, b 1 of \d+\)$/,
        ),
      },
      { node: "score", kind: "score", chosen: "b", scores: { b: 1 } },
    ]);
    expect(messages.map(({ type }) => type)).toEqual(["human", "ai"]);
  });

  it("repeats its draws with a seed", async () => {
    const drawnBy = async () => {
      const graph = createExperiment({ models: both(), weights, seed: 7, adapt: thompson({ reward: isB }) }).compile();
      const routes: (string | undefined)[] = [];
      for (let run = 0; run < 40; run++) routes.push((await graph.invoke({ messages: "Hi" })).route);
      return routes;
    };
    expect(await drawnBy()).toEqual(await drawnBy());
  });

  it("gives the reward what a verifier sees, and the calls of the answer", async () => {
    const seen: RewardTurn[] = [];
    const reward = async (turn: RewardTurn) => {
      seen.push(turn);
      return 0.5;
    };
    const graph = createExperiment({ models: { a: saying("A") }, weights: { a: 1 }, adapt: thompson({ reward }) });
    const { turnId, calls } = await graph.compile().invoke({ messages: "Hi" });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      runId: turnId,
      name: "a",
      calls: [{ id: calls[0]!.id }],
      answer: { content: "A" },
    });
    expect(seen[0]!.messages.map(({ text }) => text)).toEqual(["Hi"]);
  });

  it("takes a judge for a reward, which is in the ledger", async () => {
    const adapt = thompson({ reward: judgeWith(saying("Fine.\nScore: 8")) });
    const graph = createExperiment({ models: { a: saying("A") }, weights: { a: 1 }, adapt }).compile();
    const { calls } = await graph.invoke({ messages: "Hi" });
    expect(calls.map(({ role, path }) => [role, path])).toEqual([
      ["answer", "a"],
      ["judge", "score"],
    ]);
    expect(adapt.state().variants).toEqual({ a: { count: 1, sum: 0.8 } });
  });

  it.each([
    ["no score", saying("I cannot say.")],
    ["a failure", { model: saying(httpError(400)), retry: false } as const],
  ])("leaves the answer without a reward after %s of its judge", async (_, judge) => {
    const adapt = thompson({ reward: judgeWith(judge) });
    const graph = createExperiment({ models: { a: saying("A") }, weights: { a: 1 }, adapt }).compile();
    const { messages, decisions } = await graph.invoke({ messages: "Hi" });
    expect(messages.at(-1)!.text).toBe("A");
    expect(decisions.some(({ kind }) => kind === "score")).toBe(false);
    expect(adapt.state().variants).toEqual({});
  });

  it("takes a rule for a reward, and refuses what is no reward", async () => {
    const adapt = thompson({ reward: check(({ answer }) => answer.text === "A") });
    const once = (reward: Parameters<typeof thompson>[0]) =>
      createExperiment({ models: { a: saying("A") }, weights: { a: 1 }, adapt: thompson(reward) })
        .compile()
        .invoke({ messages: "Hi" });
    await createExperiment({ models: { a: saying("A") }, weights: { a: 1 }, adapt })
      .compile()
      .invoke({ messages: "Hi" });
    expect(adapt.state().variants).toEqual({ a: { count: 1, sum: 1 } });
    await expect(once({ reward: () => 3 })).rejects.toThrow(
      /return a number from 0 to 1, a boolean, a verdict, or undefined/,
    );
    await expect(once({ reward: () => "good" as never })).rejects.toThrow(InvalidOptionError);
  });

  it("is rewarded later, by the id of the run", async () => {
    const adapt = thompson();
    const graph = createExperiment({ models: both(), weights, seed: 3, adapt }).compile();
    const { turnId, route } = await graph.invoke({ messages: "Hi" });
    expect(adapt.reward(turnId!, 1)).toBe(true);
    expect(adapt.state().variants).toEqual({ [route!]: { count: 1, sum: 1 } });
  });

  it("counts a variant that failed as 0, and rewards the one that answered in its place", async () => {
    const adapt = thompson();
    const models = { a: { model: saying(httpError(401)), retry: false } as const, b: saying("B") };
    const graph = createExperiment({ models, weights: { a: 1e9, b: 1 }, adapt }).compile();
    const { turnId, modelUsed } = await graph.invoke({ messages: "Hi" });
    expect([modelUsed, adapt.reward(turnId!, 1)]).toEqual(["b", true]);
    expect(adapt.state().variants).toEqual({ a: { count: 1, sum: 0 }, b: { count: 1, sum: 1 } });
  });

  it("rewards no variant for the answer of the fallback", async () => {
    const adapt = thompson({ reward: () => 1 });
    const models = { a: { model: saying(httpError(401)), retry: false } as const };
    const graph = createExperiment({ models, weights: { a: 1 }, fallback: saying("F"), adapt }).compile();
    const { turnId, messages } = await graph.invoke({ messages: "Hi" });
    expect([messages.at(-1)!.text, adapt.reward(turnId!, 1)]).toEqual(["F", false]);
    expect(adapt.state().variants).toEqual({ a: { count: 1, sum: 0 } });
  });

  it("counts the failure of a run that ends without an answer, and not a request that is refused", async () => {
    const failing = async (status: number) => {
      const adapt = thompson();
      const a = { model: saying(httpError(status)), retry: false } as const;
      const graph = createExperiment({ models: { a }, weights: { a: 1 }, adapt }).compile();
      await expect(graph.invoke({ messages: "Hi" })).rejects.toThrow();
      return adapt.state().variants;
    };
    expect(await failing(401)).toEqual({ a: { count: 1, sum: 0 } });
    expect(await failing(400)).toEqual({});
  });

  it("keeps the variant of a key as the shares move, until the experiment stops", async () => {
    const models = both();
    const adapt = thompson({ stop: { margin: 0.1 }, least: 1 });
    const graph = createExperiment({ models, weights, stickyBy: "userId", seed: 1, adapt }).compile();
    const route = async (userId: string) =>
      (await graph.invoke({ messages: "Hi" }, { context: { userId } as never })).route;
    const users = ["u1", "u2", "u3", "u4", "u5", "u6"];
    const first = await Promise.all(users.map(route));
    expect(new Set(first)).toEqual(new Set(["a", "b"]));
    const good = (name: string, scores: readonly number[]) => {
      for (const [index, score] of scores.entries()) {
        adapt.assign(`${name} ${index} ${score}`, name);
        adapt.reward(`${name} ${index} ${score}`, score);
      }
    };
    good("a", [1, 1, 1, 1]);
    good("b", [0, 0, 0, 1]);
    expect(await Promise.all(users.map(route))).toEqual(first);
    good("a", Array<number>(90).fill(1));
    good("b", Array<number>(90).fill(0));
    expect(await Promise.all(users.map(route))).toEqual(users.map(() => "a"));
  });

  it("explains the shares, and learns nothing from it", async () => {
    const adapt = thompson({ reward: isB, least: 1, floor: 0.25 });
    const models = both();
    const graph = createExperiment({ models, weights, adapt });
    for (const [name, score] of [
      ["a", 0],
      ["b", 1],
    ] as const) {
      adapt.assign(name, name);
      adapt.reward(name, score);
    }
    const before = adapt.state();
    const { order } = await explain(graph, "Hi");
    const shares = Object.fromEntries(order.map(({ name, share }) => [name, share]));
    expect(shares.a! + shares.b!).toBeCloseTo(1, 4);
    expect(shares.b).toBeGreaterThan(0.6);
    expect(shares.a).toBeGreaterThanOrEqual(0.25);
    expect([adapt.state(), models.a.callCount]).toEqual([before, 0]);
  });

  it("returns the answer unscored where no step is left to score it", async () => {
    const adapt = thompson({ reward: () => 1 });
    const models = { a: { model: saying(httpError(401)), retry: false } as const, b: forever("B") };
    const graph = createExperiment({ models, weights: { a: 1e9, b: 1 }, adapt }).compile();
    const short = await graph.invoke({ messages: "Hi" }, { recursionLimit: 5 });
    expect([short.messages.at(-1)!.text, short.next, adapt.state().variants.b]).toEqual(["B", undefined, undefined]);
    const enough = await graph.invoke({ messages: "Hi" }, { recursionLimit: 6 });
    expect([enough.modelUsed, enough.next, adapt.state().variants.b]).toEqual(["b", undefined, { count: 1, sum: 1 }]);
  });

  it("does not score a step that calls tools", async () => {
    const step = { name: "look", args: {}, id: "1", type: "tool_call" as const };
    const adapt = thompson({ reward: () => 1 });
    const a = saying(new AIMessage({ content: "", tool_calls: [step] }));
    const graph = createExperiment({ models: { a }, weights: { a: 1 }, adapt });
    const look = { type: "function", function: { name: "look", parameters: { type: "object", properties: {} } } };
    const { tool_calls } = await asChatModel(graph).bindTools!([look]).invoke("Hi");
    expect([tool_calls, adapt.state().variants]).toMatchObject([[{ name: "look" }], {}]);
  });

  it("learns within another pattern, over threads and streams", async () => {
    const adapt = thompson({ reward: isB });
    const chat = createExperiment({ models: { b: forever("B") }, weights: { b: 1 }, adapt });
    const graph = createRouter({ models: { chat, other: saying() }, route: () => "chat" }).compile({
      checkpointer: new MemorySaver(),
    });
    const config = { configurable: { thread_id: "1" } };
    const { decisions } = await graph.invoke({ messages: "Hi" }, config);
    expect(decisions.find(({ kind }) => kind === "score")).toMatchObject({ node: "chat/score", scores: { b: 1 } });
    for await (const _ of await graph.stream({ messages: "And?" }, { ...config, streamMode: "messages" }));
    expect(adapt.state().variants).toEqual({ b: { count: 2, sum: 2 } });
  });

  it("takes an adapt of your own, and refuses half of one", async () => {
    const noted: string[] = [];
    const adapt: Adapt = {
      begin: (variants) => void noted.push(`begin ${variants.join()}`),
      shares: () => ({ shares: { b: 1 }, reason: "b is mine" }),
      assign: (_, variant) => void noted.push(`assign ${variant}`),
      fail: (_, variant) => void noted.push(`fail ${variant}`),
      reward: () => true,
    };
    const graph = createExperiment({ models: both(), weights, adapt }).compile();
    const { route, decisions } = await graph.invoke({ messages: "Hi" });
    expect([route, decisions[0]!.reason, noted]).toEqual(["b", "b is mine", ["begin a,b", "assign b"]]);
    const none: Adapt = { ...adapt, shares: () => ({ shares: { a: 0, c: 1 }, reason: "" }) };
    await expect(
      createExperiment({ models: both(), weights, adapt: none }).compile().invoke({ messages: "Hi" }),
    ).rejects.toThrow(/createExperiment\.adapt\.shares .*it must return \{ shares, reason \}/);
    const half = { ...adapt, reward: undefined } as never;
    expect(() => createExperiment({ models: both(), weights, adapt: half })).toThrow(/adapt .*it has no reward/);
    expect(() => createExperiment({ models: both(), weights, adapt: thompson as never })).toThrow(
      /call it, thompson\(\{ reward \}\)/,
    );
  });

  it("has the names of its nodes to itself where they are", () => {
    const models = { score: saying("A") };
    expect(() => createExperiment({ models, weights: { score: 1 }, adapt: thompson({ reward: () => 1 }) })).toThrow(
      /score/,
    );
    expect(() => createExperiment({ models, weights: { score: 1 } })).not.toThrow();
    expect(() => createFallback({ models })).not.toThrow();
  });
});
